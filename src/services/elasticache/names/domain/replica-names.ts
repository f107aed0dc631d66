// DNS names that follow replicas: `read.example.test` stands for read1.example.test, read2.example.test… Decides
// which replica owns each name, and which member a name points to while its owner cannot serve. A name never points
// to the primary. Pure.

import { isOffered } from '../../clusters/domain/drain.ts';
import type { Group, Member, ReplicaNames } from '../../clusters/domain/model.ts';

/** The tag of a replication group whose value is the pattern of the names. */
export const REPLICA_NAMES_TAG = 'millpond:replica-names';

const LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;
const MAX_PREFIX_CHARACTERS = 58;
const MAX_CHARACTERS = 240;

/** The pattern in a tag's value, in lower case without final dot; `undefined` when the value is not valid. */
export function patternOf(value: string): string | undefined {
  const pattern = value.toLowerCase().replace(/\.$/, '');
  const [prefix = '', ...rest] = pattern.split('.');
  // A prefix that ends in a digit is ambiguous: read11 would belong to `read1` and to `read`.
  const isPrefix = prefix.length <= MAX_PREFIX_CHARACTERS && /^[a-z_]([a-z0-9_-]*[a-z_-])?$/.test(prefix);
  const isDomain = rest.length > 0 && rest.every((label) => LABEL.test(label));
  return isPrefix && isDomain && pattern.length <= MAX_CHARACTERS ? pattern : undefined;
}

/** The name with this number, which counts from 1. */
export function replicaName(pattern: string, number: number): string {
  const dot = pattern.indexOf('.');
  return `${pattern.slice(0, dot)}${number}${pattern.slice(dot)}`;
}

/** The replicas that get names: those that have been in service and stay. None while the group is being created. */
function namedReplicas(group: Group): Member[] {
  // Otherwise the order of the first names would depend on which replica is ready first.
  if (group.status === 'creating') return [];
  const [shard] = group.shards;
  return (shard?.members ?? []).filter(
    ({ id, phase }) => id !== shard!.primaryId && phase !== 'creating' && phase !== 'deleting',
  );
}

/**
 * Assigns a name to each replica. Call it after any change of the record. A replica that stays keeps its name, and free
 * names are assigned in order: a demoted primary gets the name of the promoted replica, and the highest number is
 * dropped when there are fewer replicas.
 */
export function settleReplicaNames(group: Group): void {
  const names = group.replicaNames;
  if (!names) return;
  const replicas = namedReplicas(group).map(({ id }) => id);
  const owners = Array.from({ length: replicas.length }, (_, index) => {
    const owner = names.homes[index];
    return owner !== undefined && replicas.includes(owner) ? owner : undefined;
  });
  const nameless = replicas.filter((id) => !owners.includes(id));
  names.homes = owners.map((owner) => owner ?? nameless.shift()!);
  names.guests = names.homes.map((_owner, index) => names.guests[index] ?? null);
}

/**
 * The member that each name points to now: its owner if that is in sync; else its present substitute if that is in
 * sync; else the replica in sync with the fewest names. When no replica is in sync, its owner.
 */
export function nameTargets(group: Group, isSynced: (memberId: string) => boolean): string[] {
  const { replicaNames } = group;
  const [shard] = group.shards;
  if (!replicaNames || !shard) return [];
  const { handover } = shard;
  // The replica that is being promoted will soon be the primary, so names avoid it.
  const successor = handover && handover.kind !== 'test' ? handover.to : undefined;
  const synced = namedReplicas(group)
    .filter(isOffered)
    .map(({ id }) => id)
    .filter(isSynced);
  const others = synced.filter((id) => id !== successor);
  const serving = others.length > 0 ? others : synced;
  const { homes: owners, guests: substitutes } = replicaNames;
  const settled = owners.map((owner, index) =>
    [owner, substitutes[index]].find((id) => typeof id === 'string' && serving.includes(id)),
  );
  const load = new Map(serving.map((id) => [id, settled.filter((target) => target === id).length]));
  return settled.map((target, index) => {
    if (target) return target;
    const [least] = [...load].sort(([, one], [, other]) => one - other);
    if (!least) return owners[index]!;
    load.set(least[0], least[1] + 1);
    return least[0];
  });
}

/** What `ReplicaNames.guests` should be now; `undefined` when the record already says so. */
export function nextSubstitutes(
  group: Group,
  isSynced: (memberId: string) => boolean,
): (string | null)[] | undefined {
  const { replicaNames } = group;
  if (!replicaNames) return undefined;
  const targets = nameTargets(group, isSynced);
  const substitutes = targets.map((target, index) => (target === replicaNames.homes[index] ? null : target));
  return substitutes.some((id, index) => id !== replicaNames.guests[index]) ? substitutes : undefined;
}

/** The member that each name points to by the record alone, as of the controller's last pass. */
export const recordedTargets = ({ homes: owners, guests: substitutes }: ReplicaNames): string[] =>
  owners.map((owner, index) => substitutes[index] ?? owner);
