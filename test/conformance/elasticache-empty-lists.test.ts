// Describe operations of what there is none of: scripts that take an inventory get an empty list, not an error.

import assert from 'node:assert/strict';
import { before, it } from 'node:test';
import { ElastiCache } from '@aws-sdk/client-elasticache';
import { startEngineless } from '../support/engineless.ts';

let client: ElastiCache;

before(async (test) => {
  const { server } = await startEngineless(test as never);
  client = new ElastiCache({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});

type Call = (input: object) => Promise<object>;
/** Operation, the member of its answer, what names one and the error of one that is not there. */
const LISTS: [operation: string, list: string, names?: Record<string, string>, error?: string][] = [
  [
    'describeCacheSecurityGroups',
    'CacheSecurityGroups',
    { CacheSecurityGroupName: 'x' },
    'CacheSecurityGroupNotFoundFault',
  ],
  [
    'describeGlobalReplicationGroups',
    'GlobalReplicationGroups',
    { GlobalReplicationGroupId: 'x' },
    'GlobalReplicationGroupNotFoundFault',
  ],
  [
    'describeReservedCacheNodes',
    'ReservedCacheNodes',
    { ReservedCacheNodeId: 'x' },
    'ReservedCacheNodeNotFoundFault',
  ],
  [
    'describeReservedCacheNodesOfferings',
    'ReservedCacheNodesOfferings',
    { ReservedCacheNodesOfferingId: 'x' },
    'ReservedCacheNodesOfferingNotFoundFault',
  ],
  [
    'describeServerlessCaches',
    'ServerlessCaches',
    { ServerlessCacheName: 'x' },
    'ServerlessCacheNotFoundFault',
  ],
  [
    'describeServerlessCacheSnapshots',
    'ServerlessCacheSnapshots',
    { ServerlessCacheSnapshotName: 'x' },
    'ServerlessCacheSnapshotNotFoundFault',
  ],
  ['describeServiceUpdates', 'ServiceUpdates', { ServiceUpdateName: 'x' }, 'ServiceUpdateNotFoundFault'],
  ['describeSnapshots', 'Snapshots', { SnapshotName: 'x' }, 'SnapshotNotFoundFault'],
  ['describeUpdateActions', 'UpdateActions'],
  ['describeUserGroups', 'UserGroups', { UserGroupId: 'x' }, 'UserGroupNotFoundFault'],
  ['describeUsers', 'Users', { UserId: 'x' }, 'UserNotFoundFault'],
];

for (const [operation, list, names, error] of LISTS) {
  it(operation, async () => {
    const call: Call = (client as unknown as Record<string, Call>)[operation]!.bind(client);
    const found = (await call({})) as Record<string, object[]>;
    assert.deepEqual(found[list]?.length, operation === 'describeUsers' ? 1 : 0);
    assert.equal(found.Marker ?? found.NextToken, undefined);
    if (names) await assert.rejects(call(names), { name: error });
    const isServerless = operation.startsWith('describeServerless');
    const bad = isServerless
      ? [{ MaxResults: 51 }, { NextToken: 'x' }]
      : [{ MaxRecords: 19 }, { Marker: 'x' }];
    for (const input of bad)
      await assert.rejects(call(input), { name: 'InvalidParameterValueException' }, JSON.stringify(input));
  });
}

it('the user of every account', async () => {
  const { Users } = await client.describeUsers({ UserId: 'default' });
  assert.deepEqual(Users, [
    {
      UserId: 'default',
      UserName: 'default',
      Status: 'active',
      Engine: 'redis',
      MinimumEngineVersion: '6.0',
      AccessString: 'on ~* +@all',
      UserGroupIds: [],
      Authentication: { Type: 'no-password' },
      ARN: 'arn:aws:elasticache:us-east-1:000000000000:user:default',
    },
  ]);
  const count = async (input: object) => (await client.describeUsers(input)).Users!.length;
  assert.equal(await count({ Engine: 'valkey' }), 0);
  assert.equal(await count({ Filters: [{ Name: 'user-id', Values: ['other', 'default'] }] }), 1);
  assert.equal(await count({ Filters: [{ Name: 'user-name', Values: ['other'] }] }), 0);
  await assert.rejects(count({ Filters: [{ Name: 'colour', Values: ['blue'] }] }), {
    name: 'InvalidParameterValueException',
  });
});

it('values that the model does not know', async () => {
  const refused = { name: 'InvalidParameterValueException' };
  await assert.rejects(client.describeSnapshots({ SnapshotSource: 'noise' }), refused);
  await assert.rejects(client.describeSnapshots({ MaxRecords: 51 }), refused);
  await assert.rejects(client.describeServiceUpdates({ ServiceUpdateStatus: ['noise' as never] }), refused);
  await assert.rejects(
    client.describeUpdateActions({ CacheClusterIds: Array.from({ length: 21 }, String) }),
    refused,
  );
});
