// Other node types and versions, another primary, failover on and off, other words: what ModifyReplicationGroup answers
// and where it ends, as the AWS SDK sees it.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  CreateReplicationGroupCommand,
  type CreateReplicationGroupCommandInput,
  type ElastiCacheClient,
  IncreaseReplicaCountCommand,
  ListAllowedNodeTypeModificationsCommand,
  ModifyReplicationGroupCommand,
  type ReplicationGroup,
} from '@aws-sdk/client-elasticache';
import { atEndpoint } from '../support/endpoint.ts';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import {
  describeCluster,
  invalidCombination,
  invalidGroupState,
  invalidValue,
  rejectsWith,
  told,
  untilAvailable,
} from '../support/replication-groups.ts';

let millpond: TestMillpond;
let client: ElastiCacheClient;

before(async () => {
  millpond = await startTestMillpond();
  client = millpond.elasticache;
});
after(() => millpond?.stop());

async function create(
  ReplicationGroupId: string,
  rest: Partial<CreateReplicationGroupCommandInput>,
): Promise<ReplicationGroup> {
  const input = { ReplicationGroupId, ReplicationGroupDescription: 'to be scaled', ...rest };
  await client.send(new CreateReplicationGroupCommand(input));
  return await untilAvailable(client, ReplicationGroupId);
}

const modify = (
  ReplicationGroupId: string,
  changes: Omit<ConstructorParameters<typeof ModifyReplicationGroupCommand>[0], 'ReplicationGroupId'>,
) => client.send(new ModifyReplicationGroupCommand({ ReplicationGroupId, ...changes }));

const primaryOf = (group: ReplicationGroup) =>
  group.NodeGroups![0]!.NodeGroupMembers!.find((member) => member.CurrentRole === 'primary')!.CacheClusterId;

describe('modifications', { concurrency: true }, () => {
  it('of a node type roll through the members, replicas first', async () => {
    const id = 'types';
    await create(id, {
      NumCacheClusters: 2,
      AutomaticFailoverEnabled: true,
      CacheNodeType: 'cache.t4g.micro',
    });
    const allowed = await client.send(
      new ListAllowedNodeTypeModificationsCommand({ ReplicationGroupId: id }),
    );
    assert.ok(allowed.ScaleUpModifications!.includes('cache.t4g.small'));
    const { ReplicationGroup: answer } = await modify(id, {
      CacheNodeType: 'cache.t4g.small',
      ApplyImmediately: true,
    });
    assert.equal(answer?.Status, 'modifying');
    const group = await untilAvailable(client, id);
    assert.equal(group.CacheNodeType, 'cache.t4g.small');
    assert.equal(primaryOf(group), `${id}-002`, 'the replica that was scaled first took over');
    const lines = await told(client, id, `${id}-001`, `${id}-002`);
    const text = 'Succeeded applying modification to cache node type to cache.t4g.small.';
    assert.deepEqual(lines.slice(-3), [`${id}-001: ${text}`, `${id}-002: ${text}`, `${id}: ${text}`]);
  });

  it('of the engine version roll through the members, and take the parameter group along', async () => {
    const id = 'versions';
    await create(id, { NumCacheClusters: 2, AutomaticFailoverEnabled: true, EngineVersion: '6.2' });
    await modify(id, { EngineVersion: '7.1', ApplyImmediately: true });
    await untilAvailable(client, id);
    const cluster = await describeCluster(client, `${id}-001`);
    assert.match(cluster.EngineVersion!, /^7\.1/);
    assert.equal(cluster.CacheParameterGroup!.CacheParameterGroupName, 'default.redis7');
    const lines = await told(client, `${id}-001`, `${id}-002`);
    assert.equal(lines.filter((line) => line.endsWith(': Cache cluster patched')).length, 2);
    await rejectsWith(modify(id, { EngineVersion: '6.2', ApplyImmediately: true }), invalidCombination());
  });

  it('without ApplyImmediately wait for the maintenance window', async () => {
    const id = 'waiting';
    await create(id, { NumCacheClusters: 1, PreferredMaintenanceWindow: windowFarFrom(new Date()) });
    const { ReplicationGroup: answer } = await modify(id, { CacheNodeType: 'cache.m6g.large' });
    assert.equal(answer?.Status, 'available');
    assert.notEqual(answer.CacheNodeType, 'cache.m6g.large');
    const cluster = await describeCluster(client, `${id}-001`);
    assert.equal(cluster.PendingModifiedValues?.CacheNodeType, 'cache.m6g.large');
  });

  it('of failover and Multi-AZ show what they are about', async () => {
    const id = 'failover';
    await create(id, { NumCacheClusters: 2 });
    const on = await modify(id, { AutomaticFailoverEnabled: true, ApplyImmediately: true });
    assert.equal(on.ReplicationGroup?.Status, 'modifying');
    assert.equal(on.ReplicationGroup.AutomaticFailover, 'enabling');
    assert.equal(on.ReplicationGroup.NodeGroups![0]!.Status, 'modifying');
    assert.equal((await untilAvailable(client, id)).AutomaticFailover, 'enabled');
    assert.deepEqual(
      (await told(client, id)).at(-1),
      `${id}: Automatic failover has been turned on for replication group ${id}`,
    );
    await rejectsWith(
      modify(id, { PrimaryClusterId: `${id}-002`, ApplyImmediately: true }),
      invalidGroupState(/Cannot manually promote/),
    );
    const multiAz = await modify(id, { MultiAZEnabled: true, ApplyImmediately: true });
    assert.equal(multiAz.ReplicationGroup?.MultiAZ, 'enabled');
    await untilAvailable(client, id);
    const off = await modify(id, {
      MultiAZEnabled: false,
      AutomaticFailoverEnabled: false,
      ApplyImmediately: true,
    });
    assert.equal(off.ReplicationGroup?.Status, 'available');
    assert.equal(off.ReplicationGroup.AutomaticFailover, 'disabled');
  });

  it('from Valkey 7.2 back to Redis 7.1 keep the data', async () => {
    const id = 'back';
    const made = await create(id, {
      NumCacheClusters: 2,
      AutomaticFailoverEnabled: true,
      Engine: 'valkey',
      EngineVersion: '7.2',
    });
    const primary = made.NodeGroups![0]!.PrimaryEndpoint!.Address!;
    await atEndpoint(millpond, primary, async (redis) => {
      await redis.set('kept', 'yes');
      assert.equal(await redis.wait(1, 10_000), 1);
    });
    await rejectsWith(modify(id, { Engine: 'redis', EngineVersion: '7.0' }), invalidCombination());
    await modify(id, { Engine: 'redis', EngineVersion: '7.1', ApplyImmediately: true });
    const group = await untilAvailable(client, id);
    assert.equal(group.Engine, 'redis');
    const cluster = await describeCluster(client, `${id}-001`);
    assert.equal(cluster.EngineVersion, '7.1.0');
    assert.equal(cluster.CacheParameterGroup!.CacheParameterGroupName, 'default.redis7');
    assert.equal(await atEndpoint(millpond, primary, (redis) => redis.get('kept')), 'yes');
  });

  it('of the primary promote the member named', async () => {
    const id = 'by-hand';
    await create(id, { NumCacheClusters: 2 });
    await modify(id, { PrimaryClusterId: `${id}-002`, ApplyImmediately: true });
    assert.equal(primaryOf(await untilAvailable(client, id)), `${id}-002`);
    await rejectsWith(modify(id, { PrimaryClusterId: 'nobody', ApplyImmediately: true }), invalidValue());
  });

  it('of words, windows and topics are made at once', async () => {
    const id = 'words';
    await create(id, { NumCacheClusters: 1 });
    const { ReplicationGroup: answer } = await modify(id, {
      ReplicationGroupDescription: 'said anew',
      PreferredMaintenanceWindow: 'tue:03:00-tue:04:00',
      SnapshotWindow: '05:00-06:00',
      NotificationTopicArn: 'arn:aws:sns:us-east-1:000000000000:topic',
      ApplyImmediately: true,
    });
    assert.equal(answer?.Status, 'available');
    assert.equal(answer.Description, 'said anew');
    assert.equal(answer.SnapshotWindow, '05:00-06:00');
    const cluster = await describeCluster(client, `${id}-001`);
    assert.equal(cluster.PreferredMaintenanceWindow, 'tue:03:00-tue:04:00');
    assert.deepEqual(cluster.NotificationConfiguration, {
      TopicArn: 'arn:aws:sns:us-east-1:000000000000:topic',
      TopicStatus: 'active',
    });
    await modify(id, { NotificationTopicStatus: 'inactive' });
    const silent = await describeCluster(client, `${id}-001`);
    assert.equal(silent.NotificationConfiguration?.TopicStatus, 'inactive');
    await rejectsWith(modify(id, { PreferredMaintenanceWindow: 'tue:03:00-tue:03:30' }), invalidValue());
    await rejectsWith(modify(id, { SnapshotWindow: 'noon' }), invalidValue());
    await rejectsWith(modify(id, { AutomaticFailoverEnabled: true }), invalidValue());
  });

  it('are refused while a member is still being made', async () => {
    const id = 'busy';
    await create(id, { NumCacheClusters: 1 });
    await client.send(
      new IncreaseReplicaCountCommand({ ReplicationGroupId: id, NewReplicaCount: 1, ApplyImmediately: true }),
    );
    const refused = modify(id, { ReplicationGroupDescription: 'too early' });
    await refused.then(
      () => assert.fail('it was accepted'),
      (error: Error) => assert.match(error.name, /^Invalid(ReplicationGroup|CacheCluster)StateFault$/),
    );
    await untilAvailable(client, id);
  });
});

/** A maintenance window of an hour, three days from now. */
function windowFarFrom(now: Date): string {
  const day = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][(now.getUTCDay() + 3) % 7];
  return `${day}:03:00-${day}:04:00`;
}
