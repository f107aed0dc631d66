// What was committed goes into the database beside the event loop, and the last connection to close tidies up.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openStore } from './store.ts';

it('the database grows while it is open, and is whole when it is closed', async (test) => {
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
