import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import { pythonHome } from './python-home.ts';

it('a function uses the Python that created its environment, whatever is first on the PATH now', async (test) => {
  const prepared = mkdtempSync(join(tmpdir(), 'millpond-home-'));
  test.after(() => rmSync(prepared, { recursive: true, force: true }));
  const home = join(prepared, 'python3.11');
  mkdirSync(join(home, 'bin'), { recursive: true });
  writeFileSync(join(home, 'bin', 'python3'), '');
  writeFileSync(join(home, 'pyvenv.cfg'), 'home = /opt/pythons/3.11/bin\nversion = 3.11.7\n');
  const found = { directory: '/usr', interpreter: 'python3', version: '3.11' };
  const { signal } = new AbortController();
  const language = await pythonHome(found, {
    ...{ directory: join(prepared, 'none'), prepared, packages: ['pip'], log: silentLog, signal },
  });
  assert.deepEqual([language.directory, language.visible], [home, ['/opt/pythons/3.11']]);
});
