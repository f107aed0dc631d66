// Finds the resources that a request names, or throws AWS's not-found fault. Also checks whether their state allows a
// change.

import type { Scope } from '../../../aws/scope.ts';
import type { ElastiCache } from '../context.ts';
import { nameToFind } from '../domain/identifiers.ts';
import type { ElastiCacheEvent } from '../events/domain/event.ts';
import {
  cacheClusterNotFoundFault,
  invalidReplicationGroupStateFault,
  replicationGroupNotFoundFault,
} from '../faults/clusters.ts';
import { type Group, type Member, memberOf, type Shard } from './domain/model.ts';

/** Throws ReplicationGroupNotFoundFault; InvalidParameterValue for a blank name. */
export function replicationGroupNamed(
  elasticache: Pick<ElastiCache, 'groups'>,
  scope: Scope,
  name: string | undefined,
): Group {
  const id = nameToFind('ReplicationGroupId', name);
  const group = elasticache.groups.get(scope, id);
  if (group?.kind !== 'replication-group') throw replicationGroupNotFoundFault(id);
  return group;
}

/** Throws CacheClusterNotFoundFault; InvalidParameterValue for a blank name. */
export function cacheClusterNamed(
  elasticache: ElastiCache,
  scope: Scope,
  name: string | undefined,
): { group: Group; shard: Shard; member: Member } {
  const id = nameToFind('CacheClusterId', name);
  const group = elasticache.groups.ofMember(scope, id);
  const found = group && memberOf(group, id);
  if (!found) throw cacheClusterNotFoundFault(id);
  return { group, ...found };
}

/** `groups.update` for a request. Throws ReplicationGroupNotFoundFault when the group was deleted meanwhile. */
export function changeReplicationGroup(
  elasticache: ElastiCache,
  scope: Scope,
  id: string,
  change: (group: Group) => ElastiCacheEvent[],
): Group {
  const group = elasticache.groups.update(scope, id, change);
  if (!group) throw replicationGroupNotFoundFault(id);
  return group;
}

/** `groups.update` for the group of a cache cluster. Throws CacheClusterNotFoundFault. */
export function changeGroupOf(
  elasticache: ElastiCache,
  scope: Scope,
  memberId: string,
  change: (group: Group, member: Member) => ElastiCacheEvent[],
): Group {
  return elasticache.store.transaction(() => {
    const { group } = cacheClusterNamed(elasticache, scope, memberId);
    return elasticache.groups.update(scope, group.id, (latest) =>
      change(latest, memberOf(latest, memberId)!.member),
    )!;
  });
}

/** Throws InvalidReplicationGroupState. Call it inside `groups.update`, on the latest record. */
export function checkAvailable(group: Group): void {
  if (group.status !== 'available') throw invalidReplicationGroupStateFault();
}

/**
 * Throws InvalidReplicationGroupState while a shard fails over: the members involved must not be removed. AWS: a group
 * stays `available` during a failover.
 */
export function checkNoHandover(group: Group): void {
  if (group.shards.some((shard) => shard.handover))
    throw invalidReplicationGroupStateFault(`Replication group ${group.id} is failing over.`);
}
