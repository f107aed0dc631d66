// DeleteCacheCluster: a standalone cluster, or a replica of a group of cluster mode off.

import type { Group } from '../domain/model.ts';
import { checkFewest, replicasOf } from '../domain/replica-count.ts';
import { keepSnapshottingMember } from '../domain/snapshotting.ts';
import type { ElastiCache, Operation } from '../elasticache.ts';
import { invalidCacheClusterStateFault } from '../faults.ts';
import { cacheClusterNamed } from '../lookup.ts';
import { refuseWhatIsMissing } from '../refusals.ts';
import { viewMember } from '../view.ts';
import { beginDeletion } from './delete-replication-group.ts';

export const deleteCacheCluster =
  (elasticache: ElastiCache): Operation<'DeleteCacheCluster'> =>
  (input, context) => {
    refuseWhatIsMissing(input);
    const { group: found, member } = cacheClusterNamed(elasticache, context, input.CacheClusterId);
    const group = elasticache.groups.update(context, found.id, (latest) => {
      const isDeletable =
        latest.status === 'available' ||
        (latest.kind === 'cache-cluster' && latest.status === 'create-failed');
      if (!isDeletable) throw notDeletable(member.id);
      if (latest.kind === 'cache-cluster') beginDeletion(latest);
      else removeReplica(latest, member.id, elasticache.clock.now());
      return [];
    });
    return { CacheCluster: viewMember(elasticache, context, group!, member.id) };
  };

function removeReplica(group: Group, memberId: string, now: number): void {
  const shard = group.shards.find((candidate) => candidate.members.some((member) => member.id === memberId))!;
  if (group.clusterEnabled || shard.primaryId === memberId || shard.handover) throw notDeletable(memberId);
  checkFewest(group, [{ shard, replicas: replicasOf(shard).length - 1 }]);
  for (const member of shard.members) if (member.id === memberId) member.phase = 'deleting';
  keepSnapshottingMember(group);
  group.status = 'modifying';
  group.change = { kind: 'replicas', since: now };
}

const notDeletable = (id: string) =>
  invalidCacheClusterStateFault(`Cache cluster ${id} is not in a valid state to be deleted`);
