// Carries out one action of a plan. An action can safely run twice, and nothing is decided here.

import type { Scope } from '../../../../aws/scope.ts';
import {
  announce,
  applyDirectives,
  clusterForget,
  clusterMeet,
  clusterReplicate,
  dropClients,
  promote,
  replicateFrom,
  saveRdb,
} from '../../../../engine/commands.ts';
import type { EngineBinary, Fleet, NodeSpec } from '../../../../engine/fleet.ts';
import {
  type ClusterMember,
  learnEpochs,
  type TakeOvers,
  takeOverShard,
} from '../../../../engine/resharding/index.ts';
import { assert, unreachable } from '../../../../kernel/assert.ts';
import type { Log } from '../../../../kernel/log.ts';
import type { Followers } from '../../feeds/followers.ts';
import type { Action, StartData } from '../domain/action.ts';
import { type Group, type Member, memberOf, membersOf, type Shard } from '../domain/model.ts';
import type { WantedRun } from '../domain/observation.ts';
import type { Transition } from '../domain/transition.ts';
import { fleetKey } from './members.ts';
import { busPortOf, nodeSpec } from './node-spec.ts';
import { type SwitchParty, switchPrimary } from './switch-primary.ts';

/** What actions need: the fleet, the group's latest record, and ways to change it. */
export interface ActContext {
  fleet: Fleet;
  /** Feeds leave a node before it is stopped or promoted. */
  followers: Followers;
  scope: Scope;
  log: Log;
  wanted: WantedRun;
  binary: EngineBinary;
  /** The grace period of a drain, in milliseconds; see Drain. */
  demotedGraceMs: number;
  /** The latest record. */
  group(): Group | undefined;
  /** The host name of a member's own endpoint. */
  nameOf(memberId: string): string;
  /** The takeovers of this group. */
  takeOvers: TakeOvers;
  record(transition: Transition): void;
  /** Begins to move slots in the background. */
  migrate(): void;
}

const STOP_GRACE_MS = 10_000;
/** How long a replica may take to read what its dead primary sent before it died. */
const DRAIN_MS = 100;

/** Rejects when the engine or the fleet refuses; the controller then plans again. */
export async function act(action: Action, context: ActContext): Promise<void> {
  const { fleet, scope } = context;
  switch (action.do) {
    case 'record':
      return context.record(action.transition);
    case 'kill':
      return fleet.kill(fleetKey(scope, action.memberId));
    case 'stop':
      return stop(action, context);
    case 'drop-clients':
      return dropClients(fleet.admin(fleetKey(scope, action.memberId)));
    case 'remove':
      return remove(action.memberId, context);
    case 'start':
      return start(action, context);
    case 'follow':
      return follow(action.memberId, action.primaryId, context);
    case 'promote':
      return unfollowed(action.memberId, context, () => promoteMember(action.memberId, context));
    case 'switch':
      return unfollowed(action.to, context, () => switchMembers(action, context));
    case 'configure':
      return configure(action.memberId, action.directives, context);
    case 'announce':
      return announceMember(action, context);
    case 'introduce':
      return introduce(action.memberId, action.to, context);
    case 'forget':
      return forget(action.memberId, action.engineNodeIds, context);
    case 'migrate':
      return context.migrate();
    default:
      return unreachable(action, 'action');
  }
}

/** A feed's link would count for WAIT on a new primary, and hold up the end of a node that shuts down. */
async function unfollowed(memberId: string, context: ActContext, work: () => Promise<void>): Promise<void> {
  const group = context.group();
  if (!group) return;
  await context.followers.without(context.scope, group.id, memberId, work);
}

async function stop(
  { memberId, refuseClients }: Action & { do: 'stop' },
  context: ActContext,
): Promise<void> {
  const how = { save: true, graceMs: STOP_GRACE_MS, refuseClients };
  await unfollowed(memberId, context, () => context.fleet.stop(fleetKey(context.scope, memberId), how));
}

/** Feeds first read all of a shard that is left empty by a resharding. */
async function remove(memberId: string, context: ActContext): Promise<void> {
  const { fleet, followers, scope } = context;
  const found = find(memberId, context);
  if (found?.shard.members.every(({ phase }) => phase === 'deleting')) {
    await followers.drain(scope, found.group.id, found.shard.id);
  }
  await fleet.remove(fleetKey(scope, memberId));
}

async function start(
  { memberId, data, lost, because }: Action & { do: 'start' },
  context: ActContext,
): Promise<void> {
  const found = find(memberId, context);
  if (!found) return;
  const { group, shard, member } = found;
  const { fleet, scope, wanted, binary } = context;
  const spec = nodeSpec(scope, group, shard, member, {
    wanted,
    binary,
    nameOf: context.nameOf,
    data: await dataOf(data, context),
  });
  const moved = await fleet.start(spec);
  const { engineVersion, nodeType, directives, announceNames } = wanted;
  for (const what of [lost, because]) if (what) context.log.warn({ memberId, data }, `${memberId} ${what}`);
  const runs = { engineVersion, nodeType, directives, ...(announceNames && { announcesName: true }) };
  context.record({ kind: 'started', memberId, runs, ...(lost && { lost }), ...(moved && { moved }) });
}

async function dataOf(data: StartData, context: ActContext): Promise<NodeSpec['data']> {
  const { fleet, scope } = context;
  if (typeof data === 'string') return data;
  const key = fleetKey(scope, data.replicaId);
  if (data.from === 'memory' || fleet.status(key).state === 'running') await saveRdb(fleet.admin(key));
  return { from: key };
}

async function follow(memberId: string, primaryId: string, context: ActContext): Promise<void> {
  const found = find(memberId, context);
  const primary = find(primaryId, context);
  if (!found || !primary) return;
  const admin = context.fleet.admin(fleetKey(context.scope, memberId));
  if (found.group.clusterEnabled) await clusterReplicate(admin, primary.member.engineNodeId!);
  else await replicateFrom(admin, primary.member.address, found.group.port);
}

async function promoteMember(memberId: string, context: ActContext): Promise<void> {
  const found = find(memberId, context);
  if (!found) return;
  const admin = context.fleet.admin(fleetKey(context.scope, memberId));
  const deadline = performance.now() + DRAIN_MS;
  let view = await admin.observe();
  if (view.role === 'primary') return;
  while (view.link === 'up' && performance.now() < deadline) view = await admin.observe();
  if (!found.group.clusterEnabled) await promote(admin);
  else {
    const { change } = found.group;
    const how = change?.kind === 'reshard' ? () => takeOverMidMove(found, context) : undefined;
    await context.takeOvers.next(admin, otherMembers(found, context), how);
  }
}

function otherMembers({ group, member }: Found, context: ActContext): ClusterMember[] {
  return membersOf(group)
    .filter(({ id }) => id !== member.id)
    .map(({ id, address }) => ({
      admin: context.fleet.admin(fleetKey(context.scope, id)),
      ...{ address, port: group.port, busPort: busPortOf(group) },
    }));
}

/** Slots of this shard may be moving: the source and the destination must learn the new primary. */
async function takeOverMidMove({ group, shard, member }: Found, context: ActContext): Promise<void> {
  const adminOf = (memberId: string) => context.fleet.admin(fleetKey(context.scope, memberId));
  const others = group.shards.filter((other) => other !== shard);
  await takeOverShard({
    candidate: { admin: adminOf(member.id), nodeId: member.engineNodeId! },
    shardNodeIds: shard.members.map((other) => other.engineNodeId!),
    otherPrimaries: others.map((other) => ({ admin: adminOf(other.primaryId) })),
  });
}

async function switchMembers(
  { shardId, from, to }: Action & { do: 'switch' },
  context: ActContext,
): Promise<void> {
  const source = find(from, context);
  const target = find(to, context);
  if (!source || !target) return;
  const party = ({ group, member }: Found): SwitchParty => ({
    admin: context.fleet.admin(fleetKey(context.scope, member.id)),
    address: member.address,
    port: group.port,
    ...(member.engineNodeId && { engineNodeId: member.engineNodeId }),
  });
  const { clusterEnabled } = source.group;
  const others = otherMembers(target, context);
  const { admin } = party(target);
  // Done before the writes are paused, so that the takeover itself hardly waits.
  if (clusterEnabled) await learnEpochs(admin, others);
  await switchPrimary(party(source), party(target), {
    ...(clusterEnabled && { takeOver: () => context.takeOvers.next(admin, others) }),
    keepClients: clusterEnabled || context.demotedGraceMs > 0,
    recordChange: () => context.record({ kind: 'primary-changed', shardId, to }),
  });
}

async function configure(
  memberId: string,
  directives: Record<string, string>,
  context: ActContext,
): Promise<void> {
  const refused = await applyDirectives(context.fleet.admin(fleetKey(context.scope, memberId)), directives);
  if (Object.keys(refused).length > 0)
    context.log.warn({ memberId, refused }, 'the engine refused parameters');
  // Refused directives are recorded, too, so that they are not set again in every pass.
  context.record({ kind: 'configured', memberId, directives });
}

async function announceMember(
  { memberId, name }: Action & { do: 'announce' },
  context: ActContext,
): Promise<void> {
  const admin = context.fleet.admin(fleetKey(context.scope, memberId));
  await announce(admin, name ? context.nameOf(memberId) : undefined);
  context.record({ kind: 'announced', memberId, name });
}

async function introduce(memberId: string, to: string[], context: ActContext): Promise<void> {
  const admin = context.fleet.admin(fleetKey(context.scope, memberId));
  for (const otherId of to) {
    const other = find(otherId, context);
    if (!other) continue;
    const { group, member } = other;
    await clusterMeet(admin, { address: member.address, port: group.port, busPort: busPortOf(group) });
  }
}

async function forget(memberId: string, engineNodeIds: string[], context: ActContext): Promise<void> {
  const admin = context.fleet.admin(fleetKey(context.scope, memberId));
  for (const id of engineNodeIds) await clusterForget(admin, id);
}

interface Found {
  group: Group;
  shard: Shard;
  member: Member;
}

function find(memberId: string, context: ActContext): Found | undefined {
  const group = context.group();
  const found = group && memberOf(group, memberId);
  if (!found) return undefined;
  assert(!group.clusterEnabled || found.member.engineNodeId, `${memberId} has no engine node id`);
  return { group, ...found };
}
