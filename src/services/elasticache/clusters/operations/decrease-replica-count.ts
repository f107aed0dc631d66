// DecreaseReplicaCount: removes replicas, by number or by name. Never removes the primary.

import type { DecreaseReplicaCountCommandInput } from '@aws-sdk/client-elasticache';
import type { Scope } from '../../../../aws/scope.ts';
import type { ElastiCache } from '../../context.ts';
import { invalidParameterCombination, invalidParameterValue } from '../../faults/requests.ts';
import { refuseUnsupported } from '../../refusals.ts';
import type { Operation } from '../../sdk.ts';
import { type Group, type Member, memberOf } from '../domain/model.ts';
import {
  checkDirection,
  checkFewest,
  chooseReplicasToRemove,
  type ReplicaCountRequest,
  replicasOf,
  targetsOf,
} from '../domain/replica-count.ts';
import { keepSnapshottingMember } from '../domain/snapshotting.ts';
import { changeReplicationGroup, checkAvailable, checkNoHandover, replicationGroupNamed } from '../lookup.ts';
import { viewReplicationGroup } from '../view.ts';
import { checkImmediate } from './increase-replica-count.ts';

export const DecreaseReplicaCount: Operation<'DecreaseReplicaCount'> = (elasticache, input, context) => {
  refuseUnsupported(input);
  const { id } = replicationGroupNamed(elasticache, context, input.ReplicationGroupId);
  checkImmediate(input.ApplyImmediately);
  const group = changeReplicationGroup(elasticache, context, id, (latest) => {
    checkAvailable(latest);
    checkNoHandover(latest);
    const leaving = input.ReplicasToRemove?.length
      ? namedReplicas(latest, input)
      : chosenReplicas(elasticache, context, latest, input as ReplicaCountRequest);
    checkFewest(
      latest,
      latest.shards.map((shard) => ({
        shard,
        replicas: replicasOf(shard).filter((replica) => !leaving.has(replica.id)).length,
      })),
    );
    for (const shard of latest.shards) {
      for (const member of shard.members) if (leaving.has(member.id)) member.phase = 'deleting';
    }
    keepSnapshottingMember(latest);
    latest.status = 'modifying';
    latest.change = { kind: 'replicas', since: elasticache.clock.now() };
    return [];
  });
  return { ReplicationGroup: viewReplicationGroup(elasticache, context, group) };
};

function namedReplicas(group: Group, input: DecreaseReplicaCountCommandInput): Set<string> {
  if (input.NewReplicaCount !== undefined || input.ReplicaConfiguration?.length) {
    throw invalidParameterCombination(
      'Specify one of NewReplicaCount, ReplicasToRemove and ReplicaConfiguration.',
    );
  }
  const ids = input.ReplicasToRemove!.map((id) => id.toLowerCase());
  for (const id of ids) {
    const found = memberOf(group, id);
    if (!found) throw invalidParameterValue(`${id} is not a member of replication group ${group.id}.`);
    if (found.shard.primaryId === id)
      throw invalidParameterValue(`${id} is a primary and cannot be removed.`);
  }
  return new Set(ids);
}

function chosenReplicas(
  elasticache: ElastiCache,
  scope: Scope,
  group: Group,
  request: ReplicaCountRequest,
): Set<string> {
  const targets = targetsOf(group, request);
  checkDirection(targets, 'decrease');
  const offsetOf = (member: Member) => elasticache.observations.lastSeen(scope, member.id)?.view?.offset ?? 0;
  const leaving = targets.flatMap(({ shard, replicas }) => {
    const primary = shard.members.find((member) => member.id === shard.primaryId)!;
    const lagOf = (member: Member) => Math.max(0, offsetOf(primary) - offsetOf(member));
    return chooseReplicasToRemove(shard, replicasOf(shard).length - replicas, lagOf);
  });
  return new Set(leaving);
}
