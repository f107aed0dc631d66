// Who holds a data directory.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { claimDataDirectory, isHeld, readRecord } from './data-directory.ts';

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
