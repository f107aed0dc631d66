// Millpond is killed with -9 after every change of a task's record: while it starts, runs and is stopped.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withMillpond } from './program.ts';
import { taskUnderFault } from './task-under-fault.ts';

test('a task outlives Millpond, whenever that is killed', async (t) => {
  await withMillpond(t, {}, async (millpond) => {
    const task = await taskUnderFault(millpond);
    let kills = 0;
    while (await task.runs(kills + 1)) kills++;
    t.diagnostic(`${kills} kills of a task that ends`);
    // The last changes come in one turn.
    assert.ok(kills > 5);
    let ofStop = 0;
    while (await task.isStopped(ofStop + 1)) ofStop++;
    t.diagnostic(`${ofStop} kills of a task that is stopped`);
    assert.ok(ofStop > 0);
  });
});
