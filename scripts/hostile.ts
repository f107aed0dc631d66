// Sends all hostile inputs to a whole Millpond. Prints how many were tried and refused, how many were server errors
// (none may be), and the longest stall of the event loop. `npm run test:hostile [-- FILE…]`. MILLPOND_HOSTILE_RECORDS
// sets how many records of each kind are created and listed; 1,000 by default.

import { runTests, testFiles } from './test-runner.ts';

const MINUTE_MS = 60_000;

process.env.MILLPOND_HOSTILE = 'whole';
const named = process.argv.slice(2);
process.exit(
  await runTests(named.length > 0 ? named : testFiles(['test/hostile']), {
    concurrency: 1,
    totalTimeoutMs: 60 * MINUTE_MS,
  }),
);
