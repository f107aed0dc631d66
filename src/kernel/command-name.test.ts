// Tests of how hints name the command.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { it } from 'node:test';
import { command, commandOn, typedCommand } from './command-name.ts';

it('the command is named by its name, or by its path in a clone', (test) => {
  const clone = mkdtempSync(join(tmpdir(), 'millpond-clone-'));
  test.after(() => rmSync(clone, { recursive: true, force: true }));
  for (const folder of ['bin', 'elsewhere', 'other']) mkdirSync(join(clone, folder));
  writeFileSync(join(clone, 'bin/millpond.mjs'), '');
  symlinkSync('millpond.mjs', join(clone, 'bin/millpond'));
  symlinkSync('../bin/millpond', join(clone, 'elsewhere/millpond'));
  writeFileSync(join(clone, 'other/millpond'), '');
  const typed = (from: string, ...folders: string[]) =>
    typedCommand({ clone, from, path: folders.map((folder) => join(clone, folder)).join(delimiter) });
  assert.equal(typed(clone), 'bin/millpond');
  assert.equal(typed('/'), join(clone, 'bin/millpond'));
  assert.equal(typed('/', 'nowhere', 'bin'), 'millpond');
  assert.equal(typed('/', 'elsewhere'), 'millpond');
  assert.equal(typed(clone, 'other'), 'bin/millpond');
  assert.equal(typedCommand({ clone: undefined, from: '/', path: '' }), 'millpond');
});

it('a hint names its data directory, quoted as one shell word', () => {
  const rows: [dataDir: string | undefined, flag: string][] = [
    [undefined, ''],
    [join(homedir(), '.millpond'), ''],
    [join(homedir(), '.millpond2'), ` --data-dir ${join(homedir(), '.millpond2')}`],
    ['/srv/pond', ' --data-dir /srv/pond'],
    ['/srv/my pond', " --data-dir '/srv/my pond'"],
    ["/srv/it's; rm $HOME", " --data-dir '/srv/it'\\''s; rm $HOME'"],
    ['/~', " --data-dir '/~'"],
  ];
  for (const [dataDir, flag] of rows) {
    assert.equal(commandOn(dataDir, 'up'), `${command()} up${flag}`);
    assert.equal(commandOn(dataDir, 'down', '--purge'), `${command()} down${flag} --purge`);
  }
});
