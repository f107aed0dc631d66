// The topology of a new replication group: the number of shards and members, their zones and slots. Contains
// CreateReplicationGroup's rules on numbers, zones, slots and failover.

import { checkWhole } from '../../domain/whole-number.ts';
import {
  clusterParameterGroupNeeded,
  invalidNodeGroupIds,
  nodeGroupsPerReplicationGroupQuotaExceededFault,
  nodeQuotaForClusterExceededFault,
  tooManyReplicas,
} from '../../faults/clusters.ts';
import { invalidParameterCombination, invalidParameterValue } from '../../faults/requests.ts';
import { shardIdOf } from './placement.ts';
import { customSlotsProblem, evenSplit, parseSlots, type SlotRange } from './slots.ts';

/** AWS: a primary and up to five replicas. */
export const MAX_MEMBERS_PER_SHARD = 6;
/** AWS: the default quota of nodes in a cluster. */
export const MAX_NODES_PER_CLUSTER = 90;

/** The members of CreateReplicationGroup that matter here, as the SDK spells them. */
export interface TopologyRequest {
  NumCacheClusters?: number | undefined;
  NumNodeGroups?: number | undefined;
  ReplicasPerNodeGroup?: number | undefined;
  PreferredCacheClusterAZs?: string[] | undefined;
  NodeGroupConfiguration?: NodeGroupRequest[] | undefined;
  AutomaticFailoverEnabled?: boolean | undefined;
  MultiAZEnabled?: boolean | undefined;
}

/** An entry of NodeGroupConfiguration, as the SDK spells it. */
export interface NodeGroupRequest {
  NodeGroupId?: string | undefined;
  Slots?: string | undefined;
  ReplicaCount?: number | undefined;
  PrimaryAvailabilityZone?: string | undefined;
  ReplicaAvailabilityZones?: string[] | undefined;
}

/** A zone for each member, the primary first; `undefined` where the request names none. */
export type WantedZones = readonly (string | undefined)[];

/** The result of the rules: one entry of `shards` for each shard to create. */
export interface Topology {
  automaticFailover: boolean;
  multiAz: boolean;
  shards: { id: string; slots: SlotRange[]; memberCount: number; zones: WantedZones }[];
}

/** The topology that a request asks for. Throws the fault of the first broken rule. */
export function topologyOf(request: TopologyRequest, clusterEnabled: boolean): Topology {
  checkNumbers(request);
  const shards = clusterEnabled ? clusterShards(request) : [singleShard(request)];
  const largest = Math.max(...shards.map((shard) => shard.memberCount));
  if (largest > MAX_MEMBERS_PER_SHARD) throw tooManyMembers();
  const nodes = shards.reduce((sum, shard) => sum + shard.memberCount, 0);
  if (nodes > MAX_NODES_PER_CLUSTER) throw nodeQuotaForClusterExceededFault(MAX_NODES_PER_CLUSTER);
  const failover = failoverOf(request, clusterEnabled);
  checkReplicas(shards, failover, clusterEnabled);
  return { ...failover, shards };
}

function checkNumbers(request: TopologyRequest): void {
  const { NumCacheClusters, NumNodeGroups, ReplicasPerNodeGroup, NodeGroupConfiguration } = request;
  checkWhole('NumCacheClusters', NumCacheClusters, 1, MAX_MEMBERS_PER_SHARD);
  checkWhole('NumNodeGroups', NumNodeGroups, 1);
  checkReplicaCount(ReplicasPerNodeGroup);
  for (const group of NodeGroupConfiguration ?? []) checkNodeGroup(group);
  if (NumCacheClusters !== undefined && ((NumNodeGroups ?? 1) > 1 || ReplicasPerNodeGroup !== undefined)) {
    throw invalidParameterCombination(
      'Cannot use NumCacheClusters together with NumNodeGroups or ReplicasPerNodeGroup.',
    );
  }
  if (
    NodeGroupConfiguration?.length &&
    NumNodeGroups !== undefined &&
    NodeGroupConfiguration.length !== NumNodeGroups
  ) {
    throw invalidParameterCombination(
      'NumNodeGroups must equal the number of entries in NodeGroupConfiguration.',
    );
  }
}

/** Throws InvalidParameterValue unless the count is absent, or a whole number from 0 to 5. */
export function checkReplicaCount(count: number | undefined): void {
  if (count === undefined) return;
  if (!Number.isInteger(count) || count < 0 || count >= MAX_MEMBERS_PER_SHARD) throw tooManyMembers();
}

const tooManyMembers = () => tooManyReplicas(MAX_MEMBERS_PER_SHARD - 1);

function checkNodeGroup(group: NodeGroupRequest): void {
  checkReplicaCount(group.ReplicaCount);
  if (group.NodeGroupId !== undefined && !/^\d{1,4}$/.test(group.NodeGroupId)) {
    throw invalidNodeGroupIds([group.NodeGroupId]);
  }
  const zones = group.ReplicaAvailabilityZones;
  if (zones?.length && group.ReplicaCount !== undefined && zones.length !== group.ReplicaCount) {
    throw invalidParameterCombination(
      'ReplicaAvailabilityZones must have as many entries as ReplicaCount says.',
    );
  }
}

function singleShard(request: TopologyRequest): Topology['shards'][number] {
  const [group, ...others] = request.NodeGroupConfiguration ?? [];
  if (others.length > 0 || (request.NumNodeGroups ?? 1) > 1) {
    throw clusterParameterGroupNeeded();
  }
  if (group?.Slots) throw invalidParameterCombination('Slots can only be given with cluster mode enabled.');
  const replicas = replicasOf(group) ?? request.ReplicasPerNodeGroup;
  const memberCount =
    request.NumCacheClusters ??
    (replicas ?? Math.max(0, (request.PreferredCacheClusterAZs?.length ?? 1) - 1)) + 1;
  if (
    group &&
    request.NumCacheClusters !== undefined &&
    replicas !== undefined &&
    replicas + 1 !== memberCount
  ) {
    throw invalidParameterCombination('NumCacheClusters must equal 1 + ReplicaCount.');
  }
  const zones = group ? zonesWanted(group) : (request.PreferredCacheClusterAZs ?? []);
  if (!group && zones.length > 0 && zones.length !== memberCount) {
    throw invalidParameterCombination(
      'PreferredCacheClusterAZs must have as many entries as NumCacheClusters says.',
    );
  }
  return { id: '0001', slots: [], memberCount, zones };
}

function clusterShards(request: TopologyRequest): Topology['shards'] {
  const groups = request.NodeGroupConfiguration ?? [];
  const count = groups.length || (request.NumNodeGroups ?? 1);
  if (count > MAX_NODES_PER_CLUSTER)
    throw nodeGroupsPerReplicationGroupQuotaExceededFault(MAX_NODES_PER_CLUSTER);
  const ids = Array.from({ length: count }, (_, index) =>
    (groups[index]?.NodeGroupId ?? String(index + 1)).padStart(4, '0'),
  );
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index || Number(id) === 0);
  if (repeated) throw invalidNodeGroupIds([repeated]);
  const slots = slotsWanted(groups) ?? evenSplit(count);
  const replicas =
    request.ReplicasPerNodeGroup ??
    (request.NumCacheClusters !== undefined ? request.NumCacheClusters - 1 : undefined);
  return ids.map((id, index) => ({
    id: shardIdOf(Number(id)),
    slots: slots[index]!,
    memberCount: (replicasOf(groups[index]) ?? replicas ?? 0) + 1,
    zones: groups[index] ? zonesWanted(groups[index]) : [],
  }));
}

const replicasOf = (group: NodeGroupRequest | undefined): number | undefined =>
  group?.ReplicaCount ?? group?.ReplicaAvailabilityZones?.length;

function slotsWanted(groups: readonly NodeGroupRequest[]): SlotRange[][] | undefined {
  const given = groups.map((group) => group.Slots).filter((slots) => slots !== undefined);
  if (given.length === 0) return undefined;
  if (given.length !== groups.length) {
    throw invalidParameterCombination('Slots must be given for every node group or for none.');
  }
  const problem = customSlotsProblem(given);
  if (problem) throw invalidParameterValue(problem);
  return given.map((slots) => parseSlots(slots)!);
}

const zonesWanted = (group: NodeGroupRequest): WantedZones => [
  group.PrimaryAvailabilityZone,
  ...(group.ReplicaAvailabilityZones ?? []),
];

function failoverOf(
  request: TopologyRequest,
  clusterEnabled: boolean,
): { automaticFailover: boolean; multiAz: boolean } {
  const { AutomaticFailoverEnabled: asked, MultiAZEnabled: multiAz = false } = request;
  if (clusterEnabled) {
    if (asked === false) {
      throw invalidParameterValue(
        'Redis with cluster mode enabled cannot be created with auto failover turned off.',
      );
    }
    return { automaticFailover: true, multiAz };
  }
  if (multiAz && asked === false) {
    throw invalidParameterCombination('Automatic failover must be enabled for a Multi-AZ replication group.');
  }
  return { automaticFailover: asked ?? multiAz, multiAz };
}

function checkReplicas(
  shards: Topology['shards'],
  failover: { automaticFailover: boolean; multiAz: boolean },
  clusterEnabled: boolean,
): void {
  const fewest = Math.min(...shards.map((shard) => shard.memberCount));
  if (failover.multiAz && fewest < 2) {
    throw invalidParameterValue('Must have at least 1 replica for Multi-AZ enabled Replication Group');
  }
  if (failover.automaticFailover && !clusterEnabled && fewest < 2) {
    throw invalidParameterCombination(
      'When using automatic failover, there must be at least 2 cache clusters in the replication group.',
    );
  }
}
