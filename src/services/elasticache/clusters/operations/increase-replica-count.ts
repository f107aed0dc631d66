// IncreaseReplicaCount: adds replicas, to all shards or to some.

import { replicaAdding } from '../../events/domain/event-texts.ts';
import { nodeQuotaForClusterExceededFault } from '../../faults/clusters.ts';
import { invalidParameterValue } from '../../faults/requests.ts';
import { refuseUnsupported } from '../../refusals.ts';
import type { Operation } from '../../sdk.ts';
import { draftMembers } from '../domain/draft.ts';
import { membersOf } from '../domain/model.ts';
import { checkDirection, type ReplicaCountRequest, replicasOf, targetsOf } from '../domain/replica-count.ts';
import { MAX_NODES_PER_CLUSTER } from '../domain/topology.ts';
import { changeReplicationGroup, checkAvailable, replicationGroupNamed } from '../lookup.ts';
import { placementForGroup } from '../placement-context.ts';
import { viewReplicationGroup } from '../view.ts';

export const IncreaseReplicaCount: Operation<'IncreaseReplicaCount'> = async (
  elasticache,
  input,
  context,
) => {
  refuseUnsupported(input);
  const found = replicationGroupNamed(elasticache, context, input.ReplicationGroupId);
  checkImmediate(input.ApplyImmediately);
  const placement = await placementForGroup(elasticache, context, found);
  const group = changeReplicationGroup(elasticache, context, found.id, (latest) => {
    checkAvailable(latest);
    const targets = targetsOf(latest, input as ReplicaCountRequest);
    checkDirection(targets, 'increase');
    const present = new Set(membersOf(latest).map((member) => member.id));
    for (const { shard, replicas, zones } of targets) {
      const added = replicas - replicasOf(shard).length;
      shard.members.push(
        ...draftMembers(
          placement,
          shard,
          added,
          zonesLeft(
            zones,
            shard.members.map((m) => m.zone),
          ),
        ),
      );
    }
    if (membersOf(latest).length > MAX_NODES_PER_CLUSTER)
      throw nodeQuotaForClusterExceededFault(MAX_NODES_PER_CLUSTER);
    latest.status = 'modifying';
    latest.change = { kind: 'replicas', since: placement.now };
    return membersOf(latest)
      .filter((member) => !present.has(member.id))
      .map((member) => replicaAdding(member.id));
  });
  return { ReplicationGroup: viewReplicationGroup(elasticache, context, group) };
};

/** Throws InvalidParameterValue unless ApplyImmediately is true. AWS: these operations support nothing else. */
export function checkImmediate(applyImmediately: boolean | undefined): void {
  if (applyImmediately !== true) throw invalidParameterValue('ApplyImmediately must be true.');
}

/** The zones requested for the whole shard, minus those of its present members. */
function zonesLeft(wanted: readonly string[], present: readonly string[]): string[] {
  const left = [...wanted];
  for (const zone of present) {
    const index = left.indexOf(zone);
    if (index >= 0) left.splice(index, 1);
  }
  return left;
}
