// What ElastiCache refuses, and with which error: the SDK's name of it, the code on the wire, the HTTP status. Codes
// are exact; texts only where the real service's own is known.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as sdk from '@aws-sdk/client-elasticache';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import {
  clusterNotFound,
  eventually,
  groupNotFound,
  invalidClusterState,
  invalidCombination,
  invalidGroupState,
  invalidValue,
  rejectsWith,
  told,
  untilAvailable,
  untilClusterAvailable,
  type WireError,
} from '../support/replication-groups.ts';

let millpond: TestMillpond;
let client: sdk.ElastiCacheClient;

const OFF = 'off';
const ON = 'on';
const LONE = 'lone';

before(async () => {
  millpond = await startTestMillpond({ testFailoverQuota: true });
  client = millpond.elasticache;
  await Promise.all([
    create({ ReplicationGroupId: OFF, NumCacheClusters: 2, AutomaticFailoverEnabled: true }),
    create({ ReplicationGroupId: ON, NumNodeGroups: 2, ReplicasPerNodeGroup: 0 }),
    client.send(new sdk.CreateCacheClusterCommand({ CacheClusterId: LONE })),
    client.send(
      new sdk.CreateCacheParameterGroupCommand({
        CacheParameterGroupName: 'mine',
        CacheParameterGroupFamily: 'redis7',
        Description: 'mine',
      }),
    ),
  ]);
  await Promise.all([
    untilAvailable(client, OFF),
    untilAvailable(client, ON),
    untilClusterAvailable(client, LONE),
  ]);
});
after(() => millpond?.stop());

type Create = Partial<sdk.CreateReplicationGroupCommandInput>;
const create = (input: Create) =>
  client.send(
    new sdk.CreateReplicationGroupCommand({
      ReplicationGroupId: 'new',
      ReplicationGroupDescription: 'new',
      ...input,
    }),
  );
const createCluster = (input: Partial<sdk.CreateCacheClusterCommandInput>) =>
  client.send(new sdk.CreateCacheClusterCommand({ CacheClusterId: 'new', Engine: 'redis', ...input }));
const modify = (ReplicationGroupId: string, input: Partial<sdk.ModifyReplicationGroupCommandInput>) =>
  client.send(
    new sdk.ModifyReplicationGroupCommand({ ReplicationGroupId, ApplyImmediately: true, ...input }),
  );

const wire = (name: string, code: string, status: number, message?: string): WireError => ({
  name,
  code,
  status,
  ...(message && { message }),
});

const alreadyExists = wire('ReplicationGroupAlreadyExistsFault', 'ReplicationGroupAlreadyExists', 400);
const subnetGroupNotFound = wire('CacheSubnetGroupNotFoundFault', 'CacheSubnetGroupNotFoundFault', 400);
const parameterGroupNotFound = wire('CacheParameterGroupNotFoundFault', 'CacheParameterGroupNotFound', 404);
const nodeQuota = wire('NodeQuotaForClusterExceededFault', 'NodeQuotaForClusterExceeded', 400);
const shardQuota = wire(
  'NodeGroupsPerReplicationGroupQuotaExceededFault',
  'NodeGroupsPerReplicationGroupQuotaExceeded',
  400,
);
const parameterGroupState = wire(
  'InvalidCacheParameterGroupStateFault',
  'InvalidCacheParameterGroupState',
  400,
);

/** Each case: what it is about, the request, the error. */
type Case = [title: string, request: () => Promise<unknown>, error: WireError];

function refuses(name: string, cases: Case[]): void {
  describe(name, { concurrency: true }, () => {
    for (const [title, request, expected] of cases) it(title, () => rejectsWith(request(), expected));
  });
}

refuses('CreateReplicationGroup refuses', [
  ['an id in use', () => create({ ReplicationGroupId: 'OFF' }), alreadyExists],
  ['an id that ends with a hyphen', () => create({ ReplicationGroupId: 'a-' }), invalidValue()],
  ['an id with two hyphens', () => create({ ReplicationGroupId: 'a--b' }), invalidValue()],
  ['an id of 41 characters', () => create({ ReplicationGroupId: 'a'.repeat(41) }), invalidValue()],
  [
    'failover with a single node',
    () => create({ NumCacheClusters: 1, AutomaticFailoverEnabled: true }),
    invalidCombination(
      'When using automatic failover, there must be at least 2 cache clusters in the replication group.',
    ),
  ],
  [
    'Multi-AZ with a single node',
    () => create({ NumCacheClusters: 1, MultiAZEnabled: true }),
    invalidValue('Must have at least 1 replica for Multi-AZ enabled Replication Group'),
  ],
  [
    'cluster mode without failover',
    () => create({ NumNodeGroups: 2, ReplicasPerNodeGroup: 1, AutomaticFailoverEnabled: false }),
    invalidValue('Redis with cluster mode enabled cannot be created with auto failover turned off.'),
  ],
  ['seven nodes', () => create({ NumCacheClusters: 7 }), invalidValue()],
  ['six replicas', () => create({ NumNodeGroups: 2, ReplicasPerNodeGroup: 6 }), invalidValue()],
  ['91 shards', () => create({ NumNodeGroups: 91 }), shardQuota],
  ['more than 90 nodes', () => create({ NumNodeGroups: 46, ReplicasPerNodeGroup: 1 }), nodeQuota],
  [
    'slots that leave some out',
    () =>
      create({
        NodeGroupConfiguration: [
          { NodeGroupId: '0001', Slots: '0-8000', ReplicaCount: 0 },
          { NodeGroupId: '0002', Slots: '9000-16383', ReplicaCount: 0 },
        ],
      }),
    invalidValue(),
  ],
  ['an unknown engine', () => create({ Engine: 'memcached' }), invalidValue()],
  [
    'an unknown version',
    () => create({ Engine: 'redis', EngineVersion: '7.4' }),
    invalidCombination('Cannot find version 7.4 for redis'),
  ],
  ['an unknown node type', () => create({ CacheNodeType: 'cache.huge' }), invalidValue()],
  [
    'an unknown parameter group',
    () => create({ CacheParameterGroupName: 'nobody' }),
    { ...parameterGroupNotFound, message: 'CacheParameterGroup not found: nobody' },
  ],
  [
    'a parameter group of another family',
    () => create({ EngineVersion: '6.2', CacheParameterGroupName: 'default.redis7' }),
    invalidCombination('Expected a parameter group of family redis6.x but found one of family redis7'),
  ],
  ['an unknown subnet group', () => create({ CacheSubnetGroupName: 'nobody' }), subnetGroupNotFound],
  ...[80, 1149, 8005, 65_536].map(
    (port): Case => [
      `the port ${port}`,
      () => create({ Port: port }),
      invalidValue(`Invalid endpoint port: ${port}. Valid range is 1150-8004,8006-65535`),
    ],
  ),
  ['a zone of another region', () => create({ PreferredCacheClusterAZs: ['eu-west-1a'] }), invalidValue()],
  ['an unknown primary cluster', () => create({ PrimaryClusterId: 'nobody' }), clusterNotFound()],
  [
    'more than 50 tags',
    () => create({ Tags: Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: 'v' })) }),
    wire('TagQuotaPerResourceExceeded', 'TagQuotaPerResourceExceeded', 400),
  ],
]);

refuses('what Millpond does not do yet is refused by name:', [
  ['TLS', () => create({ TransitEncryptionEnabled: true }), invalidCombination(/TransitEncryptionEnabled/)],
  ['AUTH tokens', () => create({ AuthToken: 'a-token-of-at-least-16' }), invalidCombination(/AuthToken/)],
  ['user groups', () => create({ UserGroupIds: ['team'] }), invalidValue(/encryption-in-transit/)],
  ['snapshots', () => create({ SnapshotName: 'yesterday' }), invalidCombination(/SnapshotName/)],
  [
    'snapshots in S3',
    () => create({ SnapshotArns: ['arn:aws:s3:::bucket/a.rdb'] }),
    invalidCombination(/SnapshotArns/),
  ],
  [
    'global datastores',
    () => create({ GlobalReplicationGroupId: 'sgaui-all' }),
    invalidCombination(/GlobalReplicationGroupId/),
  ],
  [
    'AUTH on modify',
    () => modify(OFF, { AuthToken: 'a-token-of-at-least-16' }),
    invalidCombination(/AuthToken/),
  ],
  [
    'TLS on modify',
    () => modify(OFF, { TransitEncryptionEnabled: true }),
    invalidCombination(/TransitEncryptionEnabled/),
  ],
  [
    'final snapshots',
    () =>
      client.send(
        new sdk.DeleteReplicationGroupCommand({ ReplicationGroupId: OFF, FinalSnapshotIdentifier: 'last' }),
      ),
    invalidCombination(/FinalSnapshotIdentifier/),
  ],
  [
    'snapshots of clusters',
    () => createCluster({ SnapshotName: 'yesterday' }),
    invalidCombination(/Snapshot/),
  ],
]);

refuses('nobody is not found by', [
  [
    'DescribeReplicationGroups',
    () => client.send(new sdk.DescribeReplicationGroupsCommand({ ReplicationGroupId: 'nobody' })),
    groupNotFound('Replication group nobody not found.'),
  ],
  ['ModifyReplicationGroup', () => modify('nobody', {}), groupNotFound()],
  [
    'DeleteReplicationGroup',
    () => client.send(new sdk.DeleteReplicationGroupCommand({ ReplicationGroupId: 'nobody' })),
    groupNotFound(),
  ],
  [
    'TestFailover',
    () => client.send(new sdk.TestFailoverCommand({ ReplicationGroupId: 'nobody', NodeGroupId: '0001' })),
    groupNotFound(),
  ],
  [
    'TestFailover of a shard',
    () => client.send(new sdk.TestFailoverCommand({ ReplicationGroupId: OFF, NodeGroupId: '0007' })),
    wire('NodeGroupNotFoundFault', 'NodeGroupNotFoundFault', 404),
  ],
  [
    'IncreaseReplicaCount',
    () =>
      client.send(
        new sdk.IncreaseReplicaCountCommand({
          ReplicationGroupId: 'nobody',
          ApplyImmediately: true,
          NewReplicaCount: 1,
        }),
      ),
    groupNotFound(),
  ],
  [
    'ModifyReplicationGroupShardConfiguration',
    () =>
      client.send(
        new sdk.ModifyReplicationGroupShardConfigurationCommand({
          ReplicationGroupId: 'nobody',
          ApplyImmediately: true,
          NodeGroupCount: 1,
        }),
      ),
    groupNotFound(),
  ],
  [
    'DescribeCacheClusters',
    () => client.send(new sdk.DescribeCacheClustersCommand({ CacheClusterId: 'nobody' })),
    clusterNotFound('CacheCluster not found: nobody'),
  ],
  [
    'DeleteCacheCluster',
    () => client.send(new sdk.DeleteCacheClusterCommand({ CacheClusterId: 'nobody' })),
    clusterNotFound(),
  ],
  [
    'ModifyCacheCluster',
    () => client.send(new sdk.ModifyCacheClusterCommand({ CacheClusterId: 'nobody' })),
    clusterNotFound(),
  ],
  [
    'RebootCacheCluster',
    () =>
      client.send(
        new sdk.RebootCacheClusterCommand({ CacheClusterId: 'nobody', CacheNodeIdsToReboot: ['0001'] }),
      ),
    clusterNotFound(),
  ],
  ['CreateCacheCluster', () => createCluster({ ReplicationGroupId: 'nobody' }), groupNotFound()],
  [
    'DescribeCacheParameters',
    () => client.send(new sdk.DescribeCacheParametersCommand({ CacheParameterGroupName: 'nobody' })),
    parameterGroupNotFound,
  ],
  [
    'DeleteCacheSubnetGroup',
    () => client.send(new sdk.DeleteCacheSubnetGroupCommand({ CacheSubnetGroupName: 'nobody' })),
    subnetGroupNotFound,
  ],
  [
    'ListTagsForResource',
    () =>
      client.send(
        new sdk.ListTagsForResourceCommand({
          ResourceName: 'arn:aws:elasticache:us-east-1:000000000000:replicationgroup:nobody',
        }),
      ),
    groupNotFound(),
  ],
]);

refuses('cache clusters and small resources:', [
  [
    'an id in use',
    () => createCluster({ CacheClusterId: LONE }),
    wire('CacheClusterAlreadyExistsFault', 'CacheClusterAlreadyExists', 400),
  ],
  ['two nodes', () => createCluster({ NumCacheNodes: 2 }), invalidValue()],
  [
    'a primary deleted as a cluster',
    () => client.send(new sdk.DeleteCacheClusterCommand({ CacheClusterId: `${OFF}-001` })),
    invalidClusterState(
      `Cache cluster ${OFF}-001 is serving as primary for replication group ${OFF} and cannot be deleted. To delete the entire replication group, use DeleteReplicationGroup.`,
    ),
  ],
  [
    'a reboot with cluster mode on',
    () =>
      client.send(
        new sdk.RebootCacheClusterCommand({
          CacheClusterId: `${ON}-0001-001`,
          CacheNodeIdsToReboot: ['0001'],
        }),
      ),
    invalidClusterState(),
  ],
  [
    'no failover with cluster mode on',
    () => modify(ON, { AutomaticFailoverEnabled: false }),
    invalidCombination(
      'Turning off automatic failover for replication group with cluster mode enabled is not supported.',
    ),
  ],
  [
    'a snapshotting cluster with cluster mode on',
    () => modify(ON, { SnapshottingClusterId: `${ON}-0001-001` }),
    invalidCombination('Cannot set snapshotting cluster for cluster mode enabled replication group'),
  ],
  [
    'shards with cluster mode off',
    () =>
      client.send(
        new sdk.ModifyReplicationGroupShardConfigurationCommand({
          ReplicationGroupId: OFF,
          NodeGroupCount: 2,
          ApplyImmediately: true,
        }),
      ),
    invalidValue(),
  ],
  [
    'a test failover without a replica',
    () => client.send(new sdk.TestFailoverCommand({ ReplicationGroupId: ON, NodeGroupId: '0001' })),
    wire('TestFailoverNotAvailableFault', 'TestFailoverNotAvailableFault', 400),
  ],
  [
    'a parameter group twice',
    () =>
      client.send(
        new sdk.CreateCacheParameterGroupCommand({
          CacheParameterGroupName: 'mine',
          CacheParameterGroupFamily: 'redis7',
          Description: 'again',
        }),
      ),
    wire('CacheParameterGroupAlreadyExistsFault', 'CacheParameterGroupAlreadyExists', 400),
  ],
  [
    'a change of a default parameter group',
    () =>
      client.send(
        new sdk.ModifyCacheParameterGroupCommand({
          CacheParameterGroupName: 'default.redis7',
          ParameterNameValues: [{ ParameterName: 'timeout', ParameterValue: '20' }],
        }),
      ),
    parameterGroupState,
  ],
  [
    'a parameter that cannot be changed',
    () =>
      client.send(
        new sdk.ModifyCacheParameterGroupCommand({
          CacheParameterGroupName: 'mine',
          ParameterNameValues: [{ ParameterName: 'maxclients', ParameterValue: '5' }],
        }),
      ),
    invalidValue(),
  ],
  [
    'a subnet that does not exist',
    () =>
      client.send(
        new sdk.CreateCacheSubnetGroupCommand({
          CacheSubnetGroupName: 'nets',
          CacheSubnetGroupDescription: 'nets',
          SubnetIds: ['subnet-nobody'],
        }),
      ),
    invalidValue('Some input subnets in :[subnet-nobody] are invalid.'),
  ],
  [
    'an ARN that is none',
    () => client.send(new sdk.ListTagsForResourceCommand({ ResourceName: 'arn:aws' })),
    wire('InvalidARNFault', 'InvalidARN', 400),
  ],
  [
    'a tag that is not there',
    () =>
      client.send(
        new sdk.RemoveTagsFromResourceCommand({
          ResourceName: `arn:aws:elasticache:us-east-1:000000000000:replicationgroup:${OFF}`,
          TagKeys: ['nobody'],
        }),
      ),
    wire('TagNotFoundFault', 'TagNotFound', 404),
  ],
]);

describe('a group that is not available', () => {
  it('can be neither changed nor deleted twice', async () => {
    await create({ ReplicationGroupId: 'going', NumCacheClusters: 1 });
    await untilAvailable(client, 'going');
    const remove = () => client.send(new sdk.DeleteReplicationGroupCommand({ ReplicationGroupId: 'going' }));
    const outcomes = await Promise.allSettled([remove(), remove()]);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    assert.equal(refused.length, 1);
    await rejectsWith(Promise.reject(refused[0]!.reason), invalidGroupState());
  });
});

describe('operations that Millpond does not have', () => {
  it('answer that they are not implemented, by name', async () => {
    await assert.rejects(
      client.send(new sdk.CreateServerlessCacheCommand({ ServerlessCacheName: 'x', Engine: 'valkey' })),
      (error: Error & { $metadata: { httpStatusCode: number } }) => {
        assert.equal(error.$metadata.httpStatusCode, 501);
        assert.match(error.message, /CreateServerlessCache/);
        return true;
      },
    );
  });
});

describe('the quota of test failovers', () => {
  it('is AWS’s when it is asked for', async () => {
    const call = () =>
      client.send(new sdk.TestFailoverCommand({ ReplicationGroupId: OFF, NodeGroupId: '0001' }));
    for (let count = 1; count <= 15; count++) {
      await call();
      await eventually('the failed member is recovered', async () => {
        const lines = await told(client, `${OFF}-001`, `${OFF}-002`);
        return lines.filter((line) => line.includes('Finished recovery')).length === count;
      });
    }
    await rejectsWith(
      call(),
      wire('APICallRateForCustomerExceededFault', 'APICallRateForCustomerExceeded', 400),
    );
  });
});
