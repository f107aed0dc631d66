// Tests the claim, the record and the purge of a data directory.

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

test('one process at a time has the claim, until it releases it', (t) => {
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

test('a claim without references is not garbage-collected', (t) => {
  const dataDir = directory(t);
  claimDataDirectory(dataDir, 0);
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  assert.equal(isHeld(dataDir), true);
});

test('foreign locks and records are recognised', (t) => {
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

test('missing parents are created, and an impossible place is an error', (t) => {
  const dataDir = join(directory(t), 'deeper', 'still');
  claimDataDirectory(dataDir, 0).release();
  assert.equal(isHeld(dataDir), false);
  writeFileSync(join(dataDir, 'file'), '');
  assert.throws(() => claimDataDirectory(join(dataDir, 'file', 'below'), 0), { code: 'StateUnreadable' });
});

test('a directory below /proc is refused at once', {
  skip: process.platform !== 'linux' && 'needs Linux',
}, () => {
  const module = JSON.stringify(new URL('./data-directory.ts', import.meta.url).href);
  const program = `
    const { makeDataDirectory } = await import(${module});
    try { makeDataDirectory('/proc/millpond/state'); } catch (error) { console.log(error.code); }
  `;
  // In a separate process: a call that never returns cannot time out within the same process.
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  assert.equal(run.stdout.trim(), 'StateUnreadable', run.stderr);
});

test('a directory that cannot be removed from its parent is emptied and stays', async (t) => {
  const dataDir = directory(t);
  mkdirSync(dataDir, { mode: 0o700 });
  chmodSync(dirname(dataDir), 0o555);
  // Root may remove anything, so this runs as another user.
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
