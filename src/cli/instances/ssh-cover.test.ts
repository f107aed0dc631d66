import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sshCover } from './ssh-cover.ts';

test('the configuration of ssh begins with the instances, and contains what the system includes', (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'ssh-cover-'));
  context.after(() => rmSync(directory, { recursive: true }));
  mkdirSync(join(directory, 'more'));
  writeFileSync(join(directory, 'more', 'a.conf'), 'Host a\n  Port 1\n');
  writeFileSync(join(directory, 'more', 'b.conf'), 'Host b\n');
  const system = join(directory, 'ssh_config');
  writeFileSync(system, `# mine\n  Include ${directory}/more/*.conf\nHost *\n  SendEnv LANG\n`);
  assert.deepEqual(sshCover('/data', system), [
    {
      targets: [system],
      text: 'Include "/data/ssh/config"\n# mine\nHost a\n  Port 1\n\nHost b\n\nHost *\n  SendEnv LANG\n',
    },
  ]);
  assert.deepEqual(sshCover('/data', join(directory, 'none')), []);
});
