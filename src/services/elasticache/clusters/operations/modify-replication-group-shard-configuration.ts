// ModifyReplicationGroupShardConfiguration: adds shards, removes shards, or rebalances slots. The record says which
// shards own which slots afterwards; the controller adds shards, moves slots and removes shards while clients keep
// using the cluster.

import type { ModifyReplicationGroupShardConfigurationCommandInput } from '@aws-sdk/client-elasticache';
import { checkWhole } from '../../domain/whole-number.ts';
import {
  invalidNodeGroupIds,
  invalidReplicationGroupStateFault,
  nodeGroupsPerReplicationGroupQuotaExceededFault,
} from '../../faults/clusters.ts';
import { invalidParameterCombination, invalidParameterValue } from '../../faults/requests.ts';
import type { Operation } from '../../sdk.ts';
import { draftShard, type PlacementContext } from '../domain/draft.ts';
import { type Group, membersOf } from '../domain/model.ts';
import { shardIdOf } from '../domain/placement.ts';
import { isEven, planReshard, rangesOf } from '../domain/slots.ts';
import { MAX_NODES_PER_CLUSTER } from '../domain/topology.ts';
import { changeReplicationGroup, checkAvailable, checkNoHandover, replicationGroupNamed } from '../lookup.ts';
import { placementForGroup } from '../placement-context.ts';
import { viewReplicationGroup } from '../view.ts';
import { checkImmediate } from './increase-replica-count.ts';

type Input = ModifyReplicationGroupShardConfigurationCommandInput;

export const ModifyReplicationGroupShardConfiguration: Operation<
  'ModifyReplicationGroupShardConfiguration'
> = async (elasticache, input, context) => {
  const found = replicationGroupNamed(elasticache, context, input.ReplicationGroupId);
  checkImmediate(input.ApplyImmediately);
  const placement = await placementForGroup(elasticache, context, found);
  const group = changeReplicationGroup(elasticache, context, found.id, (latest) => {
    checkAvailable(latest);
    checkNoHandover(latest);
    if (!latest.clusterEnabled) {
      throw invalidParameterValue('The shard configuration can only be modified with cluster mode enabled.');
    }
    beginReshard(latest, input, placement);
    return [];
  });
  const view = viewReplicationGroup(elasticache, context, group);
  // AWS: the response shows no progress yet.
  return { ReplicationGroup: { ...view, PendingModifiedValues: {} } };
};

function beginReshard(group: Group, input: Input, placement: PlacementContext): void {
  const count = input.NodeGroupCount ?? 0;
  checkWhole('NodeGroupCount', count, 1);
  if (count > MAX_NODES_PER_CLUSTER)
    throw nodeGroupsPerReplicationGroupQuotaExceededFault(MAX_NODES_PER_CLUSTER);
  const present = group.shards.length;
  if (count > present) addShards(group, input, placement);
  else if (count < present) markLeaving(group, input);
  else if (isEven(group.shards)) {
    throw invalidReplicationGroupStateFault(
      'Slots in the replication group are uniformly distributed. Nothing to do.',
    );
  }
  const targetShardIds = group.shards.filter((shard) => !shard.leaving).map((shard) => shard.id);
  const current = group.shards.map((shard) => ({ shardId: shard.id, slots: shard.slots }));
  const moves = planReshard(current, targetShardIds);
  group.status = 'modifying';
  group.change = {
    kind: 'reshard',
    since: placement.now,
    step: 'add',
    moves: moves.map((move) => ({ ...move, slots: rangesOf(move.slots) })),
    movedSlots: 0,
    totalSlots: moves.reduce((sum, move) => sum + move.slots.length, 0),
  };
}

/** Adds shards. AWS: a new shard gets as many replicas as the smallest shard has. */
function addShards(group: Group, input: Input, placement: PlacementContext): void {
  const wanted = input.ReshardingConfiguration ?? [];
  const added = (input.NodeGroupCount ?? 0) - group.shards.length;
  if (input.NodeGroupsToRemove?.length || input.NodeGroupsToRetain?.length) {
    throw invalidParameterCombination(
      'NodeGroupsToRemove and NodeGroupsToRetain are only used to remove node groups.',
    );
  }
  if (wanted.length > 0 && wanted.length !== added && wanted.length !== input.NodeGroupCount) {
    throw invalidParameterCombination('ReshardingConfiguration must have one entry for each node group.');
  }
  const memberCount = Math.min(...group.shards.map((shard) => shard.members.length));
  if (membersOf(group).length + added * memberCount > MAX_NODES_PER_CLUSTER) {
    throw nodeGroupsPerReplicationGroupQuotaExceededFault(MAX_NODES_PER_CLUSTER);
  }
  // AWS: the request may also have entries for the existing node groups.
  const present = new Set(group.shards.map((shard) => shard.id));
  const unnamed = wanted.slice(wanted.length - added);
  const news = wanted.some(({ NodeGroupId }) => NodeGroupId !== undefined)
    ? wanted.filter(({ NodeGroupId }) => !present.has(NodeGroupId?.padStart(4, '0') ?? ''))
    : unnamed;
  if (news.length > added) throw invalidNodeGroupIds(news.map(({ NodeGroupId = '' }) => NodeGroupId));
  for (let index = 0; index < added; index++) {
    const { NodeGroupId, PreferredAvailabilityZones: zones = [] } = news[index] ?? {};
    const id = NodeGroupId === undefined ? shardIdOf(group.highestShard + 1) : givenId(group, NodeGroupId);
    group.highestShard = Math.max(group.highestShard, Number(id));
    group.shards.push(
      draftShard(placement, { id, slots: [], memberCount, zones: zones.slice(0, memberCount) }),
    );
  }
}

function givenId(group: Group, text: string): string {
  const id = text.padStart(4, '0');
  const isFree = !group.shards.some((shard) => shard.id === id);
  if (!/^\d{4}$/.test(id) || Number(id) === 0 || !isFree) throw invalidNodeGroupIds([text]);
  return id;
}

function markLeaving(group: Group, input: Input): void {
  const remove = input.NodeGroupsToRemove ?? [];
  const retain = input.NodeGroupsToRetain ?? [];
  if (remove.length > 0 === retain.length > 0) {
    throw invalidParameterCombination(
      'Specify either NodeGroupsToRemove or NodeGroupsToRetain when removing node groups.',
    );
  }
  const known = new Set(group.shards.map((shard) => shard.id));
  const unknown = [...remove, ...retain].filter((id) => !known.has(id));
  if (unknown.length > 0) throw invalidNodeGroupIds(unknown);
  const leaving = new Set(remove.length > 0 ? remove : [...known].filter((id) => !retain.includes(id)));
  if (group.shards.length - leaving.size !== input.NodeGroupCount) {
    throw invalidParameterCombination('NodeGroupCount must equal the number of node groups that remain.');
  }
  for (const shard of group.shards) if (leaving.has(shard.id)) shard.leaving = true;
}
