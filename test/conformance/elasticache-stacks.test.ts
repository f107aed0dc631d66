// ElastiCache's resource types as templates use them: made, changed in place, replaced and deleted by CloudFormation,
// over nodes that are only pretended, but where slots move.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { ElastiCache } from '@aws-sdk/client-elasticache';
import { until } from '../faults/wait.ts';
import { startEngineless } from '../support/engineless.ts';
import { startTestMillpond } from '../support/millpond.ts';

type Resources = Record<string, object>;
/** Resharding is many trips to the nodes, each of which a busy machine makes wait. */
const SETTLED_WITHIN_MS = 300_000;

async function start(test: TestContext, endpoint?: string) {
  const options = {
    endpoint: endpoint ?? (await startEngineless(test)).server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: '123456789012', secretAccessKey: 'test' },
  };
  const client = new CloudFormationClient(options);
  const status = async (name: string) =>
    (await client.send(new DescribeStacksCommand({ StackName: name }))).Stacks![0]!.StackStatus!;
  async function settled(name: string): Promise<string> {
    await until(`${name} is settled`, SETTLED_WITHIN_MS, async () => {
      const found = await status(name);
      return !found.endsWith('_IN_PROGRESS') || found;
    });
    return status(name);
  }
  return {
    elasticache: new ElastiCache(options),
    async create(Resources: Resources) {
      const TemplateBody = JSON.stringify({ Resources });
      await client.send(new CreateStackCommand({ StackName: 's', TemplateBody }));
      return settled('s');
    },
    async update(Resources: Resources, Tags?: { Key: string; Value: string }[]) {
      const TemplateBody = JSON.stringify({ Resources });
      await client.send(new UpdateStackCommand({ StackName: 's', TemplateBody, Tags }));
      return settled('s');
    },
    async remove() {
      const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 's' }));
      await client.send(new DeleteStackCommand({ StackName: 's' }));
      return settled(Stacks![0]!.StackId!);
    },
    async idOf(LogicalResourceId: string): Promise<string> {
      const input = { StackName: 's', LogicalResourceId };
      const { StackResourceDetail } = await client.send(new DescribeStackResourceCommand(input));
      return StackResourceDetail!.PhysicalResourceId!;
    },
    async reasons(): Promise<string[]> {
      const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: 's' }));
      return StackEvents!.flatMap(({ ResourceStatusReason }) => ResourceStatusReason ?? []);
    },
  };
}

const group = (properties: object, more: object = {}): Resources => ({
  Group: {
    Type: 'AWS::ElastiCache::ReplicationGroup',
    Properties: {
      ReplicationGroupDescription: 'd',
      CacheNodeType: 'cache.t4g.micro',
      Engine: 'redis',
      AutomaticFailoverEnabled: true,
      ...properties,
    },
    ...more,
  },
});

test('a group changes in place: replicas, node type, description, tags', async (test) => {
  const { elasticache, create, update, remove, idOf } = await start(test);
  assert.equal(await create(group({ NumCacheClusters: 2 })), 'CREATE_COMPLETE');
  const id = await idOf('Group');
  const changed = group({
    NumCacheClusters: 3,
    CacheNodeType: 'cache.m7g.large',
    ReplicationGroupDescription: 'other',
    Tags: [{ Key: 'a', Value: '1' }],
  });
  assert.equal(await update(changed, [{ Key: 'of', Value: 'stack' }]), 'UPDATE_COMPLETE');
  assert.equal(await idOf('Group'), id);
  const read = async () =>
    (await elasticache.describeReplicationGroups({ ReplicationGroupId: id })).ReplicationGroups![0]!;
  const found = await read();
  assert.equal(found.MemberClusters?.length, 3);
  assert.equal(found.CacheNodeType, 'cache.m7g.large');
  assert.equal(found.Description, 'other');
  const { TagList } = await elasticache.listTagsForResource({ ResourceName: found.ARN });
  const own = TagList!
    .filter(({ Key }) => !Key!.startsWith('aws:'))
    .map(({ Key, Value }) => `${Key}=${Value}`);
  assert.deepEqual(own.sort(), ['a=1', 'of=stack']);
  assert.equal(
    await update(group({ NumCacheClusters: 2, CacheNodeType: 'cache.m7g.large' })),
    'UPDATE_COMPLETE',
  );
  assert.equal((await read()).MemberClusters?.length, 2);
  assert.equal(await remove(), 'DELETE_COMPLETE');
  assert.deepEqual((await elasticache.describeReplicationGroups()).ReplicationGroups, []);
});

test('automatic failover is on unless the template says otherwise', async (test) => {
  const { elasticache, create, remove, reasons } = await start(test);
  const unsaid = { AutomaticFailoverEnabled: undefined };
  assert.equal(await create(group({ ...unsaid, NumCacheClusters: 1 })), 'ROLLBACK_COMPLETE');
  assert.ok(
    (await reasons()).some((reason) =>
      reason.startsWith(
        'When using automatic failover, there must be at least 2 cache clusters in the replication group.',
      ),
    ),
  );
  await remove();
  assert.equal(await create(group({ ...unsaid, NumCacheClusters: 2 })), 'CREATE_COMPLETE');
  const [made] = (await elasticache.describeReplicationGroups()).ReplicationGroups!;
  assert.equal(made!.AutomaticFailover, 'enabled');
  await remove();
  const off = { AutomaticFailoverEnabled: false, NumCacheClusters: 1 };
  assert.equal(await create(group(off)), 'CREATE_COMPLETE');
  await remove();
});

test('redis becomes valkey in place', async (test) => {
  const { elasticache, create, update, remove, idOf } = await start(test);
  assert.equal(await create(group({ NumCacheClusters: 2, EngineVersion: '7.1' })), 'CREATE_COMPLETE');
  const id = await idOf('Group');
  const valkey = { Engine: 'valkey', EngineVersion: '8.0', NumCacheClusters: 2 };
  assert.equal(await update(group(valkey)), 'UPDATE_COMPLETE');
  assert.equal(await idOf('Group'), id);
  const [found] = (await elasticache.describeReplicationGroups()).ReplicationGroups!;
  assert.equal(found!.Engine, 'valkey');
  await remove();
});

test('the source of snapshots is for groups with cluster mode off', async (test) => {
  const { elasticache, create, remove, reasons } = await start(test);
  const named = { ReplicationGroupId: 'named', SnapshottingClusterId: 'named-002' };
  assert.equal(await create(group({ ...named, NumCacheClusters: 2 })), 'CREATE_COMPLETE');
  const [made] = (await elasticache.describeReplicationGroups()).ReplicationGroups!;
  assert.equal(made!.SnapshottingClusterId, 'named-002');
  await remove();
  assert.equal(await create(sharded({ SnapshottingClusterId: 'x-0001-001' })), 'ROLLBACK_COMPLETE');
  assert.ok(
    (await reasons()).some((reason) =>
      reason.startsWith('Cannot set snapshotting cluster for cluster mode enabled replication group.'),
    ),
  );
  await remove();
  assert.deepEqual((await elasticache.describeReplicationGroups()).ReplicationGroups, []);
});

const sharded = (properties: object, more: object = {}) =>
  group(
    {
      CacheParameterGroupName: 'default.redis7.cluster.on',
      NumNodeGroups: 2,
      ReplicasPerNodeGroup: 1,
      ...properties,
    },
    more,
  );
const ONLINE = { UpdatePolicy: { UseOnlineResharding: true } };

test('shards and their replicas change in place where the update policy says so', async (test) => {
  // Slots move between real nodes only.
  const millpond = await startTestMillpond();
  test.after(() => millpond.stop());
  const { elasticache, create, update, remove, idOf } = await start(test, millpond.url);
  assert.equal(await create(sharded({}, ONLINE)), 'CREATE_COMPLETE');
  const id = await idOf('Group');
  const shape = async () => {
    const { ReplicationGroups } = await elasticache.describeReplicationGroups({ ReplicationGroupId: id });
    return ReplicationGroups![0]!.NodeGroups!.map(({ NodeGroupMembers }) => NodeGroupMembers!.length);
  };
  assert.equal(await update(sharded({ NumNodeGroups: 3 }, ONLINE)), 'UPDATE_COMPLETE');
  assert.deepEqual(await shape(), [2, 2, 2]);
  assert.equal(
    await update(sharded({ NumNodeGroups: 3, ReplicasPerNodeGroup: 2 }, ONLINE)),
    'UPDATE_COMPLETE',
  );
  assert.deepEqual(await shape(), [3, 3, 3]);
  assert.equal(
    await update(sharded({ NumNodeGroups: 1, ReplicasPerNodeGroup: 1 }, ONLINE)),
    'UPDATE_COMPLETE',
  );
  assert.deepEqual(await shape(), [2]);
  assert.equal(await idOf('Group'), id);
  assert.equal(await remove(), 'DELETE_COMPLETE');
});

test('shards replace the group otherwise; one with a name of its own stays', async (test) => {
  const { elasticache, create, update, idOf, reasons } = await start(test);
  assert.equal(await create(sharded({})), 'CREATE_COMPLETE');
  const first = await idOf('Group');
  assert.equal(await update(sharded({ NumNodeGroups: 1 })), 'UPDATE_COMPLETE');
  const second = await idOf('Group');
  assert.notEqual(second, first);
  const { ReplicationGroups } = await elasticache.describeReplicationGroups();
  assert.deepEqual(
    ReplicationGroups!.map(({ ReplicationGroupId }) => ReplicationGroupId),
    [second],
  );
  const named = sharded({ NumNodeGroups: 1, ReplicationGroupId: 'mine' });
  assert.equal(await update(named), 'UPDATE_COMPLETE');
  assert.equal(
    await update(sharded({ NumNodeGroups: 2, ReplicationGroupId: 'mine' })),
    'UPDATE_ROLLBACK_COMPLETE',
  );
  assert.equal(await idOf('Group'), 'mine');
  assert.ok((await reasons()).some((reason) => /custom-named resource requires replacing/.test(reason)));
});

test('what is changed within node groups is refused rather than forgotten', async (test) => {
  const { create, update, reasons } = await start(test);
  const described = (slots: string[]) =>
    group(
      {
        CacheParameterGroupName: 'default.redis7.cluster.on',
        NodeGroupConfiguration: slots.map((Slots) => ({ Slots, ReplicaCount: 1 })),
      },
      ONLINE,
    );
  assert.equal(await create(described(['0-8000', '8001-16383'])), 'CREATE_COMPLETE');
  assert.equal(await update(described(['0-9000', '9001-16383'])), 'UPDATE_ROLLBACK_COMPLETE');
  assert.ok((await reasons()).some((reason) => /Only the number of node groups/.test(reason)));
});

test('clusters, subnet groups and parameter groups, with what they refer to', async (test) => {
  const { elasticache, create, update, remove, idOf } = await start(test);
  const all = ({
    description = 'd',
    policy = 'allkeys-lru',
    nodeType = 'cache.t4g.micro',
  } = {}): Resources => ({
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Subnet: {
      Type: 'AWS::EC2::Subnet',
      Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.1.0/24', AvailabilityZone: 'us-east-1a' },
    },
    Subnets: {
      Type: 'AWS::ElastiCache::SubnetGroup',
      Properties: { Description: description, SubnetIds: [{ Ref: 'Subnet' }] },
    },
    Parameters: {
      Type: 'AWS::ElastiCache::ParameterGroup',
      Properties: {
        CacheParameterGroupFamily: 'redis7',
        Description: 'd',
        Properties: { 'maxmemory-policy': policy },
      },
    },
    Cluster: {
      Type: 'AWS::ElastiCache::CacheCluster',
      Properties: {
        CacheNodeType: nodeType,
        Engine: 'redis',
        NumCacheNodes: 1,
        CacheSubnetGroupName: { Ref: 'Subnets' },
        CacheParameterGroupName: { Ref: 'Parameters' },
        Tags: [{ Key: 'type', Value: nodeType }],
      },
      DeletionPolicy: 'Snapshot',
    },
  });
  assert.equal(await create(all()), 'CREATE_COMPLETE');
  const [cluster, subnets, parameters] = [
    await idOf('Cluster'),
    await idOf('Subnets'),
    await idOf('Parameters'),
  ];
  const changed = all({ description: 'other', policy: 'volatile-ttl', nodeType: 'cache.m7g.large' });
  assert.equal(await update(changed), 'UPDATE_COMPLETE');
  assert.deepEqual(
    [await idOf('Cluster'), await idOf('Subnets'), await idOf('Parameters')],
    [cluster, subnets, parameters],
  );
  const { CacheClusters } = await elasticache.describeCacheClusters({ CacheClusterId: cluster });
  assert.equal(CacheClusters![0]!.CacheNodeType, 'cache.m7g.large');
  assert.equal(CacheClusters![0]!.CacheSubnetGroupName, subnets);
  const { CacheSubnetGroups } = await elasticache.describeCacheSubnetGroups({
    CacheSubnetGroupName: subnets,
  });
  assert.equal(CacheSubnetGroups![0]!.CacheSubnetGroupDescription, 'other');
  const own = await elasticache.describeCacheParameters({
    CacheParameterGroupName: parameters,
    Source: 'user',
  });
  assert.deepEqual(
    own.Parameters!.map(({ ParameterName, ParameterValue }) => [ParameterName, ParameterValue]),
    [['maxmemory-policy', 'volatile-ttl']],
  );
  assert.equal(await remove(), 'DELETE_COMPLETE');
  assert.deepEqual((await elasticache.describeCacheClusters()).CacheClusters, []);
});
