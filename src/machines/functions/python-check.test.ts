// Tests the check of Pythons, on this machine with its own isolation.

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { probeFunctions } from './pool.ts';

it('distinguishes Pythons that functions can run from others', async (test) => {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-python-check-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  const scratch = (name: string) => {
    const path = join(directory, name);
    mkdirSync(path);
    return path;
  };
  const none = join(directory, 'none');
  const { pythons } = await probeFunctions(scratch('first'), { directory: none });
  assert.notEqual(pythons.length, 0);
  for (const { version, failure } of pythons) assert.equal(failure, undefined, version);

  // A virtual environment whose interpreter exists but cannot run.
  const prepared = scratch('prepared');
  chmodSync(directory, 0o755);
  for (const { version } of pythons) {
    const home = join(prepared, `python${version}`);
    mkdirSync(join(home, 'bin'), { recursive: true });
    writeFileSync(join(home, 'bin', 'python3'), '#!/nowhere/python3\n', { mode: 0o755 });
    writeFileSync(join(home, 'pyvenv.cfg'), `home = /usr/bin\nversion = ${version}\n`);
  }
  const broken = await probeFunctions(scratch('second'), { directory: none, preparedPython: prepared });
  assert.deepEqual(
    broken.pythons.map((each) => [each.version, each.directory]),
    pythons.map(({ version }) => [version, join(prepared, `python${version}`)]),
  );
  for (const { failure } of broken.pythons) assert.match(failure!, /python3/);
});
