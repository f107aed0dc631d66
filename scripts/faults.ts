// The fault suite: kills and stops real processes and checks the invariants all the time. Slower than the gate and not
// part of it. `npm run test:faults [-- FILE…]`.

import { runTests, testFiles } from './test-runner.ts';

const MINUTE_MS = 60_000;

const named = process.argv.slice(2);
const files = named.length > 0 ? named : testFiles(['test/faults']);
if (files.length === 0) {
  console.error('There are no fault tests under test/faults.');
  process.exit(1);
}
process.exit(
  // One at a time, because they measure recovery times.
  await runTests(files, { concurrency: 1, totalTimeoutMs: 60 * MINUTE_MS }),
);
