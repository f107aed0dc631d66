// DeleteCacheCluster: deletes a standalone cluster, or a replica of a group with cluster mode off.

import {
  cacheClusterNotDeletable,
  onlyMemberNotDeletable,
  primaryNotDeletable,
} from '../../faults/clusters.ts';
import { refuseUnsupported } from '../../refusals.ts';
import type { Operation } from '../../sdk.ts';
import { type Group, type Member, memberOf, membersOf, type Shard } from '../domain/model.ts';
import { checkFewest, replicasOf } from '../domain/replica-count.ts';
import { keepSnapshottingMember } from '../domain/snapshotting.ts';
import { cacheClusterNamed, changeGroupOf } from '../lookup.ts';
import { viewMember } from '../view.ts';
import { beginDeletion } from './delete-replication-group.ts';

export const DeleteCacheCluster: Operation<'DeleteCacheCluster'> = (elasticache, input, context) => {
  refuseUnsupported(input);
  const { member } = cacheClusterNamed(elasticache, context, input.CacheClusterId);
  const group = changeGroupOf(elasticache, context, member.id, (latest) => {
    if (latest.kind === 'cache-cluster') {
      if (latest.status !== 'available' && latest.status !== 'create-failed')
        throw cacheClusterNotDeletable(member.id);
      beginDeletion(latest);
    } else removeReplica(latest, member.id, elasticache.clock.now());
    return [];
  });
  return { CacheCluster: viewMember(elasticache, context, group, member.id) };
};

function removeReplica(group: Group, memberId: string, now: number): void {
  const { shard, member } = memberOf(group, memberId)!;
  if (membersOf(group).length === 1) throw onlyMemberNotDeletable();
  if (shard.primaryId === memberId) throw primaryNotDeletable(memberId, group.id);
  const isChanging = group.status !== 'available' && group.change?.kind !== 'replicas';
  if (isChanging || !isInService(member) || group.clusterEnabled || shard.handover)
    throw cacheClusterNotDeletable(memberId);
  checkFewest(group, [{ shard, replicas: stayingReplicasOf(shard).length - 1 }]);
  member.phase = 'deleting';
  keepSnapshottingMember(group);
  group.status = 'modifying';
  group.change ??= { kind: 'replicas', since: now };
}

const isInService = ({ phase }: Member) => phase === 'available' || phase === 'recovering';

const stayingReplicasOf = (shard: Shard) => replicasOf(shard).filter(({ phase }) => phase !== 'deleting');
