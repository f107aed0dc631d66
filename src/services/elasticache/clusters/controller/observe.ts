// Observes the nodes of a group. Asks all engines at once, and waits only briefly for each.

import type { Scope } from '../../../../aws/scope.ts';
import { clusterInfo, clusterNodes } from '../../../../engine/commands.ts';
import type { Fleet } from '../../../../engine/fleet.ts';
import { within } from '../../../../kernel/time-limit.ts';
import { isFit } from '../domain/choose-replica.ts';
import { type Reach, standingsOf } from '../domain/isolation.ts';
import { type Group, type Member, membersOf, type Shard } from '../domain/model.ts';
import type { ClusterView, MemberView, ObservedMember, StoredView } from '../domain/observation.ts';
import { countSlots, SLOT_COUNT } from '../domain/slots.ts';
import { fleetKey } from './members.ts';

const ANSWER_MS = 250;

/** The observations by member id. Never rejects because of an engine. `reach`: absent while nothing is cut. */
export async function observeMembers(
  fleet: Fleet,
  scope: Scope,
  group: Group,
  reach: Reach | undefined,
): Promise<Map<string, ObservedMember>> {
  const members = membersOf(group);
  const seen = await Promise.all(members.map((member) => observeMember(fleet, scope, group, member)));
  const all = new Map(members.map((member, index) => [member.id, seen[index]!]));
  // Read last: the plan must not miss a cut that began meanwhile.
  if (reach) for (const [id, standing] of standingsOf(group, reach)) Object.assign(all.get(id)!, standing);
  await Promise.all(
    group.shards.flatMap((shard) =>
      membersInDoubt(shard, all).map(async ({ id }) => {
        all.get(id)!.stored = await storedBy(fleet, fleetKey(scope, id));
      }),
    ),
  );
  return all;
}

/**
 * The members whose data on disk matters, because they have nothing newer in memory. A failed primary is not among them
 * while a replica can replace it: a failover must not wait for a disk.
 */
function membersInDoubt(shard: Shard, seen: ReadonlyMap<string, ObservedMember>): Member[] {
  const hasSuccessor = shard.members.some(({ id }) => id !== shard.primaryId && isFit(seen.get(id)!));
  return shard.members.filter(({ id, phase, start }) => {
    if (phase === 'creating' || phase === 'deleting' || start?.data === 'discard') return false;
    if (id === shard.primaryId && !start && hasSuccessor) return false;
    const { state, view } = seen.get(id)!;
    return view ? view.neverSynced || view.loading : state !== 'running' && state !== 'busy';
  });
}

/** An unreadable dump counts as damaged, not as absent, so that it is set aside instead of deleted. */
async function storedBy(fleet: Fleet, key: string): Promise<StoredView> {
  try {
    return await fleet.stored(key);
  } catch (error) {
    return { dump: { bytes: 0, damage: (error as Error).message }, clean: false };
  }
}

async function observeMember(
  fleet: Fleet,
  scope: Scope,
  group: Group,
  member: Member,
): Promise<ObservedMember> {
  const key = fleetKey(scope, member.id);
  const seen = await observeProcess(fleet, key, group, member);
  const { served } = fleet.status(key);
  return { ...seen, ...(served && { served }) };
}

async function observeProcess(
  fleet: Fleet,
  key: string,
  group: Group,
  member: Member,
): Promise<ObservedMember> {
  const { state } = fleet.status(key);
  if (state === 'starting' && member.phase === 'available') {
    const loads = await saysItLoads(fleet, key);
    return { state: fleet.status(key).state, ...(loads && { loads }) };
  }
  if (state !== 'running') return { state };
  try {
    const [view, cluster] = await briefly(
      Promise.all([
        fleet.admin(key).observe(),
        group.clusterEnabled ? observeCluster(fleet, key, group, member) : undefined,
      ]),
    );
    return { state, view: { ...(view as MemberView), ...(cluster && { cluster }) } };
  } catch {
    // The process ended or stopped answering meanwhile; the fleet knows which.
    return { state: fleet.status(key).state };
  }
}

/** For a member in service that is `starting`: Millpond has just adopted it, or it reloads its primary's data. */
async function saysItLoads(fleet: Fleet, key: string): Promise<boolean> {
  try {
    return (await briefly(fleet.admin(key).observe())).loading;
  } catch {
    return false;
  }
}

/** Bounds the wait for one engine: a failover may depend on the observation of the others. */
const briefly = <T>(work: Promise<T>): Promise<T> =>
  within(work, ANSWER_MS, () => new Error('no answer in time'));

async function observeCluster(fleet: Fleet, key: string, group: Group, member: Member): Promise<ClusterView> {
  const admin = fleet.admin(key);
  const { state, knownNodes, slotsAssigned: assignedSlots, myRole } = await clusterSummary();
  const expected = membersOf(group).length;
  const leads = group.shards.find((shard) => shard.primaryId === member.id);
  const recordedPrimary = leads !== undefined;
  const asRecorded =
    !leads?.promoted && knownNodes === expected && assignedSlots === SLOT_COUNT && myRole === recordedPrimary;
  const members = membersOf(group);
  const announceNames = members.some(({ runs }) => runs?.announcesName);
  const view: ClusterView = { state, knownNodes, assignedSlots };
  if (asRecorded && !announceNames) return view;
  const nodes = await clusterNodes(admin);
  // A node whose id is not known yet has not announced its name either.
  const silent = new Set(members.filter(({ runs }) => !runs?.announcesName).map((each) => each.engineNodeId));
  if (announceNames && nodes.some(({ id, hostname }) => !hostname && !silent.has(id))) view.lacksNames = true;
  if (asRecorded) return view;
  return {
    ...view,
    nodes: nodes.map((node) => ({
      id: node.id,
      role: node.role,
      ...(node.primaryId && { primaryId: node.primaryId }),
      slotCount: countSlots(node.slots),
      handshake: node.flags.includes('handshake'),
    })),
  };

  async function clusterSummary() {
    const [info, role] = await Promise.all([clusterInfo(admin), admin.send('ROLE')]);
    return { ...info, myRole: Array.isArray(role) && String(role[0]) === 'master' };
  }
}
