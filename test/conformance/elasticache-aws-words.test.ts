// What ElastiCache refuses in words that users of AWS have quoted. Over nodes that are only pretended: nothing here
// depends on them.

import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { ElastiCache } from '@aws-sdk/client-elasticache';
import { SNS } from '@aws-sdk/client-sns';
import { type Engineless, startEngineless } from '../support/engineless.ts';
import { untilAvailable, untilClusterAvailable } from '../support/replication-groups.ts';

async function start(test: TestContext): Promise<Engineless & { client: ElastiCache; sns: SNS }> {
  const engineless = await startEngineless(test);
  const options = {
    endpoint: engineless.server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  const client = new ElastiCache(options);
  const sns = new SNS(options);
  test.after(() => client.destroy());
  test.after(() => sns.destroy());
  return { ...engineless, client, sns };
}

type Create = Partial<Parameters<ElastiCache['createReplicationGroup']>[0]>;
type Modify = Partial<Parameters<ElastiCache['modifyReplicationGroup']>[0]>;
type CreateCluster = Partial<Parameters<ElastiCache['createCacheCluster']>[0]>;

const VALUE = 'InvalidParameterValueException';
const COMBINATION = 'InvalidParameterCombinationException';
const CLUSTER_STATE = 'InvalidCacheClusterStateFault';
const GROUP_STATE = 'InvalidReplicationGroupStateFault';

const groupInput = (id: string, more: Create) => ({
  ReplicationGroupId: id,
  ReplicationGroupDescription: id,
  ...more,
});

it('CreateReplicationGroup', async (test) => {
  const { client } = await start(test);
  const cases: [Create, name: string, message: string][] = [
    ...[80, 8005, 1149, 65_536].map((Port): [Create, string, string] => [
      { Port },
      VALUE,
      `Invalid endpoint port: ${Port}. Valid range is 1150-8004,8006-65535`,
    ]),
    [
      { SnapshotWindow: '05:00-07:00', PreferredMaintenanceWindow: 'sun:06:00-sun:07:00' },
      VALUE,
      'The snapshot window and maintenance window must not overlap.',
    ],
    [
      { SnapshotRetentionLimit: 36 },
      VALUE,
      'Invalid snapshot retention limit: 36. Retention limit must be between 0 and 35.',
    ],
    [
      { NumNodeGroups: 2, ReplicasPerNodeGroup: 6 },
      VALUE,
      'The number of replicas per node group must be within 0 and 5.',
    ],
    [
      { NumNodeGroups: 2, CacheParameterGroupName: 'default.redis7' },
      COMBINATION,
      'Use a parameter group with cluster-enabled parameter to create more than one node group.',
    ],
    [
      { SnapshotArns: ['arn:aws:s3:::bucket/dump.rdb'], NumNodeGroups: 2 },
      COMBINATION,
      'Slots must be provided when restoring from snapshot ARNs with cluster mode enabled',
    ],
    [
      { UserGroupIds: ['team'] },
      VALUE,
      'User group based access control requires encryption-in-transit to be enabled on the replication group.',
    ],
    [
      { CacheSecurityGroupNames: ['old'], SecurityGroupIds: ['sg-1'] },
      COMBINATION,
      'Use of cache security groups is not permitted along with cache subnet group and/or security group Ids.',
    ],
    [
      { NumCacheClusters: 1, AutomaticFailoverEnabled: true },
      COMBINATION,
      'When using automatic failover, there must be at least 2 cache clusters in the replication group.',
    ],
  ];
  for (const [input, name, message] of cases)
    await assert.rejects(client.createReplicationGroup(groupInput('new', input)), { name, message });
  for (const Port of [1150, 8004, 8006, 65_535])
    await client.createReplicationGroup(groupInput(`p${Port}`, { Port }));
  await client.createReplicationGroup(
    groupInput('side', { SnapshotWindow: '05:00-06:00', PreferredMaintenanceWindow: 'sun:06:00-sun:07:00' }),
  );
});

it('descriptions are there and of a length to be read', async (test) => {
  const { client } = await start(test);
  const vast = 'x'.repeat(2_000_000);
  const refused = { name: VALUE };
  for (const ReplicationGroupDescription of [' ', vast])
    await assert.rejects(
      client.createReplicationGroup(groupInput('new', { ReplicationGroupDescription })),
      refused,
    );
  await assert.rejects(
    client.createCacheParameterGroup({
      ...{ CacheParameterGroupName: 'mine', CacheParameterGroupFamily: 'redis7', Description: vast },
    }),
    refused,
  );
  await assert.rejects(client.describeReplicationGroups({ Marker: 'noise' }), refused);
});

it('CreateCacheCluster', async (test) => {
  const { client } = await start(test);
  const cases: [CreateCluster, name: string, message: string | RegExp][] = [
    [
      { Engine: 'valkey' },
      VALUE,
      "This API doesn't support Valkey engine. Please use CreateReplicationGroup API for Valkey cluster creation.",
    ],
    [{ Engine: 'memcached', NumCacheNodes: 2 }, VALUE, /^Millpond does not run memcached/],
    [
      { NumCacheNodes: 2 },
      VALUE,
      'Cannot create a Redis cluster with a NumCacheNodes parameter greater than 1.',
    ],
    [
      { TransitEncryptionEnabled: true },
      COMBINATION,
      'Encryption feature is not supported for engine REDIS.',
    ],
  ];
  for (const [input, name, message] of cases)
    await assert.rejects(client.createCacheCluster({ CacheClusterId: 'new', ...input }), { name, message });
});

it('ModifyReplicationGroup', async (test) => {
  const { client } = await start(test);
  await client.createReplicationGroup(groupInput('off', { NumCacheClusters: 2 }));
  await client.createReplicationGroup(groupInput('on', { NumNodeGroups: 2, ReplicasPerNodeGroup: 0 }));
  for (const id of ['off', 'on']) await untilAvailable(client, id);
  const modify = (id: string, input: Modify) =>
    client.modifyReplicationGroup({ ReplicationGroupId: id, ApplyImmediately: true, ...input });
  const cases: [string, Modify, name: string, message: string | RegExp][] = [
    [
      'off',
      { SnapshotRetentionLimit: 3 },
      COMBINATION,
      'Must specify both SnapshotRetentionLimit and SnapshottingClusterId to turn on snapshots',
    ],
    [
      'on',
      { SnapshottingClusterId: 'on-0001-001' },
      COMBINATION,
      'Cannot set snapshotting cluster for cluster mode enabled replication group',
    ],
    [
      'off',
      { SnapshotWindow: '05:00-06:00', PreferredMaintenanceWindow: 'mon:05:30-mon:06:30' },
      VALUE,
      'The snapshot window and maintenance window must not overlap.',
    ],
    ['off', { EngineVersion: '6.2' }, COMBINATION, 'Cannot modify redis from 7.1.0 to 6.2.6'],
    ['off', { CacheNodeType: 'cache.m3.large' }, VALUE, /^Cannot modify the cache node type/],
    ['off', { CacheNodeType: 'cache.r6gd.xlarge' }, VALUE, /^Cannot modify the cache node type/],
  ];
  for (const [id, input, name, message] of cases) await assert.rejects(modify(id, input), { name, message });
  await modify('on', { SnapshotRetentionLimit: 3 });
  await modify('off', { SnapshotRetentionLimit: 3, SnapshottingClusterId: 'off-002' });
  await modify('off', { SnapshotRetentionLimit: 4 });
  await modify('off', { SnapshotRetentionLimit: 0 });
});

it('DeleteCacheCluster', async (test) => {
  const { client } = await start(test);
  await client.createReplicationGroup(groupInput('two', { NumCacheClusters: 2 }));
  await client.createReplicationGroup(groupInput('one', { NumCacheClusters: 1 }));
  await client.createReplicationGroup(
    groupInput('on', { NumNodeGroups: 1, ClusterMode: 'enabled', ReplicasPerNodeGroup: 1 }),
  );
  for (const id of ['two', 'one', 'on']) await untilAvailable(client, id);
  const cases: [string, string][] = [
    [
      'two-001',
      'Cache cluster two-001 is serving as primary for replication group two and cannot be deleted. ' +
        'To delete the entire replication group, use DeleteReplicationGroup.',
    ],
    [
      'one-001',
      'Cannot delete the cache cluster since it is the only member of a replication group. ' +
        'Delete the replication group instead.',
    ],
    ['on-0001-002', 'Cache cluster on-0001-002 is not in a valid state to be deleted'],
  ];
  for (const [CacheClusterId, message] of cases)
    await assert.rejects(client.deleteCacheCluster({ CacheClusterId }), { name: CLUSTER_STATE, message });
});

it('replicas come and go several at a time', async (test) => {
  const { client } = await start(test);
  await client.createReplicationGroup(groupInput('demo', { NumCacheClusters: 1 }));
  await untilAvailable(client, 'demo');
  const ids = ['one', 'two', 'three'];
  await Promise.all(
    ids.map((CacheClusterId) => client.createCacheCluster({ CacheClusterId, ReplicationGroupId: 'demo' })),
  );
  for (const id of ids) await untilClusterAvailable(client, id);
  const full = await untilAvailable(client, 'demo');
  assert.deepEqual(full.MemberClusters?.toSorted(), ['demo-001', ...ids].toSorted());
  await assert.rejects(
    client.createCacheCluster({ CacheClusterId: 'other', ReplicationGroupId: 'demo', Port: 7000 }),
    { name: COMBINATION, message: /^Port: / },
  );
  await Promise.all(ids.map((CacheClusterId) => client.deleteCacheCluster({ CacheClusterId })));
  const lonely = await untilAvailable(client, 'demo');
  assert.deepEqual(lonely.MemberClusters, ['demo-001']);
});

it('tags while a group is made', async (test) => {
  const { client, elasticacheService } = await start(test);
  const { ReplicationGroup } = await client.createReplicationGroup(
    groupInput('demo', { NumCacheClusters: 1 }),
  );
  const ResourceName = ReplicationGroup!.ARN!;
  await untilAvailable(client, 'demo');
  const scope = { accountId: '000000000000', region: 'us-east-1' };
  const record = elasticacheService.elasticache.records.groups.get(scope, 'demo')!;
  elasticacheService.elasticache.records.groups.put(scope, 'demo', { ...record, status: 'modifying' });
  const refused = {
    name: GROUP_STATE,
    message: 'Cluster not in available state to perform tagging operations.',
  };
  await assert.rejects(client.listTagsForResource({ ResourceName }), refused);
  await assert.rejects(client.removeTagsFromResource({ ResourceName, TagKeys: ['absent'] }), refused);
  elasticacheService.elasticache.records.groups.put(scope, 'demo', record);
  assert.deepEqual((await client.listTagsForResource({ ResourceName })).TagList, []);
});

it('topics', async (test) => {
  const { client, sns } = await start(test);
  const topic = async (Name: string, Attributes: Record<string, string> = {}) =>
    (await sns.createTopic({ Name, Attributes })).TopicArn!;
  const plain = await topic('plain');
  const policy = (Condition: object) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'SNS:Publish', Resource: '*', Condition },
      ],
    });
  const statuses: [NotificationTopicArn: string, status: string][] = [
    [plain, 'active'],
    [await topic('encrypted', { KmsMasterKeyId: 'alias/aws/sns' }), 'inactive'],
    [
      await topic('by-account', {
        Policy: policy({ StringEquals: { 'aws:SourceAccount': '000000000000' } }),
      }),
      'inactive',
    ],
    [
      await topic('by-owner', { Policy: policy({ StringEquals: { 'AWS:SourceOwner': '000000000000' } }) }),
      'active',
    ],
  ];
  await client.createReplicationGroup(groupInput('demo', { NumCacheClusters: 1 }));
  await untilAvailable(client, 'demo');
  const modify = (input: Modify) => client.modifyReplicationGroup({ ReplicationGroupId: 'demo', ...input });
  const shown = async () => {
    const { CacheClusters } = await client.describeCacheClusters({ CacheClusterId: 'demo-001' });
    return CacheClusters![0]!.NotificationConfiguration;
  };
  for (const [NotificationTopicArn, status] of statuses) {
    await modify({ NotificationTopicArn });
    assert.deepEqual(await shown(), { TopicArn: NotificationTopicArn, TopicStatus: status });
  }
  await modify({ NotificationTopicArn: statuses[1]![0], NotificationTopicStatus: 'active' });
  assert.equal((await shown())?.TopicStatus, 'inactive');
  await modify({ NotificationTopicArn: '' });
  assert.equal(await shown(), undefined);
  const foreign = [
    'topic',
    plain.replace('us-east-1', 'eu-west-1'),
    plain.replace('000000000000', '111111111111'),
    plain.replace(':sns:', ':sqs:'),
    plain.replace('arn:aws:', 'arn:aws-cn:'),
    `${plain}:subscription`,
  ];
  for (const NotificationTopicArn of foreign) {
    const refused = { name: VALUE };
    await assert.rejects(modify({ NotificationTopicArn }), refused, NotificationTopicArn);
    await assert.rejects(
      client.createReplicationGroup(groupInput('new', { NotificationTopicArn })),
      refused,
      NotificationTopicArn,
    );
  }
});

it('a group made of a cluster has what the cluster has', async (test) => {
  const { client } = await start(test);
  await client.createCacheCluster({ CacheClusterId: 'lone', Port: 7000 });
  await untilClusterAvailable(client, 'lone');
  const create = (input: Create) =>
    client.createReplicationGroup(groupInput('made', { PrimaryClusterId: 'lone', ...input }));
  const others: [Create, RegExp][] = [
    [{ Port: 7001 }, /^Port: /],
    [{ EngineVersion: '6.2' }, /^EngineVersion: /],
    [{ CacheNodeType: 'cache.m7g.large' }, /^CacheNodeType: /],
  ];
  for (const [input, message] of others) await assert.rejects(create(input), { name: COMBINATION, message });
  const { ReplicationGroup: made } = await create({
    Port: 7000,
    EngineVersion: '7.1',
    SnapshotRetentionLimit: 2,
  });
  assert.equal(made?.SnapshotRetentionLimit, 2);
});

it('new node groups bear the ids that a request gives them', async (test) => {
  const { client } = await start(test);
  const input = groupInput('demo', { ClusterMode: 'enabled', NumNodeGroups: 1, ReplicasPerNodeGroup: 0 });
  await client.createReplicationGroup(input);
  await untilAvailable(client, 'demo');
  const grow = async (...ids: string[]) => {
    const { ReplicationGroup: answer } = await client.modifyReplicationGroupShardConfiguration({
      ...{ ReplicationGroupId: 'demo', ApplyImmediately: true, NodeGroupCount: 2 },
      ReshardingConfiguration: ids.map((NodeGroupId) => ({ NodeGroupId })),
    });
    return answer?.NodeGroups?.map(({ NodeGroupId }) => NodeGroupId);
  };
  for (const ids of [['0007', '0008'], ['0000']])
    await assert.rejects(grow(...ids), {
      name: VALUE,
      message: /^The following node group ids are invalid: /,
    });
  assert.deepEqual(await grow('0001', '0007'), ['0001', '0007']);
});

it('what exists already, and what there is not', async (test) => {
  const { client } = await start(test);
  await client.createReplicationGroup(groupInput('g', { NumCacheClusters: 2 }));
  await client.createCacheCluster({ CacheClusterId: 'alone', Engine: 'redis' });
  await untilAvailable(client, 'g');
  await untilClusterAvailable(client, 'alone');
  const ParameterGroup = {
    CacheParameterGroupName: 'p',
    CacheParameterGroupFamily: 'redis7',
    Description: 'd',
  };
  await client.createCacheParameterGroup(ParameterGroup);
  const absent = { CacheParameterGroupName: 'none' };
  const cluster = 'arn:aws:elasticache:us-east-1:000000000000:cluster:none';
  const notFound = 'CacheClusterNotFoundFault';
  const cases: [Promise<unknown>, name: string, message: string][] = [
    [
      client.createReplicationGroup(groupInput('g', {})),
      'ReplicationGroupAlreadyExistsFault',
      'Replication group with specified name already exists.',
    ],
    [
      client.createCacheCluster({ CacheClusterId: 'alone', Engine: 'redis' }),
      'CacheClusterAlreadyExistsFault',
      'Cache cluster already exists',
    ],
    [client.describeCacheClusters({ CacheClusterId: 'none' }), notFound, 'CacheCluster not found: none'],
    [client.modifyCacheCluster({ CacheClusterId: 'none' }), notFound, 'CacheCluster not found: none'],
    [
      client.listTagsForResource({ ResourceName: cluster }),
      notFound,
      'none is either not present or not available.',
    ],
    [
      client.modifyReplicationGroup({
        ...{ ReplicationGroupId: 'g', SnapshotRetentionLimit: 1, ApplyImmediately: true },
        SnapshottingClusterId: 'g-009',
      }),
      notFound,
      'Specified snapshotting cluster does not exist',
    ],
    [
      client.createCacheParameterGroup(ParameterGroup),
      'CacheParameterGroupAlreadyExistsFault',
      'Parameter group p already exists',
    ],
    [
      client.describeCacheParameterGroups(absent),
      'CacheParameterGroupNotFoundFault',
      'CacheParameterGroup none not found.',
    ],
    [
      client.deleteCacheParameterGroup(absent),
      'CacheParameterGroupNotFoundFault',
      'CacheParameterGroupnot found: none',
    ],
    [
      client.createReplicationGroup(groupInput('other', absent)),
      'CacheParameterGroupNotFoundFault',
      'CacheParameterGroup not found: none',
    ],
  ];
  for (const [work, name, message] of cases) await assert.rejects(work, { name, message });
});
