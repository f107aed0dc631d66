// DeleteReplicationGroup: stops the nodes and removes the names and all data. With RetainPrimaryCluster the primary
// becomes a standalone cluster with its own id.

import type { Scope } from '../../../../aws/scope.ts';
import type { ElastiCache } from '../../context.ts';
import { invalidReplicationGroupStateFault } from '../../faults/clusters.ts';
import { invalidParameterCombination } from '../../faults/requests.ts';
import { refuseUnsupported } from '../../refusals.ts';
import type { Operation } from '../../sdk.ts';
import { type Group, membersOf } from '../domain/model.ts';
import { changeReplicationGroup, replicationGroupNamed } from '../lookup.ts';
import { viewReplicationGroup } from '../view.ts';

export const DeleteReplicationGroup: Operation<'DeleteReplicationGroup'> = (elasticache, input, context) => {
  refuseUnsupported(input);
  const { id } = replicationGroupNamed(elasticache, context, input.ReplicationGroupId);
  const group = changeReplicationGroup(elasticache, context, id, (latest) => {
    if (latest.status !== 'available' && latest.status !== 'create-failed') {
      throw invalidReplicationGroupStateFault(
        `Replication group ${id} has status ${latest.status} which is not valid for deletion.`,
      );
    }
    if (input.RetainPrimaryCluster) retainPrimary(elasticache, context, latest);
    beginDeletion(latest);
    return [];
  });
  return { ReplicationGroup: viewReplicationGroup(elasticache, context, group) };
};

/** Marks the group and its members as `deleting`; the controller removes the members. */
export function beginDeletion(group: Group): void {
  group.status = 'deleting';
  delete group.change;
  for (const shard of group.shards) delete shard.handover;
  for (const member of membersOf(group)) member.phase = 'deleting';
  group.shards = group.shards.filter((shard) => shard.members.length > 0);
}

/** Removes the primary from the group, and creates a standalone cluster of it. */
function retainPrimary(elasticache: ElastiCache, scope: Scope, group: Group): void {
  if (group.clusterEnabled) {
    throw invalidParameterCombination('RetainPrimaryCluster is not supported with cluster mode enabled.');
  }
  const shard = group.shards[0]!;
  const primary = shard.members.find((member) => member.id === shard.primaryId)!;
  // The primary may have lost data that its replicas still have. They must not be removed before it is restored.
  if (group.status !== 'available' || shard.handover || primary.phase !== 'available') {
    throw invalidReplicationGroupStateFault('The primary cluster is not available, and cannot be retained.');
  }
  shard.members = shard.members.filter((member) => member !== primary);
  const { snapshottingClusterId: _, ...settings } = group.settings;
  elasticache.groups.create(scope, {
    ...structuredClone(group),
    settings,
    kind: 'cache-cluster',
    id: primary.id,
    description: '',
    automaticFailover: false,
    multiAz: false,
    shards: [{ id: shard.id, slots: [], primaryId: primary.id, epoch: shard.epoch, members: [primary] }],
  });
  if (shard.members.length === 0) group.shards = [];
}
