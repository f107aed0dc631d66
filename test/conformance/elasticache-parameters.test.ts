// Parameter groups as the AWS SDK sees them, and what becomes of them in the engines: read back by behaviour and INFO,
// since clients cannot ask an engine for its configuration.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as sdk from '@aws-sdk/client-elasticache';
import type { Redis } from 'ioredis';
import { atEndpoint } from '../support/endpoint.ts';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import {
  describeCluster,
  eventually,
  invalidValue,
  rejectsWith,
  untilAvailable,
  untilClusterAvailable,
} from '../support/replication-groups.ts';

let millpond: TestMillpond;
let client: sdk.ElastiCacheClient;

before(async () => {
  millpond = await startTestMillpond();
  client = millpond.elasticache;
});
after(() => millpond?.stop());

const createParameterGroup = (CacheParameterGroupName: string, CacheParameterGroupFamily: string) =>
  client.send(
    new sdk.CreateCacheParameterGroupCommand({
      CacheParameterGroupName,
      CacheParameterGroupFamily,
      Description: 'of a test',
    }),
  );

const setParameters = (CacheParameterGroupName: string, values: Record<string, string>) =>
  client.send(
    new sdk.ModifyCacheParameterGroupCommand({
      CacheParameterGroupName,
      ParameterNameValues: Object.entries(values).map(([ParameterName, ParameterValue]) => ({
        ParameterName,
        ParameterValue,
      })),
    }),
  );

async function parametersOf(
  CacheParameterGroupName: string,
  Source?: string,
): Promise<Map<string, sdk.Parameter>> {
  const found = new Map<string, sdk.Parameter>();
  const input = { CacheParameterGroupName, ...(Source && { Source }) };
  for await (const page of sdk.paginateDescribeCacheParameters({ client, pageSize: 20 }, input)) {
    for (const parameter of page.Parameters!) found.set(parameter.ParameterName!, parameter);
  }
  return found;
}

describe('default parameter groups', () => {
  it('are there for every family, with and without cluster mode', async () => {
    const { CacheParameterGroups: groups } = await client.send(
      new sdk.DescribeCacheParameterGroupsCommand({}),
    );
    const descriptions = new Map(
      groups!.map((group) => [group.CacheParameterGroupName, group.Description] as const),
    );
    for (const family of ['redis6.x', 'redis7', 'valkey7', 'valkey8']) {
      assert.equal(descriptions.get(`default.${family}`), `Default parameter group for ${family}`);
      assert.equal(
        descriptions.get(`default.${family}.cluster.on`),
        `Customized default parameter group for ${family} with cluster mode on`,
      );
    }
  });

  it('differ from stock engines as ElastiCache’s do', async () => {
    const parameters = await parametersOf('default.redis7');
    const value = (name: string) => parameters.get(name)?.ParameterValue;
    assert.equal(value('maxmemory-policy'), 'volatile-lru');
    assert.equal(value('maxclients'), '65000');
    assert.equal(value('maxmemory-samples'), '3');
    assert.equal(value('cluster-require-full-coverage'), 'no');
    assert.equal(value('close-on-replica-write'), 'yes');
    assert.equal(value('cluster-enabled'), 'no');
    assert.equal(
      (await parametersOf('default.redis7.cluster.on')).get('cluster-enabled')?.ParameterValue,
      'yes',
    );
    assert.equal(parameters.get('maxclients')?.IsModifiable, false);
    assert.equal(parameters.get('databases')?.ChangeType, 'requires-reboot');
    assert.equal(parameters.get('maxmemory-policy')?.ChangeType, 'immediate');
  });

  it('are what a family’s engine defaults say', async () => {
    const answer = await client.send(
      new sdk.DescribeEngineDefaultParametersCommand({ CacheParameterGroupFamily: 'valkey8' }),
    );
    const defaults = answer.EngineDefaults!;
    assert.equal(defaults.CacheParameterGroupFamily, 'valkey8');
    const backlog = defaults.Parameters!.find((parameter) => parameter.ParameterName === 'repl-backlog-size');
    assert.equal(backlog?.ParameterValue, '10485760');
  });
});

describe('a parameter group of one’s own', () => {
  it('shows what the user set, and resets it', async () => {
    await createParameterGroup('shown', 'redis7');
    await setParameters('shown', { timeout: '60', 'notify-keyspace-events': 'KEA' });
    assert.deepEqual([...(await parametersOf('shown', 'user')).keys()].sort(), [
      'notify-keyspace-events',
      'timeout',
    ]);
    await client.send(
      new sdk.ResetCacheParameterGroupCommand({
        CacheParameterGroupName: 'shown',
        ParameterNameValues: [{ ParameterName: 'timeout' }],
      }),
    );
    assert.deepEqual([...(await parametersOf('shown', 'user')).keys()], ['notify-keyspace-events']);
    await client.send(
      new sdk.ResetCacheParameterGroupCommand({ CacheParameterGroupName: 'shown', ResetAllParameters: true }),
    );
    assert.equal((await parametersOf('shown', 'user')).size, 0);
    await rejectsWith(setParameters('shown', { timeout: '5' }), invalidValue());
    await rejectsWith(setParameters('shown', { nonsense: '5' }), invalidValue());
  });

  it('reaches the engines that use it: at once, or with a reboot', async () => {
    await createParameterGroup('live', 'redis7');
    const ReplicationGroupId = 'tuned';
    await client.send(
      new sdk.CreateReplicationGroupCommand({
        ReplicationGroupId,
        ReplicationGroupDescription: 'tuned',
        NumCacheClusters: 2,
        CacheParameterGroupName: 'live',
      }),
    );
    const group = await untilAvailable(client, ReplicationGroupId);
    const members = group.NodeGroups![0]!.NodeGroupMembers!.map((member) => member.ReadEndpoint!.Address!);
    const [primary] = members as [string];

    const policies = () =>
      Promise.all(members.map((name) => withNode(name, (redis) => infoField(redis, 'maxmemory_policy'))));
    assert.deepEqual(await policies(), ['volatile-lru', 'volatile-lru']);
    await setParameters('live', { 'maxmemory-policy': 'allkeys-lfu', 'hash-max-listpack-entries': '1' });
    await eventually('both engines have the new policy', async () =>
      (await policies()).every((policy) => policy === 'allkeys-lfu'),
    );
    await withNode(primary, async (redis) => {
      await redis.hset('hash', { a: '1', b: '2' });
      assert.equal(await redis.object('ENCODING', 'hash'), 'hashtable', 'two fields are one too many');
      await assert.rejects(redis.select(20), /out of range/);
    });

    await setParameters('live', { databases: '32' });
    const waiting = await eventually('the primary waits for a reboot', async () => {
      const { CacheParameterGroup } = await describeCluster(client, `${ReplicationGroupId}-001`);
      return CacheParameterGroup!.ParameterApplyStatus === 'pending-reboot' && CacheParameterGroup;
    });
    assert.deepEqual(waiting.CacheNodeIdsToReboot, ['0001']);
    await client.send(
      new sdk.RebootCacheClusterCommand({
        CacheClusterId: `${ReplicationGroupId}-001`,
        CacheNodeIdsToReboot: ['0001'],
      }),
    );
    const { CacheParameterGroup } = await untilClusterAvailable(client, `${ReplicationGroupId}-001`);
    assert.deepEqual(CacheParameterGroup, {
      CacheParameterGroupName: 'live',
      ParameterApplyStatus: 'in-sync',
      CacheNodeIdsToReboot: [],
    });
    assert.equal(await withNode(primary, (redis) => redis.select(20)), 'OK');
  });

  it('cannot go while it is used, and is given up for another', async () => {
    const remove = () =>
      client.send(new sdk.DeleteCacheParameterGroupCommand({ CacheParameterGroupName: 'used' }));
    await createParameterGroup('used', 'redis7');
    await setParameters('used', { 'maxmemory-policy': 'noeviction' });
    await client.send(
      new sdk.CreateCacheClusterCommand({
        CacheClusterId: 'user',
        Engine: 'redis',
        CacheParameterGroupName: 'used',
      }),
    );
    const name = (await untilClusterAvailable(client, 'user')).CacheNodes![0]!.Endpoint!.Address!;
    const policy = () => withNode(name, (redis) => infoField(redis, 'maxmemory_policy'));
    assert.equal(await policy(), 'noeviction');
    await rejectsWith(remove(), {
      name: 'InvalidCacheParameterGroupStateFault',
      code: 'InvalidCacheParameterGroupState',
      status: 400,
    });
    await client.send(
      new sdk.ModifyCacheClusterCommand({
        CacheClusterId: 'user',
        CacheParameterGroupName: 'default.redis7',
        ApplyImmediately: true,
      }),
    );
    await eventually('the default policy is in force', async () => (await policy()) === 'volatile-lru');
    await remove();
  });

  it('sets maxmemory by node type, less what is reserved', async () => {
    await createParameterGroup('half', 'redis7');
    await setParameters('half', { 'reserved-memory-percent': '50' });
    const limitOf = async (CacheClusterId: string, rest: Partial<sdk.CreateCacheClusterCommandInput>) => {
      await client.send(
        new sdk.CreateCacheClusterCommand({
          CacheClusterId,
          Engine: 'redis',
          CacheNodeType: 'cache.t4g.micro',
          ...rest,
        }),
      );
      const cluster = await untilClusterAvailable(client, CacheClusterId);
      return await withNode(cluster.CacheNodes![0]!.Endpoint!.Address!, (redis) =>
        infoField(redis, 'maxmemory'),
      );
    };
    assert.equal(await limitOf('quarter', {}), String(0.75 * 536_870_912));
    assert.equal(await limitOf('halved', { CacheParameterGroupName: 'half' }), String(0.5 * 536_870_912));
  });
});

const withNode = <T>(name: string, use: (redis: Redis) => Promise<T>) => atEndpoint(millpond, name, use);

async function infoField(redis: Redis, field: string): Promise<string | undefined> {
  const lines = (await redis.info()).split('\r\n');
  return lines.find((line) => line.startsWith(`${field}:`))?.slice(field.length + 1);
}
