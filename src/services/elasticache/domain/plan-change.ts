// The change of the group that is under way: what it needs next, and whether it is done. Only asked when no shard
// needs repair, so a failure in the middle comes first and the change waits.

import { type Action, record } from './action.ts';
import { chooseReplica } from './choose-replica.ts';
import type { Group, GroupChange, Member, Shard } from './model.ts';
import { isInSync, isServingPrimary, type Observation, observed, type WantedRun } from './observation.ts';
import { clusterAgrees } from './plan-cluster.ts';
import { isInWindow } from './settings.ts';

export function planChange(group: Group, observation: Observation): Action[][] {
  const { change } = group;
  if (!isSettled(group, observation)) return [];
  if (!change) return planPending(group, observation.at);
  switch (change.kind) {
    case 'modify': {
      const updates = group.shards.map((shard) => planUpdate(shard, observation));
      return updates.some((actions) => actions.length > 0) ? updates : [[record({ kind: 'change-done' })]];
    }
    case 'reshard':
      return [planReshard(change, observation)];
    case 'create':
    case 'replicas':
      return [[record({ kind: 'change-done' })]];
  }
}

function planPending(group: Group, at: number): Action[][] {
  const due = group.pending && isInWindow(at, group.settings.preferredMaintenanceWindow);
  return due ? [[record({ kind: 'pending-applied' })]] : [];
}

/** Every member does its work, no primary is changing, and in cluster mode all nodes agree about it. */
export function isSettled(group: Group, observation: Observation): boolean {
  return group.shards.every(isShardSettled) && (!group.clusterEnabled || clusterAgrees(group, observation));

  function isShardSettled(shard: Shard): boolean {
    if (shard.handover) return false;
    return shard.members.every((member) => {
      if (member.phase !== 'available') return false;
      const seen = observed(observation, member.id);
      return member.id === shard.primaryId ? isServingPrimary(seen) : isInSync(seen);
    });
  }
}

/** Replicas first, one at a time; then the primary hands over to one of them and is updated as a replica. */
function planUpdate(shard: Shard, observation: Observation): Action[] {
  const outdated = (member: Member) => isOutdated(member, observation.wanted);
  const replicas = shard.members.filter((member) => member.id !== shard.primaryId);
  const next = replicas.find(outdated);
  if (next) return [record({ kind: 'update-begun', memberId: next.id })];
  const primary = shard.members.find((member) => member.id === shard.primaryId)!;
  if (!outdated(primary)) return [];
  const successor = chooseReplica(shard, observation);
  if (successor) return [record({ kind: 'handover-planned', shardId: shard.id, to: successor })];
  return [record({ kind: 'update-begun', memberId: primary.id })];
}

export const isOutdated = (member: Member, wanted: WantedRun): boolean =>
  member.runs?.engineVersion !== wanted.engineVersion || member.runs?.nodeType !== wanted.nodeType;

function planReshard(change: GroupChange & { kind: 'reshard' }, observation: Observation): Action[] {
  if (change.step === 'add') return [record({ kind: 'reshard-step', step: 'migrate', since: change.since })];
  if (change.step === 'migrate') return observation.migrating ? [] : [{ do: 'migrate' }];
  return [record({ kind: 'change-done' })];
}
