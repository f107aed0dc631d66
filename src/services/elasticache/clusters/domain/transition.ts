// Every transition of a group's record, with the events that it causes. A transition is applied to the latest record,
// in one transaction. One that no longer applies changes nothing, so that every transition can run twice.

import { assert, unreachable } from '../../../../kernel/assert.ts';
import type { ElastiCacheEvent } from '../../events/domain/event.ts';
import * as say from '../../events/domain/event-texts.ts';
import { type Group, type Member, type MemberRun, memberOf, membersOf, type Shard } from './model.ts';
import { applyPending } from './modification.ts';

/** A change of the record that the controller reports. Ids are member or shard ids. */
export type Transition =
  | { kind: 'failover-begun'; shardId: string; from: string; to: string }
  | { kind: 'handover-planned'; shardId: string; to: string }
  | { kind: 'handover-abandoned'; shardId: string }
  /** `oldDied`: no process of the old primary runs. If `newAddress` is given, the old primary comes back there. */
  | { kind: 'primary-changed'; shardId: string; to: string; oldDied?: boolean; newAddress?: string }
  /** Cluster mode: clients can write to the new primary. */
  | { kind: 'failover-completed'; shardId: string }
  | { kind: 'recovery-begun'; memberId: string }
  | { kind: 'update-begun'; memberId: string }
  /**
   * `lost`: data that the node lacks. `moved`: unknown engines ran in its directory, which is now under the key `to`.
   */
  | {
      kind: 'started';
      memberId: string;
      runs: MemberRun;
      lost?: string;
      moved?: { to: string; runs: string[] };
    }
  | { kind: 'configured'; memberId: string; directives: Record<string, string> }
  /** The node announces its host name (`name`) or its address. */
  | { kind: 'announced'; memberId: string; name: boolean }
  | { kind: 'member-in-service'; memberId: string }
  /** The member's clients were disconnected; names point to it again. */
  | { kind: 'drained'; memberId: string }
  | { kind: 'member-removed'; memberId: string }
  | { kind: 'change-done' }
  | { kind: 'pending-applied' }
  | { kind: 'create-failed'; reason: string }
  /** `since` identifies the resharding: the job of an earlier one may end late. */
  | { kind: 'reshard-step'; step: 'migrate' | 'remove'; since: number }
  /** `substitutes`: the new `ReplicaNames.guests`. */
  | { kind: 'replica-names-redirected'; substitutes: (string | null)[] }
  | { kind: 'slots-moved'; shards: Record<string, [number, number][]>; movedSlots: number; since: number };

/** The result of a transition. */
export interface Advanced {
  group: Group;
  events: ElastiCacheEvent[];
}

/** Applies a transition to `group` in place. `now`: milliseconds since the epoch. */
export function advance(group: Group, transition: Transition, now: number): Advanced {
  return { group, events: apply(group, transition, now) };
}

function apply(group: Group, transition: Transition, now: number): ElastiCacheEvent[] {
  switch (transition.kind) {
    case 'failover-begun':
      return withShard(group, transition.shardId, (shard) => {
        shard.handover = { kind: 'failure', since: now, from: transition.from, to: transition.to };
        return [];
      });
    case 'handover-planned':
      return withShard(group, transition.shardId, (shard) => {
        shard.handover = { kind: 'planned', since: now, from: shard.primaryId, to: transition.to };
        return [];
      });
    case 'handover-abandoned':
      return withShard(group, transition.shardId, (shard) => {
        delete shard.handover;
        return [];
      });
    case 'primary-changed':
      return withShard(group, transition.shardId, (shard) => primaryChanged(group, shard, transition, now));
    case 'failover-completed':
      return withShard(group, transition.shardId, (shard) => {
        const { promoted } = shard;
        delete shard.promoted;
        return promoted ? say.failoverCompleted(group.id, promoted.from, shard.primaryId) : [];
      });
    case 'recovery-begun':
      return withMember(group, transition.memberId, (member) => {
        delete member.drain;
        if (member.phase !== 'available') return [];
        member.phase = 'recovering';
        return [say.recovering(member.id)];
      });
    case 'update-begun':
      return withMember(group, transition.memberId, (member, shard) => {
        member.phase = 'updating';
        member.start = { data: 'keep' };
        // A primary that is updated in place has no other node to send its clients to.
        if (member.id !== shard.primaryId) member.drain ??= { since: now };
        return [];
      });
    case 'started':
      return withMember(group, transition.memberId, (member) => started(member, transition));
    case 'configured':
      return withMember(group, transition.memberId, (member) => {
        if (member.runs) Object.assign(member.runs.directives, transition.directives);
        return [];
      });
    case 'announced':
      return withMember(group, transition.memberId, ({ runs }) => {
        if (runs && transition.name) runs.announcesName = true;
        else delete runs?.announcesName;
        return [];
      });
    case 'member-in-service':
      return withMember(group, transition.memberId, (member) => inService(group, member));
    case 'drained':
      return withMember(group, transition.memberId, (member) => {
        delete member.drain;
        return [];
      });
    case 'member-removed':
      return memberRemoved(group, transition.memberId);
    case 'change-done':
      return changeDone(group);
    case 'pending-applied':
      return applyPending(group, now);
    case 'create-failed':
      group.status = 'create-failed';
      delete group.change;
      return membersOf(group).map((member) => say.creationFailed(member.id, transition.reason));
    case 'reshard-step':
      return reshardStep(group, transition);
    case 'replica-names-redirected':
      return namesRedirected(group, transition.substitutes);
    case 'slots-moved':
      return slotsMoved(group, transition);
    default:
      return unreachable(transition, 'transition');
  }
}

function primaryChanged(
  group: Group,
  shard: Shard,
  { to, newAddress }: Transition & { kind: 'primary-changed' },
  now: number,
): ElastiCacheEvent[] {
  const from = shard.primaryId;
  const isPlanned = shard.handover?.kind === 'planned';
  delete shard.handover;
  if (from === to) return [];
  const member = memberOf(group, to)?.member;
  assert(member, `${to} is no member of ${group.id}`);
  // A restart that was due has to wait, because the other members now depend on this one.
  if (member.start) {
    delete member.start;
    member.phase = 'available';
  }
  delete member.drain;
  const old = memberOf(group, from)?.member;
  if (old && newAddress) old.address = newAddress;
  // With cluster mode on, clients get MOVED and leave by themselves.
  if (old && isPlanned && !group.clusterEnabled) old.drain = { since: now };
  shard.primaryId = to;
  shard.epoch++;
  if (!group.clusterEnabled) return say.failoverCompleted(group.id, from, to);
  shard.promoted = { from, since: now };
  return [];
}

function started(
  member: Member,
  { runs, lost, moved }: Transition & { kind: 'started' },
): ElastiCacheEvent[] {
  member.runs = runs;
  const asked = member.start !== undefined;
  delete member.start;
  delete member.drain;
  delete member.saved;
  if (moved) return [say.directoryMoved(member.id, moved)];
  if (lost !== undefined) return [say.dataLost(member.id, lost)];
  return member.phase === 'rebooting' && asked ? say.rebooted(member.id) : [];
}

function inService(group: Group, member: Member): ElastiCacheEvent[] {
  const { phase } = member;
  member.phase = 'available';
  if (phase === 'creating') {
    const created = say.memberCreated(member.id, member.zone);
    return group.change?.kind === 'replicas' ? [...created, say.replicaAdded(member.id)] : created;
  }
  if (phase === 'recovering') return [say.recovered(member.id)];
  if (phase === 'updating' && group.change?.kind === 'modify' && group.change.upgraded)
    return [say.patched(member.id)];
  return [];
}

function memberRemoved(group: Group, memberId: string): ElastiCacheEvent[] {
  const found = memberOf(group, memberId);
  if (!found) return [];
  found.shard.members = found.shard.members.filter((member) => member.id !== memberId);
  group.shards = group.shards.filter((shard) => shard.members.length > 0);
  return [say.memberDeleted(memberId)];
}

function changeDone(group: Group): ElastiCacheEvent[] {
  const { change } = group;
  delete group.change;
  if (group.status !== 'deleting') group.status = 'available';
  if (!change) return [];
  const turnedOn = group.automaticFailover && group.kind === 'replication-group';
  switch (change.kind) {
    case 'create':
      if (group.kind === 'cache-cluster') return [];
      return [say.groupCreated(group.id), ...(turnedOn ? [say.failoverTurnedOn(group.id)] : [])];
    case 'modify':
      return [
        ...(change.scaledNodeType
          ? [
              ...membersOf(group).map((m) => say.scaled(m.id, change.scaledNodeType!)),
              say.groupScaled(group.id, change.scaledNodeType),
            ]
          : []),
        ...(change.turnedOnFailover ? [say.failoverTurnedOn(group.id)] : []),
      ];
    case 'replicas':
    case 'reshard':
      return [];
    default:
      return unreachable(change, 'change');
  }
}

const reshardOf = (group: Group, since: number) =>
  group.change?.kind === 'reshard' && group.change.since === since ? group.change : undefined;

function slotsMoved(group: Group, moved: Transition & { kind: 'slots-moved' }): ElastiCacheEvent[] {
  const change = reshardOf(group, moved.since);
  if (!change) return [];
  for (const shard of group.shards) shard.slots = moved.shards[shard.id] ?? shard.slots;
  change.movedSlots = moved.movedSlots;
  return [];
}

function reshardStep(
  group: Group,
  { step, since }: Transition & { kind: 'reshard-step' },
): ElastiCacheEvent[] {
  const change = reshardOf(group, since);
  if (!change || change.step === 'remove' || change.step === step) return [];
  change.step = step;
  if (step !== 'remove') return [];
  for (const shard of group.shards) {
    if (!shard.leaving) continue;
    // A shard keeps existing while slots could not be moved away from it.
    if (shard.slots.length > 0) {
      delete shard.leaving;
      continue;
    }
    for (const member of shard.members) member.phase = 'deleting';
  }
  return [];
}

function namesRedirected({ replicaNames }: Group, substitutes: (string | null)[]): ElastiCacheEvent[] {
  if (replicaNames?.homes.length === substitutes.length) replicaNames.guests = substitutes;
  return [];
}

function withShard(
  group: Group,
  shardId: string,
  change: (shard: Shard) => ElastiCacheEvent[],
): ElastiCacheEvent[] {
  const shard = group.shards.find((candidate) => candidate.id === shardId);
  return shard ? change(shard) : [];
}

function withMember(
  group: Group,
  memberId: string,
  change: (member: Member, shard: Shard) => ElastiCacheEvent[],
): ElastiCacheEvent[] {
  const found = memberOf(group, memberId);
  return found ? change(found.member, found.shard) : [];
}
