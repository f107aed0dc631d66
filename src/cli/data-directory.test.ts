// Who holds a data directory.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { claimDataDirectory, isHeld, purgeDataDirectory, readRecord } from './data-directory.ts';

function directory(t: TestContext): string {
  const parent = mkdtempSync(join(tmpdir(), 'millpond-directory-'));
  t.after(() => rmSync(parent, { recursive: true, force: true }));
  return join(parent, 'state');
}

test('a claim lasts until it is released, and for one', (t) => {
  const dataDir = directory(t);
  assert.equal(isHeld(dataDir), false);
  const claim = claimDataDirectory(dataDir, 0);
  assert.equal(isHeld(dataDir), true);
  assert.throws(() => claimDataDirectory(dataDir, 0), { code: 'AlreadyRunning' });
  claim.release();
  claim.release();
  assert.equal(isHeld(dataDir), false);
  claimDataDirectory(dataDir, 0).release();
});

test('a claim that nobody keeps is kept all the same', (t) => {
  const dataDir = directory(t);
  claimDataDirectory(dataDir, 0);
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  assert.equal(isHeld(dataDir), true);
});

test('a lock or a record that is not ours is told apart', (t) => {
  const dataDir = directory(t);
  claimDataDirectory(dataDir, 0).release();
  writeFileSync(join(dataDir, 'millpond.json'), '{"pid": 1');
  assert.equal(readRecord(dataDir), undefined);
  writeFileSync(
    join(dataDir, 'millpond.lock'),
    'this is no database, and long enough to be looked at: '.repeat(40),
  );
  assert.throws(() => claimDataDirectory(dataDir, 0), { code: 'StateUnreadable' });
});

test('missing parents are made, and a place that takes no directory is an error', (t) => {
  const dataDir = join(directory(t), 'deeper', 'still');
  claimDataDirectory(dataDir, 0).release();
  assert.equal(isHeld(dataDir), false);
  writeFileSync(join(dataDir, 'file'), '');
  assert.throws(() => claimDataDirectory(join(dataDir, 'file', 'below'), 0), { code: 'StateUnreadable' });
});

test('a directory below /proc is refused and not tried for ever', {
  skip: process.platform !== 'linux' && 'needs Linux',
}, () => {
  const module = JSON.stringify(new URL('./data-directory.ts', import.meta.url).href);
  const program = `
    const { makeDataDirectory } = await import(${module});
    try { makeDataDirectory('/proc/millpond/state'); } catch (error) { console.log(error.code); }
  `;
  // A process of its own: what never returns cannot be timed out from within.
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  assert.equal(run.stdout.trim(), 'StateUnreadable', run.stderr);
});

test('a directory that its parent does not let go of is purged and stays, empty', async (t) => {
  const dataDir = directory(t);
  mkdirSync(dataDir, { mode: 0o700 });
  chmodSync(dirname(dataDir), 0o555);
  // Root may remove whatever it likes, so that it has to be somebody else.
  if (process.getuid?.() === 0) {
    const nobody = 65_534;
    chownSync(dataDir, nobody, nobody);
    process.seteuid!(nobody);
  }
  try {
    const claim = claimDataDirectory(dataDir, 0);
    mkdirSync(join(dataDir, 'nodes'));
    assert.deepEqual(await purgeDataDirectory(dataDir), { others: [], staysFor: 'EACCES' });
    assert.deepEqual(readdirSync(dataDir), []);
    claim.release();
  } finally {
    if (process.getuid?.() === 0) process.seteuid!(0);
    chmodSync(dirname(dataDir), 0o755);
  }
});
