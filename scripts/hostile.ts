// Sends all hostile inputs to a whole Millpond. Prints how many were tried and refused, how many were server errors
// (none may be), and the longest stall of the event loop. `npm run test:hostile [-- FILE…]`. MILLPOND_HOSTILE_RECORDS
// sets how many records of each kind are created and listed; 1,000 by default.

import { runSlowSuite } from './test-runner.ts';

process.env.MILLPOND_HOSTILE = 'whole';
process.exit(await runSlowSuite('test/hostile'));
