// The fault suite: kills and stops real processes and checks the invariants all the time. Slower than the gate and not
// part of it. `npm run test:faults [-- FILE…]`.

import { runSlowSuite } from './test-runner.ts';

process.exit(await runSlowSuite('test/faults'));
