// Planned changes of a primary, which lose nothing at all: not even what no replica had acknowledged yet.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ModifyReplicationGroupCommand } from '@aws-sdk/client-elasticache';
import { describe, setNodeType } from './operations.ts';
import { underFault } from './program.ts';
import { shardsOf } from './victims.ts';
import { until } from './wait.ts';

for (const group of ['cluster mode off, 1+2', 'cluster mode on, 3x(1+1)'] as const) {
  test(`${group}: another node type, there and back`, async (t) => {
    await underFault(t, { group }, async ({ millpond, groupId, invariants, tell }) => {
      for (const nodeType of ['cache.t4g.small', 'cache.t4g.micro']) {
        const at = performance.now();
        await setNodeType(millpond, groupId, nodeType);
        await invariants.settled({ acknowledgedBy: 0 });
        assert.equal((await describe(millpond, groupId))!.CacheNodeType, nodeType);
        const gaps = invariants.shards.map(({ writer }) => writer.gapSince(at).toFixed(0));
        tell(`${nodeType}: no write for ${gaps.join(', ')} ms`);
      }
    });
  });
}

test('another primary by its id', async (t) => {
  await underFault(t, { group: 'failover off, 1+1' }, async ({ millpond, groupId, invariants, tell }) => {
    for (let round = 0; round < 4; round++) {
      const [shard] = await shardsOf(millpond, groupId);
      const to = shard!.replicas[0]!.id;
      const at = performance.now();
      await millpond.elasticache.send(
        new ModifyReplicationGroupCommand({
          ReplicationGroupId: groupId,
          PrimaryClusterId: to,
          ApplyImmediately: true,
        }),
      );
      await until(`${to} is the primary`, 10_000, async () => {
        const [now] = await shardsOf(millpond, groupId);
        return now!.primary.id === to;
      });
      await invariants.settled({ acknowledgedBy: 0 });
      tell(`no write for ${invariants.shards[0]!.writer.gapSince(at).toFixed(0)} ms`);
    }
  });
});
