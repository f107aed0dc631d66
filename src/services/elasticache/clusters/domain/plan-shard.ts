// Plans one shard: a primary that accepts writes, replicas that follow it, processes that run. The plan is
// level-triggered: it depends only on the present observation and the record, never on past events, so it can run at
// any time, after any crash, any number of times.

import { type Action, acts, type Planned, record, type StartData, waits } from './action.ts';
import { chooseReplica, someReplicaMayAnswer, someReplicaMayBeAhead } from './choose-replica.ts';
import { graceLeftMs } from './drain.ts';
import { claimsSlots, electedPrimary } from './elected-primary.ts';
import { failOver, primaryDied, SOME_MAY_ANSWER, SOME_MAY_BE_AHEAD } from './fail-over.ts';
import type { Group, Member, Shard } from './model.ts';
import {
  isClusterUp,
  isDown,
  isInSync,
  isIsolated,
  isServingPrimary,
  type Observation,
  type ObservedMember,
  observed,
} from './observation.ts';
import { planHandover } from './plan-handover.ts';
import { hasFailed, isolationOf, planIsolatedReplica } from './plan-isolated.ts';
import {
  bestCopy,
  changeOf,
  type DataCopy,
  describeCopies,
  isOfAnotherHistory,
  lossOf,
} from './surviving-data.ts';

const SOME_MAY_LEAD = 'a member that has not reported its role may be the primary';

/** The plans of the shard's parts, which may run concurrently. */
export function planShard(group: Group, shard: Shard, observation: Observation): Planned[] {
  if (shard.handover) return [planHandover(group, shard, shard.handover, observation)];
  const forPrimary = planPrimary(group, shard, observation);
  // A replica that is being promoted must not be restarted at the same time.
  const successors = forPrimary.actions.map((action) =>
    action.do === 'promote' ? action.memberId : undefined,
  );
  const replicas = shard.members.filter(({ id }) => id !== shard.primaryId && !successors.includes(id));
  return [forPrimary, ...replicas.map((replica) => planReplica(shard, replica, observation))];
}

function planPrimary(group: Group, shard: Shard, observation: Observation): Planned {
  const primary = shard.members.find((member) => member.id === shard.primaryId)!;
  const seen = observed(observation, primary.id);
  if (primary.phase === 'deleting') return removeLast(shard, primary);
  if (primary.start?.data === 'discard') return restart(primary, seen.state !== 'absent');
  // The data to start with is chosen once the process has ended: only then is it known whether it saved its data.
  if (primary.start && !isDown(seen)) return acts({ do: 'stop', memberId: primary.id, refuseClients: false });
  if (primary.start) return startFromBestCopy(group, shard, primary, observation);
  if (!hasFailed(seen, observation)) return planLivePrimary(group, shard, primary, observation);
  if (!isDown(seen)) return planUnreachablePrimary(group, shard, primary, observation);

  const elected = electedPrimary(group, shard, observation);
  if (elected?.isEmpty) return acts({ do: 'kill', memberId: elected.id });
  if (elected) return acts({ do: 'kill', memberId: primary.id }, primaryDied(shard, elected.id));
  const successor = group.automaticFailover ? chooseReplica(shard, observation) : undefined;
  if (successor && seen.state === 'absent' && observation.at < observation.electionUntil)
    return waits(`the cluster may elect a successor of ${primary.id} by itself`);
  if (successor && someReplicaMayBeAhead(shard, observation)) return waits(SOME_MAY_BE_AHEAD);
  if (successor) return failOver(shard, primary.id, successor);
  if (group.automaticFailover && someReplicaMayAnswer(shard, observation)) return waits(SOME_MAY_ANSWER);
  return rebuildPrimary(group, shard, primary, observation);
}

/** An isolated primary that runs on: it is replaced as after a crash, or stays when no member can take its place. */
function planUnreachablePrimary(
  group: Group,
  shard: Shard,
  primary: Member,
  observation: Observation,
): Planned {
  const elected = electedPrimary(group, shard, observation);
  if (elected && !elected.isEmpty)
    return acts({ do: 'kill', memberId: primary.id }, primaryDied(shard, elected.id));
  const successor = group.automaticFailover ? chooseReplica(shard, observation) : undefined;
  if (successor && someReplicaMayBeAhead(shard, observation)) return waits(SOME_MAY_BE_AHEAD);
  if (successor) return failOver(shard, primary.id, successor);
  return { waitsFor: isolationOf(primary), ...planLivePrimary(group, shard, primary, observation) };
}

/** The primary of a shard is removed last, because the plan of a shard needs its primary. */
const removeLast = (shard: Shard, primary: Member): Planned =>
  shard.members.length === 1 ? remove(primary) : waits(`${primary.id} is removed after its replicas`);

const remove = ({ id }: Member): Planned =>
  acts({ do: 'remove', memberId: id }, record({ kind: 'member-removed', memberId: id }));

/** Restarts the primary without a promotion, with the data of a live replica if there is one. */
function rebuildPrimary(group: Group, shard: Shard, primary: Member, observation: Observation): Planned {
  const source = chooseReplica(shard, observation);
  if (!source) return startFromBestCopy(group, shard, primary, observation);
  if (someReplicaMayBeAhead(shard, observation)) return waits(SOME_MAY_BE_AHEAD);
  if (observed(observation, primary.id).startWaitMs) return waits(waitsForStart(primary));
  return startPrimary(primary, { replicaId: source, from: 'memory' });
}

/**
 * Continues with the best copy of the data. When a replica has it, that replica first starts as a replica, and takes
 * over once it has loaded the copy: if the copy cannot be loaded, nothing has changed.
 */
function startFromBestCopy(group: Group, shard: Shard, primary: Member, observation: Observation): Planned {
  const seen = observed(observation, primary.id);
  const best = bestCopy(shard, observation);
  const isOwn = best?.memberId === primary.id;
  const mayChange = someReplicaMayAnswer(shard, observation) || someReplicaMayBeAhead(shard, observation);
  // What the primary saved in order when it ended is all that there was; a dump that came from elsewhere is not.
  const isWhatItSaved = seen.stored?.clean === true && changeOf(primary, seen) === undefined;
  if (mayChange && !(isOwn && isWhatItSaved)) return waits(SOME_MAY_ANSWER);
  if ((isOwn || !best) && seen.startWaitMs) return waits(waitsForStart(primary));
  if (isOwn || !best) {
    const damaged = seen.stored?.dump?.damage !== undefined;
    const lost = lossOf(shard, primary, seen, best);
    const because = isOwn ? changeOf(primary, seen) : describeCopies(shard, observation);
    return startPrimary(primary, isOwn ? 'keep' : damaged ? 'set-aside' : 'discard', lost, because);
  }
  if (!group.automaticFailover) {
    if (seen.startWaitMs) return waits(waitsForStart(primary));
    const lost = lossOf(shard, primary, seen, best);
    return startPrimary(
      primary,
      { replicaId: best.memberId, from: 'disk' },
      lost,
      reasonFor(shard, best, observation),
    );
  }
  if (isIsolated(observed(observation, best.memberId)))
    return waits(
      `${best.memberId} has the best copy of the data, and cuts of the network keep it from its group`,
    );
  if (best.at === 'memory') return failOver(shard, primary.id, best.memberId);
  return waits(`${best.memberId} has the best copy of the data, and has not loaded it yet`);
}

const waitsForStart = ({ id }: Member): string =>
  `the engine of ${id} could not be started several times, and is started again after a pause`;

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

const reasonFor = (shard: Shard, { memberId }: DataCopy, observation: Observation): string =>
  `continues with the data of ${memberId}, the best copy: ${describeCopies(shard, observation)}`;

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
  return { ...settled, actions: [...completeFailover(shard, primary, observation), ...settled.actions] };
}

/**
 * A promoted node may see its cluster as down for some seconds more. The failover is complete when clients can write.
 */
function completeFailover(shard: Shard, primary: Member, observation: Observation): Action[] {
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
  const isolated = member.start ? undefined : planIsolatedReplica(member, observation);
  if (isolated) return isolated;
  if (isDown(seen)) return startReplica(shard, member, observation);
  if (seen.state !== 'running' || !seen.view) return waits(silenceOf(member, seen));
  const primary = shard.members.find((candidate) => candidate.id === shard.primaryId)!;
  if (seen.view.role === 'primary' || seen.view.primaryAddress !== primary.address) {
    const ready = isServingPrimary(observed(observation, primary.id));
    // An isolated primary is about to be replaced, perhaps by this replica.
    if (!ready || isIsolated(observed(observation, primary.id)))
      return waits(`${primary.id} does not serve yet, so ${member.id} cannot follow it`);
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

/** Starts a replica with its own data if that can be loaded: it may be the last copy of the shard. */
function startReplica(shard: Shard, member: Member, observation: Observation): Planned {
  const seen = observed(observation, member.id);
  const primary = observed(observation, shard.primaryId);
  const best = isDown(primary) ? bestCopy(shard, observation) : undefined;
  const histories = best
    ? [best.replicationId]
    : [primary.view?.replicationId, primary.view?.previousReplicationId];
  // Its first sync would replace data that no other member has, and that may be needed until the primary serves.
  const isForeign = !seen.served && isOfAnotherHistory(seen, histories);
  if (isForeign && best && best.memberId !== member.id)
    return waits(`${member.id} has data of another history, and follows once a primary serves`);
  if (seen.startWaitMs) return waits(waitsForStart(member));
  const setAside = seen.stored?.dump?.damage !== undefined || (isForeign && !best);
  const lost = lossOf(shard, member, seen, best ?? { ...IN_PRIMARY, memberId: shard.primaryId });
  const because = best?.memberId === member.id && reasonFor(shard, best, observation);
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

/** Data that a replica lost still exists in its primary. */
const IN_PRIMARY: Omit<DataCopy, 'memberId'> = { at: 'memory', savedAt: 0 };

/** Starts the process again without data, as the record requires. */
const restart = ({ id: memberId, phase, runs }: Member, exists: boolean): Planned =>
  acts(...(exists ? [{ do: 'kill', memberId } as const] : []), {
    do: 'start',
    memberId,
    data: phase === 'creating' && !runs ? 'new' : 'discard',
  });

const clientsMayStay = ({ id }: Member): string => `clients may still stay connected to ${id}`;

function silenceOf({ id }: Member, { state }: ObservedMember): string {
  return state === 'running' ? `${id} has not answered yet` : `${id} is ${state}`;
}

const mayKeepClients = (member: Member, { at, demotedGraceMs }: Observation): boolean =>
  graceLeftMs(member, at, demotedGraceMs) > 0;

/** The member serves: records that if it is new, and applies changed parameters. */
function settle(member: Member, observation: Observation): Planned {
  const { wanted } = observation;
  const actions: Action[] = [];
  // A new member is in service when it runs; one that comes back, when clients can use it.
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
