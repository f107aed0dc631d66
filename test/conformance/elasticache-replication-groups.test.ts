// Replication groups as the AWS SDK sees them: what create answers, both shapes, waiters, failovers and their events.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  CreateReplicationGroupCommand,
  DeleteReplicationGroupCommand,
  type ElastiCacheClient,
  TestFailoverCommand,
  waitUntilReplicationGroupAvailable,
  waitUntilReplicationGroupDeleted,
} from '@aws-sdk/client-elasticache';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import {
  describeCluster,
  describeGroup,
  eventually,
  groupNotFound,
  rejectsWith,
  told,
  untilAvailable,
} from '../support/replication-groups.ts';

const WAITER = { maxWaitTime: 120, minDelay: 1, maxDelay: 1 };
const PERSISTENCE_NOTICE =
  "This cache cluster does not support persistence (ex: 'appendonly').  Please use a different instance type to enable persistence.";

let millpond: TestMillpond;
let client: ElastiCacheClient;

before(async () => {
  millpond = await startTestMillpond();
  client = millpond.elasticache;
});
after(() => millpond?.stop());

describe('cluster mode off', () => {
  const id = 'off';
  const create = () =>
    client.send(
      new CreateReplicationGroupCommand({
        ReplicationGroupId: 'OFF',
        ReplicationGroupDescription: 'one and two',
        Engine: 'redis',
        CacheNodeType: 'cache.t4g.micro',
        NumCacheClusters: 3,
        AutomaticFailoverEnabled: true,
        MultiAZEnabled: true,
      }),
    );

  it('answers create with members, and without node groups', async () => {
    const { ReplicationGroup: group } = await create();
    assert.equal(group?.ReplicationGroupId, id, 'ids are kept in lower case');
    assert.equal(group.Status, 'creating');
    assert.deepEqual(group.MemberClusters, ['off-001', 'off-002', 'off-003']);
    assert.equal(group.NodeGroups, undefined);
    assert.equal(group.AutomaticFailover, 'enabling');
    assert.equal(group.MultiAZ, 'enabled');
    assert.equal(group.SnapshottingClusterId, 'off-002');
    assert.equal(group.AtRestEncryptionEnabled, false);
    assert.equal(group.AutoMinorVersionUpgrade, true);
    assert.equal(group.ARN, 'arn:aws:elasticache:us-east-1:000000000000:replicationgroup:off');
    assert.deepEqual(group.PendingModifiedValues, {});
  });

  it('becomes available for the waiter', async () => {
    const result = await waitUntilReplicationGroupAvailable(
      { client, ...WAITER },
      { ReplicationGroupId: id },
    );
    assert.equal(result.state, 'SUCCESS');
  });

  it('then shows endpoints, roles and zones', async () => {
    const group = await describeGroup(client, id);
    assert.equal(group.AutomaticFailover, 'enabled');
    assert.equal(group.ClusterEnabled, false);
    assert.equal(group.ConfigurationEndpoint, undefined);
    const [nodes, ...others] = group.NodeGroups!;
    assert.equal(others.length, 0);
    assert.equal(nodes?.NodeGroupId, '0001');
    assert.equal(nodes.Status, 'available');
    assert.equal(nodes.Slots, undefined);
    const [, hash] = /^off\.([a-z0-9]{6})\.ng\.0001\.use1\.cache\.amazonaws\.com$/.exec(
      nodes.PrimaryEndpoint!.Address!,
    )!;
    assert.equal(nodes.ReaderEndpoint!.Address, `off-ro.${hash}.ng.0001.use1.cache.amazonaws.com`);
    assert.equal(nodes.PrimaryEndpoint!.Port, 6379);
    assert.deepEqual(
      nodes.NodeGroupMembers!.map((member) => [
        member.CacheClusterId,
        member.CacheNodeId,
        member.CurrentRole,
        member.ReadEndpoint?.Address,
      ]),
      [
        ['off-001', '0001', 'primary', `off-001.${hash}.0001.use1.cache.amazonaws.com`],
        ['off-002', '0001', 'replica', `off-002.${hash}.0001.use1.cache.amazonaws.com`],
        ['off-003', '0001', 'replica', `off-003.${hash}.0001.use1.cache.amazonaws.com`],
      ],
    );
    const zones = new Set(nodes.NodeGroupMembers!.map((member) => member.PreferredAvailabilityZone));
    assert.equal(zones.size, 3, 'Multi-AZ spreads the members');
  });

  it('shows a member as a cache cluster', async () => {
    const cluster = await describeCluster(client, 'off-002');
    assert.equal(cluster.CacheClusterStatus, 'available');
    assert.equal(
      cluster.ClientDownloadLandingPage,
      'https://console.aws.amazon.com/elasticache/home#client-download:',
    );
    assert.equal(cluster.ReplicationGroupId, id);
    assert.equal(cluster.NumCacheNodes, 1);
    assert.deepEqual(cluster.CacheParameterGroup, {
      CacheParameterGroupName: 'default.redis7',
      ParameterApplyStatus: 'in-sync',
      CacheNodeIdsToReboot: [],
    });
    assert.deepEqual(cluster.CacheSecurityGroups, []);
    assert.deepEqual(cluster.PendingModifiedValues, {});
    assert.match(cluster.PreferredMaintenanceWindow!, /^[a-z]{3}:\d\d:\d\d-[a-z]{3}:\d\d:\d\d$/);
    assert.equal(cluster.CacheNodes![0]!.CacheNodeStatus, 'available');
  });

  it('tells its creation: three events for each member, the group, and its failover last', async () => {
    const all = await told(client, id, 'off-001', 'off-002', 'off-003');
    for (const member of ['off-001', 'off-002', 'off-003']) {
      const zone = (await describeCluster(client, member)).PreferredAvailabilityZone;
      assert.deepEqual(
        all.filter((line) => line.startsWith(`${member}:`)),
        [
          `${member}: Cache cluster created`,
          `${member}: ${PERSISTENCE_NOTICE}`,
          `${member}: Added cache node 0001 in availability zone ${zone}`,
        ],
      );
    }
    assert.deepEqual(all.slice(-2), [
      'off: Replication group off created',
      'off: Automatic failover has been turned on for replication group off',
    ]);
  });

  it('stays available through a test failover, which its events tell in the documented order', async () => {
    const before = await told(client, id, 'off-001', 'off-002', 'off-003');
    const { ReplicationGroup: answer } = await client.send(
      new TestFailoverCommand({ ReplicationGroupId: id, NodeGroupId: '0001' }),
    );
    assert.equal(answer?.Status, 'available');
    const statuses = new Set<string>();
    await eventually('the old primary is recovered', async () => {
      const group = await describeGroup(client, id);
      statuses.add(group.Status!);
      for (const nodes of group.NodeGroups!) statuses.add(nodes.Status!);
      const lines = await told(client, 'off-001');
      return lines.includes('off-001: Finished recovery for cache nodes 0001');
    });
    assert.deepEqual([...statuses], ['available']);

    const group = await describeGroup(client, id);
    const roles = group.NodeGroups![0]!.NodeGroupMembers!;
    const primary = roles.find((member) => member.CurrentRole === 'primary')!.CacheClusterId!;
    assert.notEqual(primary, 'off-001');
    const completed = `Failover from primary node off-001 to replica node ${primary} completed`;
    assert.deepEqual((await told(client, id, 'off-001', 'off-002', 'off-003')).slice(before.length), [
      'off: Test Failover API called for node group 0001',
      `${primary}: ${completed}`,
      `off: ${completed}`,
      'off-001: Recovering cache nodes 0001',
      'off-001: Finished recovery for cache nodes 0001',
    ]);
  });

  it('points the primary name at the new primary, and the reader name at the others', async () => {
    const group = await describeGroup(client, id);
    const [nodes] = group.NodeGroups!;
    const nameOf = (role: string) =>
      nodes!
        .NodeGroupMembers!.filter((member) => member.CurrentRole === role)
        .map((member) => member.ReadEndpoint!.Address!);
    const { resolver } = millpond;
    assert.deepEqual(await resolver.resolveCname(nodes!.PrimaryEndpoint!.Address!), nameOf('primary'));
    await eventually('both replicas serve the reader name in turn', async () => {
      const first = await resolver.resolveCname(nodes!.ReaderEndpoint!.Address!);
      const second = await resolver.resolveCname(nodes!.ReaderEndpoint!.Address!);
      return [...first, ...second].sort().join() === nameOf('replica').sort().join();
    });
  });

  it('is deleted for the waiter, with its members and its names', async () => {
    const { NodeGroups } = await describeGroup(client, id);
    const { ReplicationGroup: answer } = await client.send(
      new DeleteReplicationGroupCommand({ ReplicationGroupId: id }),
    );
    assert.equal(answer?.Status, 'deleting');
    const result = await waitUntilReplicationGroupDeleted({ client, ...WAITER }, { ReplicationGroupId: id });
    assert.equal(result.state, 'SUCCESS');
    await rejectsWith(describeGroup(client, id), groupNotFound());
    await assert.rejects(millpond.resolver.resolve4(NodeGroups![0]!.PrimaryEndpoint!.Address!), {
      code: 'ENOTFOUND',
    });
    const lines = await told(client, 'off-001', 'off-002', 'off-003');
    assert.equal(lines.filter((line) => line.endsWith(': Cache cluster deleted')).length, 3);
  });
});

describe('cluster mode on', () => {
  const id = 'on';

  it('answers create with failover enabled, and becomes available', async () => {
    const { ReplicationGroup: group } = await client.send(
      new CreateReplicationGroupCommand({
        ReplicationGroupId: id,
        ReplicationGroupDescription: 'three shards',
        NumNodeGroups: 3,
        ReplicasPerNodeGroup: 1,
        CacheParameterGroupName: 'default.redis7.cluster.on',
      }),
    );
    assert.equal(group?.Status, 'creating');
    assert.equal(group.AutomaticFailover, 'enabled');
    assert.equal(group.NodeGroups, undefined);
    assert.deepEqual(group.MemberClusters, [
      'on-0001-001',
      'on-0001-002',
      'on-0002-001',
      'on-0002-002',
      'on-0003-001',
      'on-0003-002',
    ]);
    await untilAvailable(client, id);
  });

  it('shows slots and a configuration endpoint, and neither roles nor read endpoints', async () => {
    const group = await describeGroup(client, id);
    assert.equal(group.ClusterEnabled, true);
    assert.equal(group.ClusterMode, 'enabled');
    assert.match(
      group.ConfigurationEndpoint!.Address!,
      /^on\.[a-z0-9]{6}\.clustercfg\.use1\.cache\.amazonaws\.com$/,
    );
    assert.deepEqual(
      group.NodeGroups!.map((nodes) => [nodes.NodeGroupId, nodes.Slots]),
      [
        ['0001', '0-5461'],
        ['0002', '5462-10922'],
        ['0003', '10923-16383'],
      ],
    );
    for (const nodes of group.NodeGroups!) {
      assert.equal(nodes.PrimaryEndpoint, undefined);
      assert.equal(nodes.ReaderEndpoint, undefined);
      for (const member of nodes.NodeGroupMembers!) {
        assert.equal(member.CurrentRole, undefined);
        assert.equal(member.ReadEndpoint, undefined);
      }
    }
    const cluster = await describeCluster(client, 'on-0003-002');
    assert.match(
      cluster.CacheNodes![0]!.Endpoint!.Address!,
      /^on-0003-002\.[a-z0-9]{6}\.0001\.use1\.cache\.amazonaws\.com$/,
    );
  });

  it('tests failovers of one shard after another', async () => {
    for (const shard of ['0001', '0002']) {
      await client.send(new TestFailoverCommand({ ReplicationGroupId: id, NodeGroupId: shard }));
      await rejectsWith(
        client.send(new TestFailoverCommand({ ReplicationGroupId: id, NodeGroupId: '0003' })),
        { name: 'TestFailoverNotAvailableFault', code: 'TestFailoverNotAvailableFault', status: 400 },
      );
      const member = `on-${shard}-001`;
      await eventually(`${member} is recovered`, async () =>
        (await told(client, member)).includes(`${member}: Finished recovery for cache nodes 0001`),
      );
    }
    assert.deepEqual(
      (await told(client, id)).filter((line) => line.includes('ailover')),
      [
        'on: Automatic failover has been turned on for replication group on',
        ...['0001', '0002'].flatMap((shard) => [
          `on: Test Failover API called for node group ${shard}`,
          `on: Failover from primary node on-${shard}-001 to replica node on-${shard}-002 completed`,
        ]),
      ],
    );
  });
});
