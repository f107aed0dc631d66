// Which members of a group the cuts of the network isolate: those that can reach neither clients nor the majority of
// the group's zones. Pure.
//
// AWS does not document how it decides that a node cannot be reached; this rule is Millpond's own. It depends on the
// cuts alone, so that it is the same for every observer, and at most one side of a cut can win.

import { type Group, type Member, membersOf } from './model.ts';

/** Where packets come from and go to: a node, or the clients in a zone. */
export interface Spot {
  zone: string;
  node?: { id: string; groupId: string };
}

/** What is known of the network. */
export interface Reach {
  /** Since when packets do not pass both ways; `undefined` while they do. Milliseconds since the epoch. */
  separatedSince(a: Spot, b: Spot): number | undefined;
  /** All zones of the region: clients may be in any of them. */
  zones: readonly string[];
}

/** How the network treats one member. */
export interface Standing {
  /** The member is isolated. Milliseconds since the epoch. */
  isolatedSince?: number;
  /** A replica that cannot reach its shard's primary, where neither of them is isolated. */
  detached?: true;
}

/** The members that are isolated or detached, by id. */
export function standingsOf(group: Group, reach: Reach): Map<string, Standing> {
  const members = membersOf(group);
  const spotOf = ({ id, zone }: Member): Spot => ({ zone, node: { id, groupId: group.id } });
  const sights = members.map((member) =>
    look(
      member,
      members.filter((other) => other !== member).map((other) => ({ member: other, spot: spotOf(other) })),
      (spot) => reach.separatedSince(spotOf(member), spot),
      reach.zones,
    ),
  );
  const someReachClients = sights.some(({ clientZones }) => clientZones > 0);
  const standings = new Map<string, Standing>();
  for (const sight of sights) {
    const { member, lostSince, clientZones } = sight;
    if (lostSince === undefined) continue;
    if ((someReachClients && clientZones === 0) || isInMinority(group, sight, sights))
      standings.set(member.id, { isolatedSince: lostSince });
  }
  for (const { member, lostMembers } of sights) {
    const { primaryId } = group.shards.find(({ members: own }) => own.includes(member))!;
    if (lostMembers.has(primaryId) && !standings.has(primaryId) && !standings.has(member.id))
      standings.set(member.id, { detached: true });
  }
  return standings;
}

/** What one member can reach. */
interface Sight {
  member: Member;
  lostMembers: ReadonlySet<string>;
  others: readonly Member[];
  /** The number of zones whose clients it can reach. */
  clientZones: number;
  /** When it lost the last thing that it cannot reach; `undefined` when it reaches everything. */
  lostSince: number | undefined;
}

function look(
  member: Member,
  others: readonly { member: Member; spot: Spot }[],
  separatedSince: (spot: Spot) => number | undefined,
  zones: readonly string[],
): Sight {
  const lostMembers = new Set<string>();
  let lostSince: number | undefined;
  const isLost = (spot: Spot): boolean => {
    const since = separatedSince(spot);
    if (since !== undefined) lostSince = Math.max(lostSince ?? since, since);
    return since !== undefined;
  };
  for (const { member: other, spot } of others) if (isLost(spot)) lostMembers.add(other.id);
  const clientZones = zones.filter((zone) => !isLost({ zone })).length;
  return { member, lostMembers, others: others.map((other) => other.member), clientZones, lostSince };
}

/**
 * Whether the member has lost more than half of the zones in which the group has other members; its own zone counts if
 * others are there. When all others are in one zone, the side with fewer members has lost, then the side that reaches
 * clients in fewer zones; when both sides are equal, the primary has not.
 */
function isInMinority(group: Group, sight: Sight, sights: readonly Sight[]): boolean {
  const { member, others, lostMembers } = sight;
  const zones = new Set(others.map(({ zone }) => zone));
  const reached = new Set(others.filter(({ id }) => !lostMembers.has(id)).map(({ zone }) => zone));
  const lost = zones.size - reached.size;
  if (2 * lost <= zones.size) return false;
  if (zones.size > 1 || others.length > 1) return true;
  const rival = sights.find((other) => other.member === others[0])!;
  if (sight.clientZones !== rival.clientZones) return sight.clientZones < rival.clientZones;
  return !group.shards.some(({ primaryId }) => primaryId === member.id);
}
