// --announce-hostnames: what clients of a cluster are told of its nodes.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as sdk from '@aws-sdk/client-elasticache';
import type { Redis } from 'ioredis';
import { atEndpoint } from '../support/endpoint.ts';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import { withoutProgram } from '../support/outside-clients.ts';
import { eventually, listEvents, untilAvailable } from '../support/replication-groups.ts';

/** Of `foo`, in the slots of the last of two shards. */
const KEY_OF_THE_SECOND = 'foo';

const ENGINES = {
  redis: withoutProgram('redis-server'),
  valkey: withoutProgram('valkey-server') && 'needs Valkey',
};

for (const [engine, skip] of Object.entries(ENGINES))
  describe(`--announce-hostnames with ${engine}`, { skip }, () => {
    let millpond: TestMillpond;
    let names: string[];
    before(async () => {
      millpond = await startTestMillpond({ announceHostnames: true });
      const { elasticache } = millpond;
      await elasticache.send(
        new sdk.CreateReplicationGroupCommand({
          ...{ ReplicationGroupId: 'named', ReplicationGroupDescription: 'named' },
          Engine: engine,
          ...{ NumNodeGroups: 2, ReplicasPerNodeGroup: 1, AutomaticFailoverEnabled: true },
        }),
      );
      await untilAvailable(elasticache, 'named');
      names = await nodeNames(elasticache);
    });
    after(() => millpond?.stop());

    it('CLUSTER SLOTS, SHARDS and NODES and MOVED give the names, of every node', async () => {
      for (const name of names) await untilTold(name);
      await assert.rejects(
        atEndpoint(millpond, names[0]!, (redis) => redis.set(KEY_OF_THE_SECOND, '')),
        new RegExp(`MOVED 12182 (${names.join('|')}):6379`),
      );
    });

    it('also after a node failed and came back', async () => {
      const { elasticache } = millpond;
      await elasticache.send(
        new sdk.TestFailoverCommand({ ReplicationGroupId: 'named', NodeGroupId: '0001' }),
      );
      await eventually('the node is back', async () =>
        (await listEvents(elasticache)).some((event) => event.Message!.startsWith('Finished recovery')),
      );
      for (const name of names) await untilTold(name);
    });

    it('nodes that ran on are told when the option is another one', async () => {
      const [name] = names;
      for (const announceHostnames of [false, true]) {
        await millpond.leave();
        await millpond.start({ announceHostnames });
        await eventually(`names are ${announceHostnames ? '' : 'not '}announced`, async () => {
          const { slots } = await toldBy(name!);
          return (
            slots.length >= names.length && slots.every((host) => names.includes(host) === announceHostnames)
          );
        });
      }
    });

    it('and of new nodes as soon as the group is available', async () => {
      const { elasticache } = millpond;
      await elasticache.send(
        new sdk.IncreaseReplicaCountCommand({
          ...{ ReplicationGroupId: 'named', NewReplicaCount: 2, ApplyImmediately: true },
        }),
      );
      await untilAvailable(elasticache, 'named');
      const all = await nodeNames(elasticache);
      assert.equal(all.length, 6);
      for (const name of all) {
        const { nodes, shards } = await toldBy(name);
        assert.deepEqual({ nodes, shards }, { nodes: all, shards: all });
      }
    });

    /** A replica is in CLUSTER SLOTS once the node has heard how far it is. */
    const untilTold = (name: string) =>
      eventually(`${name} tells the names`, async () => {
        assert.deepEqual(await toldBy(name), { slots: names, shards: names, nodes: names });
        return true;
      });

    const toldBy = (name: string) =>
      atEndpoint(millpond, name, async (redis) => ({
        slots: await namesInSlots(redis),
        shards: await namesInShards(redis),
        nodes: [...String(await redis.cluster('NODES')).matchAll(/^\w+ [^, ]+,([^, ]+)/gm)]
          .map(([, host]) => host)
          .sort(),
      }));
  });

async function nodeNames(client: sdk.ElastiCacheClient): Promise<string[]> {
  const { CacheClusters } = await client.send(
    new sdk.DescribeCacheClustersCommand({ ShowCacheNodeInfo: true }),
  );
  return CacheClusters!.map((cluster) => cluster.CacheNodes![0]!.Endpoint!.Address!).sort();
}

async function namesInSlots(redis: Redis): Promise<string[]> {
  const ranges = (await redis.cluster('SLOTS')) as unknown as [number, number, ...[string][]][];
  return ranges.flatMap(([, , ...nodes]) => nodes.map(([host]) => host)).sort();
}

/** What stands behind `endpoint` in each node's list. */
async function namesInShards(redis: Redis): Promise<string[]> {
  const shards = (await redis.call('CLUSTER', 'SHARDS')) as [string, unknown, string, unknown[][]][];
  return shards
    .flatMap(([, , , nodes]) => nodes.map((fields) => String(fields[fields.indexOf('endpoint') + 1])))
    .sort();
}
