// The gate for developers and for CI: format and lint, types, walls, tests. Stops at the first stage that fails. `npm
// run check -- types walls` runs only the named stages.

import { styleText } from 'node:util';
import { run, runTests, testFiles } from './test-runner.ts';

const MINUTE_MS = 60_000;

const STAGES: Record<string, () => Promise<number>> = {
  lint: () => run('node_modules/.bin/biome', ['check', '--error-on-warnings'], 2 * MINUTE_MS),
  types: async () =>
    (await run('node_modules/.bin/tsc', ['-p', '.'], 3 * MINUTE_MS)) ||
    (await run('node_modules/.bin/tsc', ['-p', 'console'], 3 * MINUTE_MS)),
  walls: () => runTests(['test/walls.test.ts'], { concurrency: 1, totalTimeoutMs: MINUTE_MS }),
  tests: () =>
    runTests(testFiles(['src', 'console', 'test'], 'test/faults/').filter(isNotTheWalls), {
      concurrency: 2,
      totalTimeoutMs: 60 * MINUTE_MS,
    }),
};

const isNotTheWalls = (file: string) => file !== 'test/walls.test.ts';

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(STAGES, name));
if (unknown) {
  console.error(`There is no stage ${unknown}; the stages are ${Object.keys(STAGES).join(', ')}.`);
  process.exit(2);
}

const report: string[] = [];
let failed: string | undefined;
for (const [name, stage] of Object.entries(STAGES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(styleText('bold', `— ${name}`));
  const startedAt = performance.now();
  const code = await stage();
  report.push(
    `${name} ${code === 0 ? 'ok' : 'failed'} ${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
  );
  if (code !== 0) {
    failed = name;
    break;
  }
}
console.log(`\ncheck: ${report.join(', ')}`);
process.exit(failed ? 1 : 0);
