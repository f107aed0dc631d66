// What one shard needs next: a primary that accepts writes, replicas that follow it, processes that run. Level-
// triggered: it looks at what is, never at what was said to have happened, so that it may run at any instant,
// after any crash, as often as it likes.

import { type Action, acts, type Planned, record, type StartData, waits } from './action.ts';
import { chooseReplica, isFit, someReplicaMayAnswer, someReplicaMayBeAhead } from './choose-replica.ts';
import { graceLeftMs } from './drain.ts';
import { claimsSlots, electedPrimary } from './elected-primary.ts';
import type { Group, Handover, Member, Shard } from './model.ts';
import {
  isClusterUp,
  isDown,
  isInSync,
  isServingPrimary,
  type Observation,
  type ObservedMember,
  observed,
} from './observation.ts';
import {
  changeOf,
  describeHoldings,
  type Holding,
  isOfAnotherHistory,
  lossOf,
  mostThatIsLeft,
} from './what-is-left.ts';

const SOME_MAY_BE_AHEAD = 'a replica that has not said how far it is may have what nobody else has';
const SOME_MAY_LEAD = 'a member that has not said what it is may be the primary';
const SOME_MAY_ANSWER = 'a replica that does not answer now may have the data';

/** The actions of each may be carried out beside those of the others. */
export function planShard(group: Group, shard: Shard, observation: Observation): Planned[] {
  if (shard.handover) return [planHandover(group, shard, shard.handover, observation)];
  const forPrimary = planPrimary(group, shard, observation);
  // A replica that is being promoted must not be restarted beside that.
  const successors = forPrimary.actions.map((action) =>
    action.do === 'promote' ? action.memberId : undefined,
  );
  const replicas = shard.members.filter(({ id }) => id !== shard.primaryId && !successors.includes(id));
  return [forPrimary, ...replicas.map((replica) => planReplica(shard, replica, observation))];
}

function planHandover(group: Group, shard: Shard, handover: Handover, observation: Observation): Planned {
  const led = ledByAnother(group, shard, handover, observation);
  if (led) return led;
  if (handover.kind === 'test') {
    const to = chooseReplica(shard, observation);
    // The choice waits until the primary is dead, when no write can change any more who is nearest to it.
    if (to && !isDown(observed(observation, handover.from)))
      return acts({ do: 'kill', memberId: handover.from });
    if (to && someReplicaMayBeAhead(shard, observation)) return waits(SOME_MAY_BE_AHEAD);
    if (to) return failOver(shard, handover.from, to);
    if (someReplicaMayAnswer(shard, observation)) return waits(SOME_MAY_ANSWER);
    return acts(record({ kind: 'handover-abandoned', shardId: shard.id }));
  }
  const { from, to } = handover;
  const source = observed(observation, from);
  const target = observed(observation, to);
  if (handover.kind === 'failure') {
    if (isServingPrimary(target) || isFit(target)) return failOver(shard, from, to, { begun: true });
    // It may be the primary already: as long as that cannot be told, no other becomes one.
    if (!isDown(target) && target.view?.role !== 'replica')
      return waits(`${to} may be the primary already, and has not said so`);
    const other = chooseReplica(shard, observation);
    if (other && someReplicaMayBeAhead(shard, observation)) return waits(SOME_MAY_BE_AHEAD);
    if (other) return acts({ do: 'kill', memberId: to }, ...failOver(shard, from, other).actions);
    if (someReplicaMayAnswer(shard, observation)) return waits(SOME_MAY_ANSWER);
    return acts(record({ kind: 'handover-abandoned', shardId: shard.id }));
  }
  // With both alive the switch is entered again, which also lets the writers of the old primary go on.
  if (isServingPrimary(target) && isDown(source)) {
    return acts({ do: 'kill', memberId: from }, primaryDied(shard, to));
  }
  if (isDown(source) && group.automaticFailover && isFit(target)) return failOver(shard, from, to);
  if (isDown(target) || isDown(source)) {
    return acts(record({ kind: 'handover-abandoned', shardId: shard.id }));
  }
  return acts({ do: 'switch', shardId: shard.id, from, to });
}

/** The record may come from a backup: the handover was carried out, and perhaps another one after it. */
function ledByAnother(
  group: Group,
  shard: Shard,
  handover: Handover,
  observation: Observation,
): Planned | undefined {
  const elected = electedPrimary(group, shard, observation);
  if (!elected || elected.isEmpty || (handover.kind !== 'test' && elected.id === handover.to))
    return undefined;
  const source = observed(observation, handover.from);
  if (isServingPrimary(source)) return undefined;
  if (isDown(source)) return acts({ do: 'kill', memberId: handover.from }, primaryDied(shard, elected.id));
  return acts(record({ kind: 'primary-changed', shardId: shard.id, to: elected.id }));
}

/** Fence first: the old primary must be unable to accept a write before the new one can. */
function failOver(shard: Shard, from: string, to: string, options: { begun?: boolean } = {}): Planned {
  const begin = record({ kind: 'failover-begun', shardId: shard.id, from, to });
  return acts(
    ...(options.begun ? [] : [begin]),
    { do: 'kill', memberId: from },
    { do: 'promote', shardId: shard.id, memberId: to },
    primaryDied(shard, to),
  );
}

/** Only behind its `kill`: clients that still know its address must not find it there when it comes back. */
const primaryDied = (shard: Shard, to: string): Action =>
  record({ kind: 'primary-changed', shardId: shard.id, to, oldDied: true });

function planPrimary(group: Group, shard: Shard, observation: Observation): Planned {
  const primary = shard.members.find((member) => member.id === shard.primaryId)!;
  const seen = observed(observation, primary.id);
  if (primary.phase === 'deleting') return removeLast(shard, primary);
  if (primary.start?.data === 'discard') return restart(primary, seen.state !== 'absent');
  // What it is started with is decided once it has ended: by then it has saved its data, or has failed to.
  if (primary.start && !isDown(seen)) return acts({ do: 'stop', memberId: primary.id, refuseClients: false });
  if (primary.start) return startFromWhatIsLeft(group, shard, primary, observation);
  if (!isDown(seen)) return planLivePrimary(group, shard, primary, observation);

  const elected = electedPrimary(group, shard, observation);
  if (elected?.isEmpty) return acts({ do: 'kill', memberId: elected.id });
  if (elected) return acts({ do: 'kill', memberId: primary.id }, primaryDied(shard, elected.id));
  const successor = group.automaticFailover ? chooseReplica(shard, observation) : undefined;
  if (successor && seen.state === 'absent' && observation.at < observation.electionUntil)
    return waits(`the cluster may elect another primary for ${primary.id} by itself`);
  if (successor && someReplicaMayBeAhead(shard, observation)) return waits(SOME_MAY_BE_AHEAD);
  if (successor) return failOver(shard, primary.id, successor);
  if (group.automaticFailover && someReplicaMayAnswer(shard, observation)) return waits(SOME_MAY_ANSWER);
  return rebuildPrimary(group, shard, primary, observation);
}

/** A shard that goes away is there until its replicas are gone: without its primary they would be in want of one. */
const removeLast = (shard: Shard, primary: Member): Planned =>
  shard.members.length === 1 ? remove(primary) : waits(`${primary.id} goes after its replicas`);

const remove = ({ id }: Member): Planned =>
  acts({ do: 'remove', memberId: id }, record({ kind: 'member-removed', memberId: id }));

/** Nobody is promoted: the primary comes back in its place, with the data of a replica if one lives. */
function rebuildPrimary(group: Group, shard: Shard, primary: Member, observation: Observation): Planned {
  const source = chooseReplica(shard, observation);
  if (!source) return startFromWhatIsLeft(group, shard, primary, observation);
  if (someReplicaMayBeAhead(shard, observation)) return waits(SOME_MAY_BE_AHEAD);
  return startPrimary(primary, { replicaId: source });
}

/**
 * The member that has most goes on. Where that is not the primary, it is started as the replica that it is by the
 * record, and takes over once it has proved that its data can be loaded: nothing has changed if they cannot.
 */
function startFromWhatIsLeft(group: Group, shard: Shard, primary: Member, observation: Observation): Planned {
  const seen = observed(observation, primary.id);
  const most = mostThatIsLeft(shard, observation);
  const isOwn = most?.memberId === primary.id;
  const mayChange = someReplicaMayAnswer(shard, observation) || someReplicaMayBeAhead(shard, observation);
  if (mayChange && !(isOwn && seen.stored?.clean)) return waits(SOME_MAY_ANSWER);
  if (isOwn || !most) {
    const damaged = seen.stored?.dump?.damage !== undefined;
    const lost = lossOf(shard, primary, seen, most);
    const because = isOwn ? changeOf(primary, seen) : describeHoldings(shard, observation);
    return startPrimary(primary, isOwn ? 'keep' : damaged ? 'set-aside' : 'discard', lost, because);
  }
  if (!group.automaticFailover) {
    const lost = lossOf(shard, primary, seen, most);
    return startPrimary(primary, { replicaId: most.memberId }, lost, told(shard, most, observation));
  }
  if (most.at === 'memory') return failOver(shard, primary.id, most.memberId);
  return waits(`${most.memberId} has most of what is left, and has not loaded it yet`);
}

function startPrimary(
  { id: memberId, start }: Member,
  data: StartData,
  lost?: string,
  because?: string,
): Planned {
  return acts(
    ...(start ? [] : [record({ kind: 'recovery-begun', memberId })]),
    { do: 'kill', memberId },
    { do: 'start', memberId, data, ...(lost && { lost }), ...(because && { because }) },
  );
}

const told = (shard: Shard, { memberId }: Holding, observation: Observation): string =>
  `goes on with what ${memberId} has, the most that is left: ${describeHoldings(shard, observation)}`;

function planLivePrimary(group: Group, shard: Shard, primary: Member, observation: Observation): Planned {
  const seen = observed(observation, primary.id);
  if (seen.state !== 'running' || !seen.view) return waits(silenceOf(primary, seen));
  if (seen.view.role === 'replica') {
    const elected = electedPrimary(group, shard, observation);
    if (elected && !elected.isEmpty)
      return acts(record({ kind: 'primary-changed', shardId: shard.id, to: elected.id }));
    if (!elected && someReplicaMayBeAhead(shard, observation)) return waits(SOME_MAY_LEAD);
    const fence: Action[] = elected ? [{ do: 'kill', memberId: elected.id }] : [];
    return acts(...fence, { do: 'promote', shardId: shard.id, memberId: primary.id });
  }
  const settled = settle(primary, observation);
  return { ...settled, actions: [...tellFailover(shard, primary, observation), ...settled.actions] };
}

/** A promoted node may see its cluster as down for some seconds more: it is told when clients can write. */
function tellFailover(shard: Shard, primary: Member, observation: Observation): Action[] {
  const seen = observed(observation, primary.id);
  if (!shard.promoted || !isServingPrimary(seen) || !isClusterUp(seen)) return [];
  const hasSlots = shard.slots.length === 0 || claimsSlots(primary, observation);
  return hasSlots ? [record({ kind: 'failover-completed', shardId: shard.id })] : [];
}

function planReplica(shard: Shard, member: Member, observation: Observation): Planned {
  const seen = observed(observation, member.id);
  if (member.phase === 'deleting') return remove(member);
  if (member.start?.data === 'discard') return restart(member, seen.state !== 'absent');
  if (member.start && !isDown(seen)) {
    if (mayKeepClients(member, observation)) return waits(clientsMayStay(member));
    return acts(
      { do: 'stop', memberId: member.id, refuseClients: member.drain !== undefined },
      { do: 'start', memberId: member.id, data: 'keep' },
    );
  }
  if (isDown(seen)) return startReplica(shard, member, observation);
  if (seen.state !== 'running' || !seen.view) return waits(silenceOf(member, seen));
  const primary = shard.members.find((candidate) => candidate.id === shard.primaryId)!;
  if (seen.view.role === 'primary' || seen.view.primaryAddress !== primary.address) {
    const ready = isServingPrimary(observed(observation, primary.id));
    if (!ready) return waits(`${primary.id} does not serve yet, so ${member.id} cannot follow it`);
    return acts({ do: 'follow', memberId: member.id, primaryId: primary.id });
  }
  if (member.drain && !mayKeepClients(member, observation)) {
    return acts(
      { do: 'drop-clients', memberId: member.id },
      record({ kind: 'drained', memberId: member.id }),
    );
  }
  if (!isInSync(seen)) return waits(`${member.id} is not in sync with ${primary.id}`);
  const settled = settle(member, observation);
  return member.drain && settled.actions.length === 0 ? waits(clientsMayStay(member)) : settled;
}

/** With the data that it has, as far as it can be loaded: it may be all that is left of the shard. */
function startReplica(shard: Shard, member: Member, observation: Observation): Planned {
  const seen = observed(observation, member.id);
  const primary = observed(observation, shard.primaryId);
  const most = isDown(primary) ? mostThatIsLeft(shard, observation) : undefined;
  const histories = most
    ? [most.replicationId]
    : [primary.view?.replicationId, primary.view?.previousReplicationId];
  // Its first sync would replace data that nobody else has. Until the primary serves they may yet be wanted.
  const isForeign = !seen.served && isOfAnotherHistory(seen, histories);
  if (isForeign && most && most.memberId !== member.id)
    return waits(`${member.id} has data of another history, and follows once a primary serves`);
  const setAside = seen.stored?.dump?.damage !== undefined || (isForeign && !most);
  const lost = lossOf(shard, member, seen, most ?? { ...ELSEWHERE, memberId: shard.primaryId });
  const because = most?.memberId === member.id && told(shard, most, observation);
  return acts(
    ...(member.start ? [] : [record({ kind: 'recovery-begun', memberId: member.id })]),
    { do: 'kill', memberId: member.id },
    {
      ...{ do: 'start', memberId: member.id, data: setAside ? 'set-aside' : 'keep' },
      ...(lost && { lost }),
      ...(because && { because }),
    },
  );
}

/** What is lost with a replica is with its primary. */
const ELSEWHERE: Omit<Holding, 'memberId'> = { at: 'memory', savedAt: 0 };

/** The record wants the process started anew and empty. */
const restart = ({ id: memberId, phase, runs }: Member, exists: boolean): Planned =>
  acts(...(exists ? [{ do: 'kill', memberId } as const] : []), {
    do: 'start',
    memberId,
    data: phase === 'creating' && !runs ? 'new' : 'discard',
  });

const clientsMayStay = ({ id }: Member): string => `clients may still stay connected to ${id}`;

function silenceOf({ id }: Member, { state }: ObservedMember): string {
  return state === 'running' ? `${id} has not said how it is` : `${id} is ${state}`;
}

const mayKeepClients = (member: Member, { at, demotedGraceMs }: Observation): boolean =>
  graceLeftMs(member, at, demotedGraceMs) > 0;

/** The member does its work: say so if it did not before, and give it the parameters that changed. */
function settle(member: Member, observation: Observation): Planned {
  const { wanted } = observation;
  const actions: Action[] = [];
  // A new member is told of when it runs; one that comes back, when clients can use it.
  const isUsable = member.phase === 'creating' || isClusterUp(observed(observation, member.id));
  if (member.phase !== 'available' && isUsable)
    actions.push(record({ kind: 'member-in-service', memberId: member.id }));
  if (member.runs && Boolean(member.runs.announcesName) !== wanted.announceNames) {
    actions.push({ do: 'announce', memberId: member.id, name: wanted.announceNames });
  }
  if (member.runs && member.runs.engineVersion === wanted.engineVersion) {
    const changed = Object.entries(wanted.directives).filter(
      ([name, value]) => wanted.live.has(name) && member.runs!.directives[name] !== value,
    );
    if (changed.length > 0) {
      actions.push({ do: 'configure', memberId: member.id, directives: Object.fromEntries(changed) });
    }
  }
  return { actions, ...(!isUsable && { waitsFor: `${member.id} sees its cluster as down` }) };
}
