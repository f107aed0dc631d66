// Cache clusters as the AWS SDK sees them: standing alone, joining a group, becoming one, staying behind, rebooting.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as sdk from '@aws-sdk/client-elasticache';
import type { Redis } from 'ioredis';
import { atEndpoint } from '../support/endpoint.ts';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import {
  clusterNotFound,
  describeCluster,
  describeGroup,
  eventually,
  groupNotFound,
  rejectsWith,
  told,
  untilAvailable,
  untilClusterAvailable,
} from '../support/replication-groups.ts';

const WAITER = { maxWaitTime: 120, minDelay: 1, maxDelay: 1 };

let millpond: TestMillpond;
let client: sdk.ElastiCacheClient;

before(async () => {
  millpond = await startTestMillpond();
  client = millpond.elasticache;
});
after(() => millpond?.stop());

const withNode = <T>(name: string, use: (redis: Redis) => Promise<T>) => atEndpoint(millpond, name, use);

const endpointOf = (cluster: sdk.CacheCluster) => cluster.CacheNodes![0]!.Endpoint!.Address!;
const createCluster = (CacheClusterId: string, rest: Partial<sdk.CreateCacheClusterCommandInput> = {}) =>
  client.send(new sdk.CreateCacheClusterCommand({ CacheClusterId, Engine: 'redis', ...rest }));
const reboot = (CacheClusterId: string) =>
  client.send(new sdk.RebootCacheClusterCommand({ CacheClusterId, CacheNodeIdsToReboot: ['0001'] }));

describe('a cluster that stands alone', () => {
  it('is created, without nodes in the answer, and becomes available for the waiter', async () => {
    const { CacheCluster: answer } = await createCluster('lone', {
      CacheNodeType: 'cache.t4g.micro',
      PreferredAvailabilityZone: 'us-east-1c',
    });
    assert.equal(answer?.CacheClusterStatus, 'creating');
    assert.equal(answer.CacheNodes, undefined);
    assert.equal(answer.ReplicationGroupId, undefined);
    assert.equal(answer.PreferredAvailabilityZone, 'us-east-1c');
    assert.equal(answer.ARN, 'arn:aws:elasticache:us-east-1:000000000000:cluster:lone');
    const result = await sdk.waitUntilCacheClusterAvailable(
      { client, ...WAITER },
      { CacheClusterId: 'lone' },
    );
    assert.equal(result.state, 'SUCCESS');
    const cluster = await describeCluster(client, 'lone');
    assert.match(endpointOf(cluster), /^lone\.[a-z0-9]{6}\.0001\.use1\.cache\.amazonaws\.com$/);
    assert.equal(await withNode(endpointOf(cluster), (redis) => redis.set('a', '1')), 'OK');
  });

  it('is told apart from members of groups', async () => {
    await createGroup('crowd', { NumCacheClusters: 2 });
    const alone = await client.send(
      new sdk.DescribeCacheClustersCommand({ ShowCacheClustersNotInReplicationGroups: true }),
    );
    assert.deepEqual(
      alone.CacheClusters!.map((cluster) => cluster.CacheClusterId),
      ['lone'],
    );
    const all = await client.send(new sdk.DescribeCacheClustersCommand({}));
    assert.equal(all.CacheClusters!.length, 3);
    assert.ok(all.CacheClusters!.every((cluster) => cluster.CacheNodes === undefined));
  });

  it('loses its data when it is rebooted', async () => {
    const name = endpointOf(await describeCluster(client, 'lone'));
    const { CacheCluster: answer } = await reboot('lone');
    assert.equal(answer?.CacheClusterStatus, 'rebooting cluster nodes');
    await untilClusterAvailable(client, 'lone');
    assert.equal(await withNode(name, (redis) => redis.dbsize()), 0);
    assert.deepEqual((await told(client, 'lone')).slice(-2), [
      'lone: Cache node 0001 shutdown',
      'lone: Cache node 0001 restarted',
    ]);
  });

  it('changes its node type, and is deleted for the waiter', async () => {
    await client.send(
      new sdk.ModifyCacheClusterCommand({
        CacheClusterId: 'lone',
        CacheNodeType: 'cache.t4g.small',
        ApplyImmediately: true,
      }),
    );
    const cluster = await untilClusterAvailable(client, 'lone');
    assert.equal(cluster.CacheNodeType, 'cache.t4g.small');
    const { CacheCluster: answer } = await client.send(
      new sdk.DeleteCacheClusterCommand({ CacheClusterId: 'lone' }),
    );
    assert.equal(answer?.CacheClusterStatus, 'deleting');
    const result = await sdk.waitUntilCacheClusterDeleted({ client, ...WAITER }, { CacheClusterId: 'lone' });
    assert.equal(result.state, 'SUCCESS');
    await rejectsWith(describeCluster(client, 'lone'), clusterNotFound());
  });
});

async function createGroup(
  ReplicationGroupId: string,
  rest: Partial<sdk.CreateReplicationGroupCommandInput>,
) {
  const input = { ReplicationGroupId, ReplicationGroupDescription: 'a group', ...rest };
  await client.send(new sdk.CreateReplicationGroupCommand(input));
  return await untilAvailable(client, ReplicationGroupId);
}

describe('groups and clusters', { concurrency: true }, () => {
  it('a cluster joins a group as a replica, under a name of its own, and leaves it', async () => {
    const group = await createGroup('join', { NumCacheClusters: 1 });
    const { CacheCluster: answer } = await createCluster('newcomer', { ReplicationGroupId: 'join' });
    assert.equal(answer?.CacheClusterStatus, 'creating');
    assert.equal(answer.ReplicationGroupId, 'join');
    assert.deepEqual((await untilAvailable(client, 'join')).MemberClusters, ['join-001', 'newcomer']);
    const cluster = await untilClusterAvailable(client, 'newcomer');
    const primary = group.NodeGroups![0]!.PrimaryEndpoint!.Address!;
    await withNode(primary, async (redis) => {
      await redis.set('a', 'for the newcomer');
      assert.equal(await redis.wait(1, 5_000), 1);
    });
    assert.equal(await withNode(endpointOf(cluster), (redis) => redis.get('a')), 'for the newcomer');
    await assert.rejects(
      withNode(endpointOf(cluster), (redis) => redis.set('a', 'refused')),
      /^ReplyError: READONLY You can't write against a read only replica/,
    );
    await client.send(new sdk.DeleteCacheClusterCommand({ CacheClusterId: 'newcomer' }));
    assert.deepEqual((await untilAvailable(client, 'join')).MemberClusters, ['join-001']);
  });

  it('a cluster becomes the primary of a new group, with its data and its name', async () => {
    await createCluster('seed');
    const name = endpointOf(await untilClusterAvailable(client, 'seed'));
    await withNode(name, (redis) => redis.set('a', 'kept'));
    const group = await createGroup('grown', {
      PrimaryClusterId: 'seed',
      NumCacheClusters: 2,
      AutomaticFailoverEnabled: true,
    });
    assert.equal(group.MemberClusters![0], 'seed');
    assert.equal(group.MemberClusters!.length, 2);
    const members = group.NodeGroups![0]!.NodeGroupMembers!;
    assert.equal(members.find((member) => member.CurrentRole === 'primary')?.CacheClusterId, 'seed');
    for (const member of members) {
      assert.equal(await withNode(member.ReadEndpoint!.Address!, (redis) => redis.get('a')), 'kept');
    }
    assert.equal((await describeCluster(client, 'seed')).ReplicationGroupId, 'grown');
  });

  it('the primary stays behind as a cluster when only the group is to go', async () => {
    const group = await createGroup('leave', { NumCacheClusters: 3 });
    await withNode(group.NodeGroups![0]!.PrimaryEndpoint!.Address!, (redis) => redis.set('a', 'kept'));
    await client.send(
      new sdk.DeleteReplicationGroupCommand({ ReplicationGroupId: 'leave', RetainPrimaryCluster: true }),
    );
    await eventually('the group is gone', () =>
      describeGroup(client, 'leave').then(
        () => false,
        () => true,
      ),
    );
    await rejectsWith(describeGroup(client, 'leave'), groupNotFound());
    const cluster = await untilClusterAvailable(client, 'leave-001');
    assert.equal(cluster.ReplicationGroupId, undefined);
    assert.equal(await withNode(endpointOf(cluster), (redis) => redis.get('a')), 'kept');
    await rejectsWith(describeCluster(client, 'leave-002'), clusterNotFound());
  });

  it('a rebooted primary comes back empty in its role, and its replicas with it', async () => {
    const group = await createGroup('boot', { NumCacheClusters: 2, AutomaticFailoverEnabled: true });
    const { PrimaryEndpoint, NodeGroupMembers } = group.NodeGroups![0]!;
    await withNode(PrimaryEndpoint!.Address!, (redis) => redis.set('a', 'to be lost'));
    await reboot('boot-001');
    await untilClusterAvailable(client, 'boot-001');
    for (const member of NodeGroupMembers!) {
      await eventually(`${member.CacheClusterId} is empty`, () =>
        withNode(member.ReadEndpoint!.Address!, async (redis) => (await redis.dbsize()) === 0),
      );
    }
    const after = await describeGroup(client, 'boot');
    assert.equal(after.NodeGroups![0]!.NodeGroupMembers![0]!.CurrentRole, 'primary');
    const lines = await told(client, 'boot', 'boot-001', 'boot-002');
    assert.ok(!lines.some((line) => line.includes('Failover from')), 'a reboot is no failover');
  });
});
