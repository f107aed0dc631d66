// Where CI=true a skipped test fails the run, whatever skipped it, unless its reason is on the list and true here.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type AllowedSkip, forbiddenSkips } from '../scripts/allowed-skips.ts';
import { startCommand } from './support/command.ts';

/** Runs one test file through the project's test runner. */
async function runFile(t: TestContext, source: string, CI: string) {
  const folder = mkdtempSync(join(tmpdir(), 'millpond-skips-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'some.test.mjs');
  writeFileSync(file, `import { describe, it } from 'node:test';\n${source}`);
  const runner = JSON.stringify(new URL('../scripts/test-runner.ts', import.meta.url).href);
  const program = `
    const { runTests } = await import(${runner});
    process.exit(await runTests([${JSON.stringify(file)}], { concurrency: 1, totalTimeoutMs: 60_000 }));`;
  // Node's runner takes a run inside of a run for none.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program];
  return startCommand(flags, [], { env: { ...env, CI } }).ended;
}

const SKIPPED = {
  'by an option': `it('deliberate', { skip: 'redis-cli is not installed' }, () => {});`,
  'by itself': `it('deliberate', (context) => context.skip('redis-cli is not installed'));`,
  'as a suite': `describe('deliberate', { skip: 'redis-cli is not installed' }, () => { it('inner', () => {}); });`,
  'without a reason': `it.skip('deliberate', () => {});`,
  'as to be done': `it.todo('deliberate');`,
};

for (const [way, source] of Object.entries(SKIPPED)) {
  test(`skipped ${way}`, async (t) => {
    const { code, stderr } = await runFile(t, `it('runs', () => {});\n${source}`, 'true');
    assert.equal(code, 1, stderr);
    const reason = source.includes('redis-cli') ? 'redis-cli is not installed' : 'no reason given';
    assert.match(stderr, new RegExp(`some\\.test\\.mjs: deliberate: ${reason}\\n`));
  });
}

test('what is not skipped passes, and a person may skip', async (t) => {
  const all = await runFile(t, `it('runs', () => {});`, 'true');
  assert.deepEqual([all.code, all.stderr], [0, ''], all.stdout);
  const person = await runFile(t, SKIPPED['by an option'], '');
  assert.deepEqual([person.code, person.stderr], [0, ''], person.stdout);
});

test('a reason counts where it is true', () => {
  const allowed = (isTrue: boolean): AllowedSkip[] => [
    { reason: 'needs root', isTrue: () => isTrue, why: 'a test' },
  ];
  const skips = [
    { name: 'a', file: 'a.test.ts', reason: 'needs root on Linux' },
    { name: 'b', file: 'b.test.ts', reason: 'no reason that is listed: needs root' },
    { name: 'c', file: 'c.test.ts', reason: true as const },
  ];
  assert.deepEqual(
    forbiddenSkips(skips, allowed(true)).map(({ name }) => name),
    ['b', 'c'],
  );
  assert.deepEqual(forbiddenSkips(skips, allowed(false)), skips);
});
