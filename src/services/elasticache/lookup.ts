// Finding what a request names, or the fault that says it is not there.

import type { Scope } from '../../kernel/scope.ts';
import { nameToFind } from './domain/identifiers.ts';
import { type Group, type Member, memberOf, type Shard } from './domain/model.ts';
import type { ElastiCache } from './elasticache.ts';
import {
  cacheClusterNotFoundFault,
  invalidReplicationGroupStateFault,
  replicationGroupNotFoundFault,
} from './faults.ts';

export function replicationGroupNamed(
  elasticache: ElastiCache,
  scope: Scope,
  name: string | undefined,
): Group {
  const id = nameToFind('ReplicationGroupId', name);
  const group = elasticache.groups.get(scope, id);
  if (group?.kind !== 'replication-group') throw replicationGroupNotFoundFault(id);
  return group;
}

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

/** For use inside `groups.update`, on the latest record. */
export function checkAvailable(group: Group): void {
  if (group.status !== 'available') throw invalidReplicationGroupStateFault();
}
