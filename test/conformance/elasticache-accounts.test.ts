// Who sees what: accounts and regions apart, pages, tags, subnet groups and engine versions, through the AWS SDK.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as sdk from '@aws-sdk/client-elasticache';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import {
  describeGroup,
  groupNotFound,
  invalidValue,
  rejectsWith,
  untilAvailable,
} from '../support/replication-groups.ts';

let millpond: TestMillpond;
let client: sdk.ElastiCacheClient;
const clients: sdk.ElastiCacheClient[] = [];

before(async () => {
  millpond = await startTestMillpond();
  client = millpond.elasticache;
});
after(async () => {
  for (const other of clients) other.destroy();
  await millpond?.stop();
});

function clientOf(region: string, accessKeyId: string): sdk.ElastiCacheClient {
  const other = new sdk.ElastiCacheClient({
    endpoint: millpond.url,
    region,
    credentials: { accessKeyId, secretAccessKey: 'test' },
  });
  clients.push(other);
  return other;
}

const createGroup = (to: sdk.ElastiCacheClient, id: string, rest = {}) =>
  to.send(
    new sdk.CreateReplicationGroupCommand({
      ReplicationGroupId: id,
      ReplicationGroupDescription: id,
      NumCacheClusters: 1,
      ...rest,
    }),
  );

describe('accounts and regions', () => {
  it('each have a group of the same name, under names of their own', async () => {
    const theirs = clientOf('us-east-1', '111122223333');
    const tokyo = clientOf('ap-northeast-1', 'test');
    const groups = await Promise.all(
      [client, theirs, tokyo].map(async (each) => {
        await createGroup(each, 'same');
        return await untilAvailable(each, 'same');
      }),
    );
    assert.deepEqual(
      groups.map((group) => group.ARN),
      [
        'arn:aws:elasticache:us-east-1:000000000000:replicationgroup:same',
        'arn:aws:elasticache:us-east-1:111122223333:replicationgroup:same',
        'arn:aws:elasticache:ap-northeast-1:000000000000:replicationgroup:same',
      ],
    );
    const names = groups.map((group) => group.NodeGroups![0]!.PrimaryEndpoint!.Address!);
    const patterns = [/\.use1\.cache/, /\.use1\.cache/, /\.apne1\.cache/];
    for (const [index, name] of names.entries()) assert.match(name, patterns[index]!);
    const addresses = await Promise.all(names.map((name) => millpond.resolver.resolve4(name)));
    assert.equal(new Set(addresses.flat()).size, 3);

    await theirs.send(new sdk.DeleteReplicationGroupCommand({ ReplicationGroupId: 'same' }));
    assert.equal((await describeGroup(client, 'same')).Status, 'available');
    const events = await tokyo.send(new sdk.DescribeEventsCommand({}));
    assert.ok(events.Events!.some((event) => event.Message === 'Replication group same created'));
    await rejectsWith(
      tokyo.send(new sdk.DescribeReplicationGroupsCommand({ ReplicationGroupId: 'other' })),
      groupNotFound(),
    );
  });
});

describe('pages', () => {
  const ids = Array.from({ length: 23 }, (_, index) => `group-${String(index).padStart(2, '0')}`);

  it('hold between 20 and 100, and follow on from each other', async () => {
    const pages = clientOf('eu-west-1', 'test');
    for (const id of ids) {
      await pages.send(
        new sdk.CreateCacheParameterGroupCommand({
          CacheParameterGroupName: id,
          CacheParameterGroupFamily: 'redis7',
          Description: id,
        }),
      );
    }
    const found: string[] = [];
    const sizes: number[] = [];
    for await (const page of sdk.paginateDescribeCacheParameterGroups({ client: pages, pageSize: 20 }, {})) {
      sizes.push(page.CacheParameterGroups!.length);
      found.push(...page.CacheParameterGroups!.map((group) => group.CacheParameterGroupName!));
    }
    assert.deepEqual(
      found.filter((name) => name.startsWith('group-')),
      ids,
    );
    assert.equal(new Set(found).size, found.length);
    assert.ok(sizes.slice(0, -1).every((size) => size === 20));
    for (const MaxRecords of [19, 101]) {
      await rejectsWith(
        pages.send(new sdk.DescribeCacheParameterGroupsCommand({ MaxRecords })),
        invalidValue(),
      );
    }
  });

  it('of events come newest first, within the window asked for', async () => {
    const events: sdk.Event[] = [];
    for await (const page of sdk.paginateDescribeEvents({ client, pageSize: 20 }, { Duration: 60 })) {
      events.push(...page.Events!);
    }
    const dates = events.map((event) => event.Date!.getTime());
    assert.deepEqual(
      dates,
      [...dates].sort((a, b) => b - a),
    );
    const clusters = await client.send(
      new sdk.DescribeEventsCommand({ SourceType: 'cache-cluster', SourceIdentifier: 'same-001' }),
    );
    assert.equal(clusters.Events!.length, 3);
    await rejectsWith(client.send(new sdk.DescribeEventsCommand({ Duration: 20_161 })), invalidValue());
  });
});

describe('tags', () => {
  it('are given at creation, added, replaced, removed and forgotten', async () => {
    await createGroup(client, 'tagged', { Tags: [{ Key: 'team', Value: 'a' }] });
    const { ARN: ResourceName } = await untilAvailable(client, 'tagged');
    const list = async () =>
      (await client.send(new sdk.ListTagsForResourceCommand({ ResourceName }))).TagList!.map(
        ({ Key, Value }) => [Key, Value],
      );
    assert.deepEqual(await list(), [['team', 'a']]);
    const added = await client.send(
      new sdk.AddTagsToResourceCommand({
        ResourceName,
        Tags: [
          { Key: 'team', Value: 'b' },
          { Key: 'stage', Value: 'test' },
        ],
      }),
    );
    assert.equal(added.TagList!.length, 2);
    const removed = await client.send(
      new sdk.RemoveTagsFromResourceCommand({ ResourceName, TagKeys: ['stage'] }),
    );
    assert.deepEqual(
      removed.TagList!.map(({ Key, Value }) => [Key, Value]),
      [['team', 'b']],
    );
    assert.deepEqual(await list(), [['team', 'b']]);
    await client.send(new sdk.DeleteReplicationGroupCommand({ ReplicationGroupId: 'tagged' }));
    await sdk.waitUntilReplicationGroupDeleted(
      { client, maxWaitTime: 120, minDelay: 1, maxDelay: 1 },
      { ReplicationGroupId: 'tagged' },
    );
    await rejectsWith(list(), groupNotFound());
  });
});

describe('what groups are made of', () => {
  it('subnet groups decide the zones', async () => {
    const { CacheSubnetGroups } = await client.send(
      new sdk.DescribeCacheSubnetGroupsCommand({ CacheSubnetGroupName: 'default' }),
    );
    const subnets = CacheSubnetGroups![0]!.Subnets!.filter((subnet) =>
      ['us-east-1e', 'us-east-1f'].includes(subnet.SubnetAvailabilityZone!.Name!),
    );
    await client.send(
      new sdk.CreateCacheSubnetGroupCommand({
        CacheSubnetGroupName: 'nets',
        CacheSubnetGroupDescription: 'two zones',
        SubnetIds: subnets.map((subnet) => subnet.SubnetIdentifier!),
      }),
    );
    await createGroup(client, 'placed', {
      CacheSubnetGroupName: 'nets',
      NumCacheClusters: 2,
      MultiAZEnabled: true,
    });
    const group = await untilAvailable(client, 'placed');
    assert.equal(group.AutomaticFailover, 'enabled', 'Multi-AZ turns it on');
    assert.deepEqual(
      group.NodeGroups![0]!.NodeGroupMembers!.map((member) => member.PreferredAvailabilityZone).sort(),
      ['us-east-1e', 'us-east-1f'],
    );
    await rejectsWith(client.send(new sdk.DeleteCacheSubnetGroupCommand({ CacheSubnetGroupName: 'nets' })), {
      name: 'CacheSubnetGroupInUse',
      code: 'CacheSubnetGroupInUse',
      status: 400,
    });
  });

  it('engine versions are those that AWS lists', async () => {
    const versionsOf = async (input: sdk.DescribeCacheEngineVersionsCommandInput) =>
      (await client.send(new sdk.DescribeCacheEngineVersionsCommand(input))).CacheEngineVersions!;
    const redis = await versionsOf({ Engine: 'redis' });
    assert.ok(redis.some((version) => version.EngineVersion?.startsWith('7.1')));
    const [newest, ...others] = await versionsOf({ Engine: 'valkey', DefaultOnly: true });
    assert.equal(others.length, 0);
    assert.match(newest!.CacheParameterGroupFamily!, /^valkey\d$/);
    const family = await versionsOf({ CacheParameterGroupFamily: 'redis6.x' });
    assert.ok(family.length > 0 && family.every((version) => version.EngineVersion!.startsWith('6.')));
  });
});
