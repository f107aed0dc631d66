// More and fewer replicas and shards: what the requests answer, what a group goes through and where it ends, as the
// AWS SDK sees it.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  CreateReplicationGroupCommand,
  type CreateReplicationGroupCommandInput,
  DecreaseReplicaCountCommand,
  type ElastiCacheClient,
  IncreaseReplicaCountCommand,
  ModifyReplicationGroupCommand,
  ModifyReplicationGroupShardConfigurationCommand,
  type ReplicationGroup,
} from '@aws-sdk/client-elasticache';
import { startTestMillpond, type TestMillpond } from '../support/millpond.ts';
import {
  clusterNotFound,
  describeCluster,
  describeGroup,
  eventually,
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

/** How many slots `0-99,200` names. */
const slotCount = (slots: string) =>
  slots
    .split(',')
    .map((range) => range.split('-').map(Number))
    .reduce((sum, [first, last = first]) => sum + last! - first! + 1, 0);

const slotCounts = (group: ReplicationGroup) =>
  group.NodeGroups!.map((nodes) => [nodes.NodeGroupId, slotCount(nodes.Slots!)]);

describe('replica counts', { concurrency: true }, () => {
  it('grow by the lowest free numbers, and shrink, with cluster mode off', async () => {
    const id = 'replicas';
    await create(id, { NumCacheClusters: 3 });
    const remove = await client.send(
      new DecreaseReplicaCountCommand({
        ReplicationGroupId: id,
        ReplicasToRemove: ['replicas-002'],
        ApplyImmediately: true,
      }),
    );
    assert.equal(remove.ReplicationGroup?.Status, 'modifying');
    assert.deepEqual((await untilAvailable(client, id)).MemberClusters, ['replicas-001', 'replicas-003']);

    const add = await client.send(
      new IncreaseReplicaCountCommand({ ReplicationGroupId: id, NewReplicaCount: 3, ApplyImmediately: true }),
    );
    assert.equal(add.ReplicationGroup?.Status, 'modifying');
    const group = await untilAvailable(client, id);
    assert.deepEqual([...group.MemberClusters!].sort(), [
      'replicas-001',
      'replicas-002',
      'replicas-003',
      'replicas-004',
    ]);
    const zone = (await describeCluster(client, 'replicas-004')).PreferredAvailabilityZone;
    assert.deepEqual(await told(client, 'replicas-004'), [
      'replicas-004: Cache cluster created',
      "replicas-004: This cache cluster does not support persistence (ex: 'appendonly').  Please use a different instance type to enable persistence.",
      `replicas-004: Added cache node 0001 in availability zone ${zone}`,
    ]);
    assert.equal((await told(client, 'replicas-002')).length, 7, 'created, deleted, created');
  });

  it('are refused when nothing would change, or against the rules', async () => {
    const id = 'refused';
    await create(id, { NumCacheClusters: 2, AutomaticFailoverEnabled: true });
    const increase = (rest: Partial<ConstructorParameters<typeof IncreaseReplicaCountCommand>[0]>) =>
      client.send(
        new IncreaseReplicaCountCommand({ ReplicationGroupId: id, ApplyImmediately: true, ...rest }),
      );
    const decrease = (rest: Partial<ConstructorParameters<typeof DecreaseReplicaCountCommand>[0]>) =>
      client.send(
        new DecreaseReplicaCountCommand({ ReplicationGroupId: id, ApplyImmediately: true, ...rest }),
      );
    await rejectsWith(increase({ NewReplicaCount: 1 }), {
      name: 'NoOperationFault',
      code: 'NoOperationFault',
      status: 400,
      message: 'Requested new replica count already matches current number of replicas.',
    });
    await rejectsWith(increase({ NewReplicaCount: 6 }), invalidValue());
    await rejectsWith(increase({}), invalidCombination());
    await rejectsWith(increase({ NewReplicaCount: 2, ApplyImmediately: false }), invalidValue());
    await rejectsWith(decrease({ NewReplicaCount: 0 }), invalidValue(/at least 1 replica/));
    await rejectsWith(decrease({ ReplicasToRemove: [`${id}-001`] }), invalidValue(/primary/));
    await rejectsWith(decrease({ ReplicasToRemove: ['nobody'] }), invalidValue());
    assert.deepEqual((await describeGroup(client, id)).MemberClusters, [`${id}-001`, `${id}-002`]);
  });

  it('differ by shard with cluster mode on', async () => {
    const id = 'by-shard';
    await create(id, { NumNodeGroups: 2, ReplicasPerNodeGroup: 0 });
    await client.send(
      new IncreaseReplicaCountCommand({
        ReplicationGroupId: id,
        ReplicaConfiguration: [
          {
            NodeGroupId: '0002',
            NewReplicaCount: 1,
            PreferredAvailabilityZones: ['us-east-1a', 'us-east-1b'],
          },
        ],
        ApplyImmediately: true,
      }),
    );
    assert.deepEqual((await untilAvailable(client, id)).MemberClusters, [
      `${id}-0001-001`,
      `${id}-0002-001`,
      `${id}-0002-002`,
    ]);
    await client.send(
      new DecreaseReplicaCountCommand({
        ReplicationGroupId: id,
        ReplicaConfiguration: [{ NodeGroupId: '0002', NewReplicaCount: 0 }],
        ApplyImmediately: true,
      }),
    );
    assert.deepEqual((await untilAvailable(client, id)).MemberClusters, [`${id}-0001-001`, `${id}-0002-001`]);
  });
});

describe('shards', () => {
  const id = 'shards';
  const reshard = (
    NodeGroupCount: number,
    rest: Partial<ConstructorParameters<typeof ModifyReplicationGroupShardConfigurationCommand>[0]> = {},
  ) =>
    client.send(
      new ModifyReplicationGroupShardConfigurationCommand({
        ReplicationGroupId: id,
        NodeGroupCount,
        ApplyImmediately: true,
        ...rest,
      }),
    );

  before(() =>
    create(id, {
      CacheParameterGroupName: 'default.redis7.cluster.on',
      NodeGroupConfiguration: [
        { NodeGroupId: '0001', Slots: '0-8999', ReplicaCount: 1 },
        { NodeGroupId: '0002', Slots: '9000-16383', ReplicaCount: 1 },
      ],
    }),
  );

  it('start with the slots asked for', async () => {
    const group = await describeGroup(client, id);
    assert.deepEqual(
      group.NodeGroups!.map((nodes) => nodes.Slots),
      ['0-8999', '9000-16383'],
    );
  });

  it('are rebalanced by the count that is there', async () => {
    const { ReplicationGroup: answer } = await reshard(2);
    assert.equal(answer?.Status, 'modifying');
    assert.deepEqual(answer.PendingModifiedValues, {});
    assert.deepEqual(
      answer.NodeGroups!.map((nodes) => nodes.Status),
      ['modifying', 'modifying'],
    );
    assert.deepEqual(slotCounts(await untilAvailable(client, id)), [
      ['0001', 8192],
      ['0002', 8192],
    ]);
    await rejectsWith(
      reshard(2),
      invalidGroupState('Slots in the replication group are uniformly distributed. Nothing to do.'),
    );
  });

  it('come with as many replicas, and show how far they are', async () => {
    await reshard(3, {
      ReshardingConfiguration: [
        { NodeGroupId: '0003', PreferredAvailabilityZones: ['us-east-1a', 'us-east-1c'] },
      ],
    });
    await rejectsWith(reshard(4), invalidGroupState());
    await rejectsWith(modify(id, { ReplicationGroupDescription: 'not now' }), invalidGroupState());
    const progress = await eventually('progress is shown', async () => {
      const { PendingModifiedValues } = await describeGroup(client, id);
      return PendingModifiedValues?.Resharding?.SlotMigration;
    });
    assert.equal(typeof progress.ProgressPercentage, 'number');
    const group = await untilAvailable(client, id);
    assert.deepEqual(slotCounts(group), [
      ['0001', 5462],
      ['0002', 5461],
      ['0003', 5461],
    ]);
    assert.deepEqual(
      group.NodeGroups![2]!.NodeGroupMembers!.map((member) => [
        member.CacheClusterId,
        member.PreferredAvailabilityZone,
      ]),
      [
        [`${id}-0003-001`, 'us-east-1a'],
        [`${id}-0003-002`, 'us-east-1c'],
      ],
    );
    assert.deepEqual(group.PendingModifiedValues, {});
  });

  it('go by name, and their numbers are not used again', async () => {
    await rejectsWith(reshard(2), invalidCombination());
    await rejectsWith(
      reshard(2, { NodeGroupsToRemove: ['0010'] }),
      invalidValue('The following node group ids are invalid: [0010]'),
    );
    await rejectsWith(
      reshard(2, { NodeGroupsToRemove: ['0001'], NodeGroupsToRetain: ['0002'] }),
      invalidCombination(),
    );
    await rejectsWith(reshard(0), invalidValue());
    await reshard(2, { NodeGroupsToRetain: ['0002', '0003'] });
    const group = await untilAvailable(client, id);
    assert.deepEqual(slotCounts(group), [
      ['0002', 8192],
      ['0003', 8192],
    ]);
    assert.equal(group.MemberClusters!.length, 4);
    await rejectsWith(describeCluster(client, `${id}-0001-001`), clusterNotFound());
    await reshard(3);
    assert.deepEqual(
      (await untilAvailable(client, id)).NodeGroups!.map((nodes) => nodes.NodeGroupId),
      ['0002', '0003', '0004'],
    );
  });
});
