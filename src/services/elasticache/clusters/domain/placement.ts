// Zones, member ids and shard ids of new members.

import type { Shard } from './model.ts';

/** `0007` for 7. */
export const shardIdOf = (number: number): string => String(number).padStart(4, '0');

/** `demo-002`, or `demo-0003-002` in cluster mode. */
export function memberIdOf(
  groupId: string,
  shardId: string,
  number: number,
  clusterEnabled: boolean,
): string {
  const suffix = String(number).padStart(3, '0');
  return clusterEnabled ? `${groupId}-${shardId}-${suffix}` : `${groupId}-${suffix}`;
}

/**
 * The numbers of `count` new members. AWS: the lowest free numbers come first; a shard that has 001 and 003 gets 002
 * and 004. `isTaken` tells whether a standalone cluster already has the id of a number; that number is skipped.
 */
export function freeMemberNumbers(
  shard: Pick<Shard, 'members'>,
  count: number,
  isTaken: (number: number) => boolean = () => false,
): number[] {
  const own = new Set(shard.members.map((member) => Number(member.id.slice(-3))));
  const free: number[] = [];
  for (let number = 1; free.length < count; number++) {
    if (!own.has(number) && !isTaken(number)) free.push(number);
  }
  return free;
}

/**
 * A zone for each of `count` new members: first the `wanted` ones, then always the zone with the fewest members, so
 * that a primary and its replicas spread. `offset` rotates `zones`, so that the primaries of a cluster's shards are not
 * all in the first zone.
 */
export function chooseZones(
  zones: readonly string[],
  count: number,
  options: { wanted?: readonly (string | undefined)[]; present?: readonly string[]; offset?: number } = {},
): string[] {
  const { wanted = [], present = [], offset = 0 } = options;
  const load = new Map(zones.map((zone) => [zone, 0]));
  const put = (zone: string) => load.set(zone, (load.get(zone) ?? 0) + 1);
  for (const zone of present) put(zone);
  const rotated = zones.map((_, index) => zones[(index + offset) % zones.length]!);
  return Array.from({ length: count }, (_, index) => {
    const zone =
      wanted[index] ?? rotated.reduce((least, next) => (load.get(next)! < load.get(least)! ? next : least));
    put(zone);
    return zone;
  });
}
