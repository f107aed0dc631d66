// IncreaseReplicaCount and DecreaseReplicaCount: how many replicas each shard gets, and which ones are removed.

import { invalidNodeGroupIds, noOperationFault } from '../../faults/clusters.ts';
import { invalidParameterCombination, invalidParameterValue } from '../../faults/requests.ts';
import type { Group, Member, Shard } from './model.ts';
import { checkReplicaCount } from './topology.ts';

/** The members of both requests, as the SDK spells them. */
export interface ReplicaCountRequest {
  NewReplicaCount?: number | undefined;
  ReplicaConfiguration?:
    | {
        NodeGroupId?: string | undefined;
        NewReplicaCount?: number | undefined;
        PreferredAvailabilityZones?: string[] | undefined;
      }[]
    | undefined;
}

/** The requested number of replicas of one shard. */
export interface ShardTarget {
  shard: Shard;
  replicas: number;
  /** The zones of the whole shard, the primary's first; empty when the request names none. */
  zones: string[];
}

/** The target of each shard that the request concerns. Throws the fault of the first broken rule. */
export function targetsOf(group: Group, request: ReplicaCountRequest): ShardTarget[] {
  const { NewReplicaCount, ReplicaConfiguration } = request;
  if ((NewReplicaCount === undefined) === !ReplicaConfiguration?.length) {
    throw invalidParameterCombination('Specify either NewReplicaCount or ReplicaConfiguration.');
  }
  checkReplicaCount(NewReplicaCount);
  if (NewReplicaCount !== undefined)
    return group.shards.map((shard) => ({ shard, replicas: NewReplicaCount, zones: [] }));
  const ids = ReplicaConfiguration!.map((entry) => entry.NodeGroupId ?? '');
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated) throw invalidParameterValue(`Node group ${repeated} is given twice in ReplicaConfiguration.`);
  return ReplicaConfiguration!.map((entry) => {
    const shard = group.shards.find((candidate) => candidate.id === (entry.NodeGroupId ?? ''));
    if (!shard) throw invalidNodeGroupIds([entry.NodeGroupId ?? '']);
    if (entry.NewReplicaCount === undefined) throw invalidParameterValue('NewReplicaCount must be provided.');
    checkReplicaCount(entry.NewReplicaCount);
    const zones = entry.PreferredAvailabilityZones ?? [];
    if (zones.length > 0 && zones.length !== entry.NewReplicaCount + 1) {
      throw invalidParameterCombination(
        'PreferredAvailabilityZones must have NewReplicaCount + 1 entries, the primary first.',
      );
    }
    return { shard, replicas: entry.NewReplicaCount, zones };
  });
}

/** Throws NoOperationFault when nothing would change, InvalidParameterValue for the wrong direction. */
export function checkDirection(targets: readonly ShardTarget[], direction: 'increase' | 'decrease'): void {
  const differences = targets.map(({ shard, replicas }) => replicas - replicasOf(shard).length);
  if (differences.every((difference) => difference === 0)) {
    throw noOperationFault('Requested new replica count already matches current number of replicas.');
  }
  const wrong = differences.some((difference) =>
    direction === 'increase' ? difference < 0 : difference > 0,
  );
  if (wrong) {
    const relation = direction === 'increase' ? 'greater' : 'less';
    throw invalidParameterValue(
      `The new replica count must be ${relation} than the current one in every node group.`,
    );
  }
}

/** The members of a shard other than its primary. */
export const replicasOf = (shard: Shard): Member[] =>
  shard.members.filter((member) => member.id !== shard.primaryId);

/** Throws InvalidParameterValue when a shard would have too few replicas for Multi-AZ or automatic failover. */
export function checkFewest(group: Group, remaining: readonly { shard: Shard; replicas: number }[]): void {
  const fewest = Math.min(...remaining.map(({ replicas }) => replicas));
  if (fewest >= 1) return;
  if (group.multiAz)
    throw invalidParameterValue('Must have at least 1 replica for Multi-AZ enabled Replication Group');
  if (group.automaticFailover && !group.clusterEnabled) {
    throw invalidParameterValue(
      'Must have at least 1 replica when cluster mode is disabled with auto failover enabled.',
    );
  }
}

/**
 * The ids of `count` replicas to remove. AWS: replicas in the fullest zones are removed first, and among those the one
 * with the highest lag. `lagOf`: bytes.
 */
export function chooseReplicasToRemove(
  shard: Shard,
  count: number,
  lagOf: (member: Member) => number,
): string[] {
  const staying = [...shard.members];
  const removed: string[] = [];
  while (removed.length < count) {
    const crowd = (member: Member) => staying.filter((other) => other.zone === member.zone).length;
    const candidates = staying.filter((member) => member.id !== shard.primaryId);
    const next = candidates.reduce((worst, member) => {
      const byCrowd = crowd(member) - crowd(worst);
      const byLag = lagOf(member) - lagOf(worst);
      return byCrowd > 0 || (byCrowd === 0 && (byLag > 0 || (byLag === 0 && member.id > worst.id)))
        ? member
        : worst;
    });
    staying.splice(staying.indexOf(next), 1);
    removed.push(next.id);
  }
  return removed;
}
