// Requests that come at once: names and addresses are given once, and what fails leaves no trace.

import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { ElastiCache } from '@aws-sdk/client-elasticache';
import { membersOf } from '../../src/services/elasticache/clusters/domain/model.ts';
import { type Engineless, startEngineless } from '../support/engineless.ts';

async function start(test: TestContext): Promise<Engineless & { client: ElastiCache }> {
  const engineless = await startEngineless(test);
  const client = new ElastiCache({
    endpoint: engineless.server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  test.after(() => client.destroy());
  return { ...engineless, client };
}

const group = (id: string, more: object = {}) => ({
  ReplicationGroupId: id,
  ReplicationGroupDescription: id,
  ...more,
});

/** The names of the errors; `ok` for what succeeded. */
async function outcomes(requests: Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(requests);
  return settled.map((one) => (one.status === 'fulfilled' ? 'ok' : (one.reason as Error).name)).sort();
}

const recorded = ({ elasticacheService }: Engineless) =>
  elasticacheService.elasticache.records.groups.listAll().map(({ value }) => value);

it('one id is given once', async (test) => {
  const { client, ...engineless } = await start(test);
  const same = Array.from({ length: 5 }, () => client.createReplicationGroup(group('one')));
  assert.deepEqual(await outcomes(same), [
    'ReplicationGroupAlreadyExistsFault',
    'ReplicationGroupAlreadyExistsFault',
    'ReplicationGroupAlreadyExistsFault',
    'ReplicationGroupAlreadyExistsFault',
    'ok',
  ]);
  const clusters = Array.from({ length: 3 }, () => client.createCacheCluster({ CacheClusterId: 'Two' }));
  assert.deepEqual(await outcomes(clusters), [
    'CacheClusterAlreadyExistsFault',
    'CacheClusterAlreadyExistsFault',
    'ok',
  ]);
  assert.deepEqual(
    recorded(engineless).map(({ id }) => id),
    ['one', 'two'],
  );
});

it('an address is given once', async (test) => {
  const { client, ...engineless } = await start(test);
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  await Promise.all([
    ...ids.map((id) => client.createReplicationGroup(group(id, { NumCacheClusters: 3 }))),
    ...ids.map((id) => client.createCacheCluster({ CacheClusterId: `${id}-alone` })),
  ]);
  await engineless.elasticacheService.controller.idle();
  await Promise.all(
    ids.map((id) =>
      client.increaseReplicaCount({ ReplicationGroupId: id, NewReplicaCount: 5, ApplyImmediately: true }),
    ),
  );
  const addresses = recorded(engineless)
    .flatMap(membersOf)
    .map(({ address }) => address);
  assert.equal(addresses.length, 42);
  assert.equal(new Set(addresses).size, 42);
});

it('a cluster and the member of a group do not bear one name', async (test) => {
  const { client, elasticacheService } = await start(test);
  await client.createCacheCluster({ CacheClusterId: 'x-001' });
  await assert.rejects(client.createReplicationGroup(group('x')), {
    name: 'ReplicationGroupAlreadyExistsFault',
  });
  await client.createReplicationGroup(group('y'));
  await assert.rejects(client.createCacheCluster({ CacheClusterId: 'y-001' }), {
    name: 'CacheClusterAlreadyExistsFault',
  });
  await client.createCacheCluster({ CacheClusterId: 'y-002' });
  await elasticacheService.controller.idle();
  const { ReplicationGroup } = await client.increaseReplicaCount({
    ReplicationGroupId: 'y',
    NewReplicaCount: 2,
    ApplyImmediately: true,
  });
  assert.deepEqual(ReplicationGroup?.MemberClusters, ['y-001', 'y-003', 'y-004']);
});

it('the reader of one group and the primary of another do not bear one name', async (test) => {
  const { client } = await start(test);
  await client.createReplicationGroup(group('app'));
  await client.createReplicationGroup(group('other-ro'));
  for (const id of ['app-ro', 'other']) {
    await assert.rejects(client.createReplicationGroup(group(id)), {
      name: 'InvalidParameterValueException',
    });
  }
});

it('a group that is deleted while another request waits is not found by that', async (test) => {
  const { client, elasticacheService } = await start(test);
  await client.createReplicationGroup(group('gone'));
  await elasticacheService.controller.idle();
  const names = await outcomes([
    client.deleteReplicationGroup({ ReplicationGroupId: 'gone' }),
    client.modifyReplicationGroup({
      ReplicationGroupId: 'gone',
      SecurityGroupIds: [],
      CacheNodeType: 'cache.t4g.small',
    }),
    client.increaseReplicaCount({ ReplicationGroupId: 'gone', NewReplicaCount: 2, ApplyImmediately: true }),
    client.deleteReplicationGroup({ ReplicationGroupId: 'gone' }),
  ]);
  for (const name of names) {
    assert.match(name, /^(ok|InvalidReplicationGroupStateFault|ReplicationGroupNotFoundFault)$/);
  }
});

it('a request that fails leaves no trace', async (test) => {
  const { client, ...engineless } = await start(test);
  await client.createReplicationGroup(group('here', { NumCacheClusters: 2, AutomaticFailoverEnabled: true }));
  await engineless.elasticacheService.controller.idle();
  const before = recorded(engineless);
  const failing: Promise<unknown>[] = [
    client.modifyReplicationGroup({
      ReplicationGroupId: 'here',
      ReplicationGroupDescription: 'changed',
      SnapshotWindow: '01:00-02:00',
      PrimaryClusterId: 'here-002',
    }),
    client.createReplicationGroup(
      group('not', { NumCacheClusters: 2, PreferredCacheClusterAZs: ['us-east-1a', 'mars-1a'] }),
    ),
    client.createCacheCluster({ CacheClusterId: 'not', Tags: [{ Key: 'aws:x', Value: 'y' }] }),
    client.decreaseReplicaCount({ ReplicationGroupId: 'here', NewReplicaCount: 0, ApplyImmediately: true }),
    client.testFailover({ ReplicationGroupId: 'here', NodeGroupId: '0002' }),
    client.modifyCacheCluster({
      CacheClusterId: 'here-001',
      SnapshotRetentionLimit: 3,
      EngineVersion: '7.0',
    }),
    client.createReplicationGroup(group('frac', { NumCacheClusters: 1.5 })),
  ];
  assert.ok((await outcomes(failing)).every((name) => name !== 'ok'));
  assert.deepEqual(recorded(engineless), before);
});

it('the last member can be retained, and the group is gone', async (test) => {
  const { client, elasticacheService } = await start(test);
  await client.createReplicationGroup(group('solo'));
  await elasticacheService.controller.idle();
  await client.deleteReplicationGroup({ ReplicationGroupId: 'solo', RetainPrimaryCluster: true });
  await assert.rejects(client.describeReplicationGroups({ ReplicationGroupId: 'solo' }), {
    name: 'ReplicationGroupNotFoundFault',
  });
  const { CacheClusters } = await client.describeCacheClusters({ CacheClusterId: 'solo-001' });
  assert.equal(CacheClusters?.[0]?.CacheClusterStatus, 'available');
  assert.equal(CacheClusters[0].ReplicationGroupId, undefined);
});
