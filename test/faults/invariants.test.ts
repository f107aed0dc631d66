// That the checks themselves see what they are for: a loss must be noticed, or all the others prove nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { underFault } from './program.ts';
import { areReplaced, shardsOf, strike } from './victims.ts';

test('acknowledged writes that are gone, and a primary that came back empty, are noticed', async (t) => {
  await underFault(t, { group: 'cluster mode off, 1+2' }, async ({ millpond, groupId, invariants }) => {
    const [shard] = await shardsOf(millpond, groupId);
    const { writer, probe } = invariants.shard(shard!.id);
    strike(shard!.members, 'SIGKILL');
    await areReplaced(millpond, shard!.members);
    await assert.rejects(invariants.settled(), /acknowledged writes are lost/);
    assert.notDeepEqual(await writer.missing(1), []);
    assert.match(probe.violations.join(), /accepts writes and is empty/);
    probe.violations.length = 0;
    invariants.forgive(shard!.id);
  });
});
