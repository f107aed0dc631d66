// Millpond is killed with -9 throughout a real stack's creation, update, rollback and deletion: at its first write, then
// at the second of the next run, the third of the one after it, and so on until it is done.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withMillpond } from './program.ts';
import { stackUnderFault } from './stack-under-fault.ts';

test('a stack that is cut off again and again', async (t) => {
  await withMillpond(t, {}, async (millpond) => {
    const stack = stackUnderFault(millpond, (attempt) => attempt);
    for (const operation of ['create', 'update', 'rollBack', 'delete'] as const) {
      const kills = await stack[operation]();
      t.diagnostic(`${operation}: ${kills} kills`);
      assert.ok(kills > 0, 'it was under way when it was killed');
    }
  });
});

test('a stack that is cut off once, at any write', async (t) => {
  for (let write = 1; write <= 30; write += 3) {
    await withMillpond(t, {}, async (millpond) => {
      const stack = stackUnderFault(millpond, (attempt) => (attempt === 1 ? write : undefined));
      for (const operation of ['create', 'update', 'rollBack', 'delete'] as const) await stack[operation]();
    });
  }
});
