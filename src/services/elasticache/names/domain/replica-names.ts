// Names of replicas that follow them: `read.example.test` stands for read1.example.test, read2.example.test… Which
// replica each is, and where it leads while that one cannot serve. Pure; never the primary.

import { isOffered } from '../../clusters/domain/drain.ts';
import type { Group, Member } from '../../clusters/domain/model.ts';

/** On a replication group; its value is the pattern of the names. */
export const REPLICA_NAMES_TAG = 'millpond:replica-names';

export interface ReplicaNames {
  /** `read.example.test`. Lower case, without final dot. */
  pattern: string;
  /** Whose each name is, that of number 1 first. Each replica has one; it keeps it until it is promoted or removed. */
  homes: string[];
  /** Where each leads while its own replica is not in sync; `null` while it is. */
  guests: (string | null)[];
}

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
const MOST_PREFIX_CHARACTERS = 58;
const MOST_CHARACTERS = 240;

/** The pattern that a tag's value says, or `undefined` when it is none. */
export function patternOf(value: string): string | undefined {
  const pattern = value.toLowerCase().replace(/\.$/, '');
  const [prefix = '', ...rest] = pattern.split('.');
  // `read1` would stand for read11, which `read` may stand for as well.
  const isPrefix = prefix.length <= MOST_PREFIX_CHARACTERS && /^[a-z_]([a-z0-9_-]*[a-z_-])?$/.test(prefix);
  const isDomain = rest.length > 0 && rest.every((label) => LABEL.test(label));
  return isPrefix && isDomain && pattern.length <= MOST_CHARACTERS ? pattern : undefined;
}

/** `number` counts from 1. */
export function replicaName(pattern: string, number: number): string {
  const dot = pattern.indexOf('.');
  return `${pattern.slice(0, dot)}${number}${pattern.slice(dot)}`;
}

/** Those that were in service and stay, whether or not they are in sync now. None while the group is made. */
function namedReplicas(group: Group): Member[] {
  // Else the first names would go by who is ready first.
  if (group.status === 'creating') return [];
  const [shard] = group.shards;
  return (shard?.members ?? []).filter(
    ({ id, phase }) => id !== shard!.primaryId && phase !== 'creating' && phase !== 'deleting',
  );
}

/**
 * As many names as replicas, each replica with its own, after any change of the record. A replica that stays keeps its
 * name; what is left over is given in order, so that a demoted primary takes over the name of the promoted one, and
 * the highest number goes when there are fewer.
 */
export function settleReplicaNames(group: Group): void {
  const names = group.replicaNames;
  if (!names) return;
  const replicas = namedReplicas(group).map(({ id }) => id);
  const homes = Array.from({ length: replicas.length }, (_, index) => {
    const home = names.homes[index];
    return home !== undefined && replicas.includes(home) ? home : undefined;
  });
  const homeless = replicas.filter((id) => !homes.includes(id));
  names.homes = homes.map((home) => home ?? homeless.shift()!);
  names.guests = names.homes.map((_home, index) => names.guests[index] ?? null);
}

/**
 * The member that each name leads to at this moment: its own replica if that is in sync, else one that is, the one it
 * was sent to before if possible, and that with the fewest names otherwise. Without any in sync, its own.
 */
export function hostsOf(group: Group, isSynced: (memberId: string) => boolean): string[] {
  const { replicaNames } = group;
  const [shard] = group.shards;
  if (!replicaNames || !shard) return [];
  const { handover } = shard;
  // Who is about to be promoted is the primary soon; nobody should be sent there any more.
  const successor = handover && handover.kind !== 'test' ? handover.to : undefined;
  const synced = namedReplicas(group)
    .filter(isOffered)
    .map(({ id }) => id)
    .filter(isSynced);
  const others = synced.filter((id) => id !== successor);
  const serving = others.length > 0 ? others : synced;
  const { homes, guests } = replicaNames;
  const settled = homes.map((home, index) =>
    [home, guests[index]].find((id) => typeof id === 'string' && serving.includes(id)),
  );
  const load = new Map(serving.map((id) => [id, settled.filter((host) => host === id).length]));
  return settled.map((host, index) => {
    if (host) return host;
    const [least] = [...load].sort(([, one], [, other]) => one - other);
    if (!least) return homes[index]!;
    load.set(least[0], least[1] + 1);
    return least[0];
  });
}

/** The guests that the record should have now; `undefined` when it has them. */
export function nextGuests(
  group: Group,
  isSynced: (memberId: string) => boolean,
): (string | null)[] | undefined {
  const { replicaNames } = group;
  if (!replicaNames) return undefined;
  const hosts = hostsOf(group, isSynced);
  const guests = hosts.map((host, index) => (host === replicaNames.homes[index] ? null : host));
  return guests.some((guest, index) => guest !== replicaNames.guests[index]) ? guests : undefined;
}

/** By the record alone: where the names led at the controller's last look. */
export const recordedHosts = ({ homes, guests }: ReplicaNames): string[] =>
  homes.map((home, index) => guests[index] ?? home);
