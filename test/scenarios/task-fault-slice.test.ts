// A short slice of test/faults/tasks-killed.test.ts for every run: a few kills, after changes that the seed chooses.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withMillpond } from '../faults/program.ts';
import { taskUnderFault } from '../faults/task-under-fault.ts';

const SEED = 20_261_130;
/** By then its second container runs, for a while. */
const LATEST_CHANGE = 7;

test('a task outlives Millpond', async (t) => {
  await withMillpond(t, { seed: SEED }, async (millpond, random) => {
    const task = await taskUnderFault(millpond);
    const runs = [
      await task.runs(1 + random.below(LATEST_CHANGE)),
      await task.runs(1 + random.below(LATEST_CHANGE)),
    ];
    assert.deepEqual([...runs, await task.isStopped(1)], [true, true, true]);
  });
});
