// Millpond is killed while it creates and deletes groups, at chosen moments and at the beginning of each step, and
// started again: no record is lost, no group stays half made, and nothing is left of one that was deleted.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutOffAfter, cutOffAtStep } from './cut-off.ts';
import type { MillpondProcess } from './millpond-process.ts';
import { nothingIsLeftOf } from './nothing-left.ts';
import { deleteGroup, describe } from './operations.ts';
import { createGroup, GROUPS, isAvailable, withMillpond } from './program.ts';
import { until } from './wait.ts';

const ROUNDS = 5;
const MOST_STEPS = 8;
const LATEST_MS = 400;
const DELETE_LIMIT_MS = 30_000;

const exists = async (millpond: MillpondProcess, groupId: string) =>
  (await describe(millpond, groupId)) !== undefined;

async function createdAfterAll(millpond: MillpondProcess, groupId: string, kind: keyof typeof GROUPS) {
  if (!(await exists(millpond, groupId))) await createGroup(millpond, groupId, kind);
  await isAvailable(millpond, groupId);
  return await millpond.group(groupId);
}

async function deletedAfterAll(millpond: MillpondProcess, groupId: string): Promise<void> {
  if ((await describe(millpond, groupId))?.Status === 'available') await deleteGroup(millpond, groupId);
  await until('it is deleted', DELETE_LIMIT_MS, async () => !(await exists(millpond, groupId)));
}

for (const kind of Object.keys(GROUPS) as (keyof typeof GROUPS)[]) {
  test(`Millpond is killed at chosen moments of creating and deleting: ${kind}`, async (t) => {
    await withMillpond(t, {}, async (millpond, random) => {
      for (let round = 0; round < ROUNDS; round++) {
        const groupId = `demo${round}`;
        await exists(millpond, groupId); // The client's first call takes longer than others.
        const created = await cutOffAfter(millpond, random.below(LATEST_MS), () =>
          createGroup(millpond, groupId, kind),
        );
        if (created === 'answered') assert.ok(await exists(millpond, groupId), 'its record is lost');
        const group = await createdAfterAll(millpond, groupId, kind);
        const deleted = await cutOffAfter(millpond, random.below(LATEST_MS), () =>
          deleteGroup(millpond, groupId),
        );
        await deletedAfterAll(millpond, groupId);
        assert.equal(await nothingIsLeftOf(group, millpond.dataDir, millpond.resolver), true);
        t.diagnostic(`round ${round}: creating ${created}, deleting ${deleted}`);
      }
    });
  });

  test(`Millpond is killed at each step of creating and deleting: ${kind}`, async (t) => {
    await withMillpond(t, {}, async (millpond) => {
      for (let step = 1; step <= MOST_STEPS; step++) {
        const groupId = `demo${step}`;
        const created = await cutOffAtStep(
          millpond,
          step,
          () => createGroup(millpond, groupId, kind),
          async () => (await describe(millpond, groupId))?.Status === 'available',
        );
        const group = await createdAfterAll(millpond, groupId, kind);
        const deleted = await cutOffAtStep(
          millpond,
          step,
          () => deleteGroup(millpond, groupId),
          async () => !(await exists(millpond, groupId)),
        );
        await deletedAfterAll(millpond, groupId);
        assert.equal(await nothingIsLeftOf(group, millpond.dataDir, millpond.resolver), true);
        t.diagnostic(`step ${step}: creating ${created}, deleting ${deleted}`);
        if (created === undefined && deleted === undefined) break;
      }
    });
  });
}
