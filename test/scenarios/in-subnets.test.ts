// A slice of the suite with the nodes in subnets: clients that follow failovers, slots and planned changes, replaced
// addresses, the second walkthrough, faults. Any other file is run so by `MILLPOND_NETWORK=subnets npm run test:faults --
// FILE…`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startCommand } from '../support/command.ts';
import { WITHOUT_SUBNETS } from '../support/networks.ts';

interface Slice {
  file: string;
  /** The tests of the file, as a regular expression; all when absent. */
  tests?: string;
}

const SLICES: Slice[] = [
  { file: 'conformance/elasticache-go-java-clients' },
  { file: 'conformance/elasticache-redis-clients', tests: 'follow the primary name' },
  { file: 'conformance/elasticache-planned-changes', tests: 'cluster mode off' },
  { file: 'conformance/elasticache-replaced-addresses', tests: 'that was failed over|starts anew' },
  { file: 'scenarios/walkthrough-2' },
  { file: 'scenarios/fault-slice' },
];

const LIMIT_MS = 600_000;
const WITHOUT_ROOT = process.getuid?.() !== 0 && 'needs root, for a network namespace of the test’s own';

for (const { file, tests } of SLICES) {
  test(`${file} in subnets`, { skip: WITHOUT_SUBNETS || WITHOUT_ROOT }, async (t) => {
    const runner = JSON.stringify(new URL('../../scripts/test-runner.ts', import.meta.url).href);
    const options = { concurrency: 1, totalTimeoutMs: LIMIT_MS, ...(tests && { namePattern: tests }) };
    const program = `
      const { runTests } = await import(${runner});
      process.exit(await runTests(['test/${file}.test.ts'], ${JSON.stringify(options)}));`;
    const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program];
    // Node's runner takes a run inside of a run for none.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const running = startCommand(flags, [], { env: { ...env, MILLPOND_NETWORK: 'subnets' } });
    t.after(() => running.child.kill());
    const { code, stdout, stderr } = await running.ended;
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^ℹ pass [1-9]/m);
  });
}
