// A short slice of test/faults/stacks-killed.test.ts for every run: a few kills, at writes that the seed chooses.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withMillpond } from '../faults/program.ts';
import { stackUnderFault } from '../faults/stack-under-fault.ts';

const SEED = 20_261_121;
const LATEST_WRITE = 12;

test('a stack outlives Millpond', async (t) => {
  await withMillpond(t, { seed: SEED }, async (millpond, random) => {
    const stack = stackUnderFault(millpond, (attempt) =>
      attempt === 1 ? 1 + random.below(LATEST_WRITE) : undefined,
    );
    let kills = 0;
    for (const operation of ['create', 'update', 'rollBack', 'delete'] as const)
      kills += await stack[operation]();
    t.diagnostic(`${kills} kills`);
    assert.ok(kills > 0);
  });
});
