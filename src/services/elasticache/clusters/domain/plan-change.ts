// Plans the operation on the whole group that is under way: its next step, and whether it is done. Repairs of shards
// come first; while one is needed, this file is not asked.

import { type Action, acts, type Planned, record, waits } from './action.ts';
import { chooseReplica } from './choose-replica.ts';
import { type Group, type GroupChange, type Member, membersOf, type Shard } from './model.ts';
import {
  isInSync,
  isIsolated,
  isServingPrimary,
  type Observation,
  observed,
  type WantedRun,
} from './observation.ts';
import { clusterAgrees } from './plan-cluster.ts';
import { isolationOf } from './plan-isolated.ts';
import { isInWindow } from './settings.ts';

/** The next step of the group's change, or of its pending modifications. */
export function planChange(group: Group, observation: Observation): Planned {
  const { change } = group;
  const unsettled = whatIsUnsettled(group, observation);
  if (unsettled) return waits(unsettled);
  if (!change) return planPending(group, observation.at);
  switch (change.kind) {
    case 'modify': {
      // One shard after another, so that clients that lose one node still find all the others.
      for (const shard of group.shards) {
        const update = planUpdate(shard, observation);
        if (update.length > 0) return acts(...update);
      }
      const left = membersOf(group).find(({ drain }) => drain);
      if (left) return waits(`clients may still stay connected to ${left.id}`);
      return acts(record({ kind: 'change-done' }));
    }
    case 'reshard':
      return planReshard(change, observation);
    case 'create':
    case 'replicas':
      return acts(record({ kind: 'change-done' }));
  }
}

function planPending(group: Group, at: number): Planned {
  if (!group.pending) return acts();
  const { preferredMaintenanceWindow: window } = group.settings;
  if (!isInWindow(at, window))
    return waits(`the pending modifications wait for the maintenance window ${window}`);
  return acts(record({ kind: 'pending-applied' }));
}

/** True when every member serves, no primary is changing, and in cluster mode all nodes agree on the cluster. */
export const isSettled = (group: Group, observation: Observation): boolean =>
  whatIsUnsettled(group, observation) === undefined;

/** The first reason why the group is not settled, as one clause of text; `undefined` when it is settled. */
function whatIsUnsettled(group: Group, observation: Observation): string | undefined {
  for (const shard of group.shards) {
    if (shard.handover) return `the primary of shard ${shard.id} is changing`;
    if (shard.promoted) return `${shard.primaryId} was promoted and accepts no writes yet`;
    for (const { id, phase } of shard.members) {
      if (phase !== 'available') return `${id} is ${phase}`;
      const seen = observed(observation, id);
      if (isIsolated(seen)) return isolationOf({ id });
      if (id === shard.primaryId ? !isServingPrimary(seen) : !isInSync(seen)) {
        return id === shard.primaryId
          ? `${id} does not serve`
          : `${id} is not in sync with ${shard.primaryId}`;
      }
    }
  }
  const agreed = !group.clusterEnabled || clusterAgrees(group, observation);
  return agreed ? undefined : 'the nodes do not agree on their cluster yet';
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

/** Whether the member runs with another engine version or node type than it should. */
export const isOutdated = (member: Member, wanted: WantedRun): boolean =>
  member.runs?.engineVersion !== wanted.engineVersion || member.runs?.nodeType !== wanted.nodeType;

function planReshard(change: GroupChange & { kind: 'reshard' }, observation: Observation): Planned {
  if (change.step === 'add')
    return acts(record({ kind: 'reshard-step', step: 'migrate', since: change.since }));
  if (change.step === 'remove') return acts(record({ kind: 'change-done' }));
  return observation.migrating ? waits('slots are being moved') : acts({ do: 'migrate' });
}
