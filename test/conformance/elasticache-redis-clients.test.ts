// Redis clients as people use them, unmodified and unconfigured, writing through the endpoints while primaries fail,
// change and shards move: they all go on, and what was acknowledged and replicated is there afterwards.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as sdk from '@aws-sdk/client-elasticache';
import { atEndpoint } from '../support/endpoint.ts';
import { findWriters, startWriter, type Writer, whyNoNames } from '../support/endpoint-writers.ts';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import { eventually, listEvents, told, untilAvailable } from '../support/replication-groups.ts';

const WITHOUT_NAMES = await whyNoNames();
const CLIENTS = await findWriters();
/** Writes that a client makes to prove that it works. */
const SOME = 10;

describe('Redis clients', { skip: WITHOUT_NAMES }, () => {
  let millpond: TestMillpond;
  let client: sdk.ElastiCacheClient;

  before(async () => {
    millpond = await startTestMillpond();
    client = millpond.elasticache;
  });
  after(() => millpond?.stop());

  async function createGroup(id: string, rest: Partial<sdk.CreateReplicationGroupCommandInput>) {
    const input = { ReplicationGroupId: id, ReplicationGroupDescription: id, ...rest };
    await client.send(new sdk.CreateReplicationGroupCommand(input));
    return await untilAvailable(client, id);
  }

  const modify = (id: string, rest: Partial<sdk.ModifyReplicationGroupCommandInput>) =>
    client.send(
      new sdk.ModifyReplicationGroupCommand({ ReplicationGroupId: id, ApplyImmediately: true, ...rest }),
    );

  async function testFailover(id: string, shard: string) {
    const recoveries = async () =>
      (await listEvents(client)).filter((event) => event.Message!.startsWith('Finished recovery')).length;
    const before = await recoveries();
    await client.send(new sdk.TestFailoverCommand({ ReplicationGroupId: id, NodeGroupId: shard }));
    await eventually(`a member of ${shard} is recovered`, async () => (await recoveries()) > before);
  }

  /** All clients write during `work`, go on writing after each of its steps, and find everything afterwards. */
  async function whileWriting(
    group: sdk.ReplicationGroup,
    work: (goOn: () => Promise<void>, writers: Writer[]) => Promise<void>,
  ): Promise<void> {
    const cluster = group.ConfigurationEndpoint?.Address;
    const host = cluster ?? group.NodeGroups![0]!.PrimaryEndpoint!.Address!;
    const mode = cluster ? 'configuration' : 'primary';
    const started = await Promise.allSettled(
      CLIENTS.map((which) => startWriter(millpond, which, mode, host)),
    );
    const writers = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    try {
      for (const result of started) if (result.status === 'rejected') throw result.reason;
      const goOn = async () => void (await Promise.all(writers.map((writer) => writer.goesOn(SOME))));
      await goOn();
      await work(goOn, writers);
      await goOn();
    } finally {
      const acknowledged = writers.flatMap((writer) =>
        writer.acknowledged().map((count) => `${writer.name}:${count}`),
      );
      await Promise.all(writers.map((writer) => writer.stop()));
      const present = await keysOf(group.ReplicationGroupId!);
      const lost = acknowledged.filter((key) => !present.has(key));
      assert.deepEqual(lost, [], `lost ${lost.length} of ${acknowledged.length} acknowledged writes`);
    }
  }

  /** Of all primaries; no key is in two shards. */
  async function keysOf(id: string): Promise<Set<string>> {
    const { CacheClusters } = await client.send(
      new sdk.DescribeCacheClustersCommand({ ShowCacheNodeInfo: true }),
    );
    const names = CacheClusters!
      .filter((cluster) => cluster.ReplicationGroupId === id)
      .map((cluster) => cluster.CacheNodes![0]!.Endpoint!.Address!);
    const lists = await Promise.all(
      names.map((name) =>
        atEndpoint(millpond, name, async (redis) =>
          ((await redis.role()) as unknown[])[0] === 'master' ? await redis.keys('*') : [],
        ),
      ),
    );
    const keys = lists.flat();
    assert.equal(new Set(keys).size, keys.length, 'a key is in two shards');
    return new Set(keys);
  }

  it('follow the primary name: through failures, another node type and promotions by hand', async () => {
    const group = await createGroup('plain', { NumCacheClusters: 3, AutomaticFailoverEnabled: true });
    await whileWriting(group, async (goOn) => {
      for (let round = 0; round < 2; round++) {
        await testFailover('plain', '0001');
        await goOn();
      }
      await modify('plain', { CacheNodeType: 'cache.m6g.large' });
      await untilAvailable(client, 'plain');
      await goOn();
      await modify('plain', { AutomaticFailoverEnabled: false });
      for (const PrimaryClusterId of ['plain-001', 'plain-002', 'plain-003']) {
        await modify('plain', { PrimaryClusterId });
        await untilAvailable(client, 'plain');
        await goOn();
      }
    });
  });

  it('find the shards through the configuration endpoint, wherever slots and primaries go', async () => {
    const group = await createGroup('sharded', { NumNodeGroups: 2, ReplicasPerNodeGroup: 1 });
    const reshard = async (NodeGroupCount: number, rest = {}) => {
      await client.send(
        new sdk.ModifyReplicationGroupShardConfigurationCommand({
          ReplicationGroupId: 'sharded',
          NodeGroupCount,
          ApplyImmediately: true,
          ...rest,
        }),
      );
      await untilAvailable(client, 'sharded');
    };
    await whileWriting(group, async (goOn, writers) => {
      await reshard(3);
      await goOn();
      for (const writer of writers.filter(({ name }) => name !== 'redis-py')) {
        // node-redis refuses a MOVED to a node that the one it asked for the slots has not heard of yet.
        const errors = writer.errors().filter((text) => !String(text).includes('Cannot find node'));
        assert.deepEqual(errors, [], `${writer.name} saw no error`);
      }
      await testFailover('sharded', '0003');
      await goOn();
      await reshard(2, { NodeGroupsToRemove: ['0001'] });
    });
    const lines = await told(client, 'sharded');
    assert.equal(lines.filter((line) => line.includes('Failover from')).length, 1, 'nobody failed unasked');
  });
});
