// CreateReplicationGroup with PrimaryClusterId: turns a standalone cluster into the primary of a group. The cluster
// keeps its data, id and address.

import type { CreateReplicationGroupCommandInput } from '@aws-sdk/client-elasticache';
import type { RequestContext } from '../../../../wire/service.ts';
import type { ElastiCache } from '../../context.ts';
import { cacheClusterNotFoundFault, invalidCacheClusterStateFault } from '../../faults/clusters.ts';
import { invalidParameterCombination } from '../../faults/requests.ts';
import { draftMembers } from '../domain/draft.ts';
import type { Group } from '../domain/model.ts';
import { changeSettings } from '../domain/settings.ts';
import { snapshottingMember } from '../domain/snapshotting.ts';
import { topologyOf } from '../domain/topology.ts';
import { checkInheritedFromCluster } from '../inherited.ts';
import { placementForGroup } from '../placement-context.ts';

/** Resolves with a function that drafts the group, to be called in the transaction that replaces the cluster. */
export async function groupFromCluster(
  elasticache: ElastiCache,
  context: RequestContext,
  id: string,
  clusterId: string,
  input: CreateReplicationGroupCommandInput,
): Promise<() => Group> {
  const placement = await placementForGroup(elasticache, context, {
    ...clusterNamed(elasticache, context, clusterId),
    id,
  });
  return () => {
    const cluster = clusterNamed(elasticache, context, clusterId);
    if (cluster.status !== 'available') throw invalidCacheClusterStateFault();
    if ((input.NumNodeGroups ?? 1) > 1 || (input.NodeGroupConfiguration?.length ?? 0) > 1) {
      throw invalidParameterCombination('A group made from a cluster has one node group.');
    }
    checkInheritedFromCluster(cluster, input);
    const { automaticFailover, multiAz, shards } = topologyOf(input, false);
    const { memberCount, zones } = shards[0]!;
    const shard = cluster.shards[0]!;
    const members = draftMembers(placement, shard, memberCount - 1, zones.slice(1));
    const whole = { ...shard, members: [...shard.members, ...members] };
    const settings = { ...cluster.settings };
    changeSettings(settings, input);
    const snapshottingClusterId = snapshottingMember([whole], false);
    return {
      ...cluster,
      kind: 'replication-group',
      id,
      createdAt: placement.now,
      status: 'creating',
      automaticFailover,
      multiAz,
      settings: { ...settings, ...(snapshottingClusterId && { snapshottingClusterId }) },
      shards: [whole],
      change: { kind: 'create', since: placement.now },
    };
  };
}

function clusterNamed(elasticache: ElastiCache, context: RequestContext, clusterId: string): Group {
  const cluster = elasticache.groups.get(context, clusterId);
  if (cluster?.kind !== 'cache-cluster') throw cacheClusterNotFoundFault(clusterId);
  return cluster;
}
