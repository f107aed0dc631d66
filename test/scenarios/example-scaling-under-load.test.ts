// What `sam build` asks of examples/scaling-under-load: it packs the function's folder with npm before it installs the
// dependencies. The story of the example is in walkthrough-3.test.ts.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findProgram, pathOfTest, run } from '../support/outside-clients.ts';

const FUNCTION = pathOfTest('../examples/scaling-under-load/function');

test('npm packs the function, as `sam build` does', async () => {
  const { code, stdout, stderr } = await run(findProgram('npm')!, ['pack', '--dry-run', '--json', FUNCTION]);
  assert.equal(code, 0, stderr);
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  assert.deepEqual(files.map(({ path }) => path).sort(), ['index.mjs', 'package.json']);
});
