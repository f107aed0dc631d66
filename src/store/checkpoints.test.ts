// A worker thread checkpoints, and the last connection to close deletes the write-ahead log.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openStore } from './store.ts';

it('checkpoints run while the database is open, and it is complete once closed', async (test) => {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-checkpoints-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'state.sqlite');
  const store = openStore(file);
  const things = store.collection<string>('things');
  const here = { accountId: 'a', region: 'r' };
  const before = statSync(file).size;
  for (let index = 0; index < 1050; index++) {
    store.transaction(() => things.put(here, `thing ${index}`, 'x'.repeat(1000)));
  }
  assert.equal(statSync(file).size, before, 'the loop made a checkpoint itself');
  while (statSync(file).size === before) await nextTurn();
  const kept = things.count(here);
  store.close();
  const again = openStore(file);
  assert.equal(again.collection('things').count(here), kept);
  again.close();
  assert.ok(!existsSync(`${file}-wal`));
});
