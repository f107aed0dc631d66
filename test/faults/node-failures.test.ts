// Nodes that are killed or stopped, one or several at a time, in every kind of group.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { underFault } from './program.ts';
import { areReplaced, shardsOf, strike } from './victims.ts';

const ROUNDS = 3;

for (const group of ['cluster mode off, 1+2', 'cluster mode on, 3x(1+1)'] as const) {
  for (const name of ['SIGKILL', 'SIGSTOP'] as const) {
    test(`${group}: ${name} of a primary`, async (t) => {
      await underFault(t, { group }, async ({ millpond, groupId, invariants, random, tell }) => {
        for (let round = 0; round < ROUNDS; round++) {
          const shard = random.pick(await shardsOf(millpond, groupId));
          const { writer } = invariants.shard(shard.id);
          const at = performance.now();
          strike([shard.primary], name);
          await areReplaced(millpond, [shard.primary]);
          const { tookMs } = await invariants.settled();
          tell(`no write for ${writer.gapSince(at).toFixed(0)} ms, settled in ${tookMs.toFixed(0)} ms`);
          const after = (await shardsOf(millpond, groupId)).find(({ id }) => id === shard.id)!;
          assert.notEqual(after.primary.id, shard.primary.id, 'somebody else was promoted');
        }
      });
    });

    test(`${group}: ${name} of a replica`, async (t) => {
      await underFault(t, { group }, async ({ millpond, groupId, invariants, random, tell }) => {
        for (let round = 0; round < ROUNDS; round++) {
          const shard = random.pick(await shardsOf(millpond, groupId));
          const victim = random.pick(shard.replicas);
          strike([victim], name);
          await areReplaced(millpond, [victim]);
          const { tookMs } = await invariants.settled();
          tell(`settled in ${tookMs.toFixed(0)} ms`);
          const after = (await shardsOf(millpond, groupId)).find(({ id }) => id === shard.id)!;
          assert.equal(after.primary.id, shard.primary.id, 'the primary stays');
        }
      });
    });
  }
}
