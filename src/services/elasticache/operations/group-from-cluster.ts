// CreateReplicationGroup with PrimaryClusterId: a standalone cluster becomes the primary of a group, with its data,
// its name and its address.

import type { CreateReplicationGroupCommandInput } from '@aws-sdk/client-elasticache';
import type { RequestContext } from '../../../wire/service.ts';
import { draftMembers } from '../domain/draft.ts';
import type { Group } from '../domain/model.ts';
import type { ElastiCache } from '../elasticache.ts';
import {
  cacheClusterNotFoundFault,
  invalidCacheClusterStateFault,
  invalidParameterCombination,
} from '../faults.ts';
import { placingOf } from '../placing.ts';

export async function groupFromCluster(
  elasticache: ElastiCache,
  context: RequestContext,
  id: string,
  clusterId: string,
  input: CreateReplicationGroupCommandInput,
): Promise<Group> {
  const cluster = elasticache.groups.get(context, clusterId);
  if (cluster?.kind !== 'cache-cluster') throw cacheClusterNotFoundFault(clusterId);
  if (cluster.status !== 'available') throw invalidCacheClusterStateFault();
  const replicas = (input.NumCacheClusters ?? 1) - 1;
  if ((input.AutomaticFailoverEnabled || input.MultiAZEnabled) && replicas < 1) {
    throw invalidParameterCombination(
      'When using automatic failover, there must be at least 2 cache clusters in the replication group.',
    );
  }
  const placing = await placingOf(elasticache, context, { ...cluster, id });
  const shard = cluster.shards[0]!;
  const members = draftMembers(placing, shard, replicas, []);
  return {
    ...cluster,
    kind: 'replication-group',
    id,
    description: input.ReplicationGroupDescription ?? '',
    createdAt: placing.now,
    status: 'creating',
    automaticFailover: input.AutomaticFailoverEnabled ?? input.MultiAZEnabled ?? false,
    multiAz: input.MultiAZEnabled ?? false,
    shards: [{ ...shard, members: [...shard.members, ...members] }],
    change: { kind: 'create', since: placing.now },
  };
}
