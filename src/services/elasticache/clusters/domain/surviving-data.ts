// Chooses the member with the best copy of a shard's data, when the primary has to start and no replica is in sync:
// after a shutdown, a crash, or failures of several nodes at once. A node without data must never become the primary
// of a node with data, because the sync would delete that data.

import type { Member, Shard } from './model.ts';
import { isDown, type Observation, type ObservedMember, observed } from './observation.ts';

/** The data that one member has, in its memory or only on its disk. */
export interface DataCopy {
  memberId: string;
  at: 'memory' | 'disk';
  /** The replication history of the data, and the offset in it; unknown when nothing was replicated. */
  replicationId?: string;
  offset?: number;
  /** Milliseconds since the epoch; infinite for the memory of a node that was in sync. */
  savedAt: number;
}

/** The copy to continue with; `undefined` when no member has data. */
export function bestCopy(shard: Shard, observation: Observation): DataCopy | undefined {
  const copies = copiesOf(shard, observation);
  const history = newestHistory(shard, copies);
  return history?.reduce((best, other) => (isAhead(shard, other, best) ? other : best));
}

/**
 * The copies that the shard can continue with. AWS: a shard whose nodes all failed is empty, so copies from before a
 * failure that Millpond watched do not count. A failure that Millpond did not watch may have been the machine's; then
 * an old copy is better than none.
 */
export function copiesOf(shard: Shard, observation: Observation): DataCopy[] {
  const members = shard.members.filter(({ phase }) => phase !== 'deleting');
  const inMemory = members.filter((member) => remembers(observed(observation, member.id)));
  const current = inMemory.filter((member) => !isOldCopy(member, observed(observation, member.id)));
  const restored = current.some(({ id }) => observed(observation, id).view!.neverSynced);
  const oldCopiesCount = restored || !observed(observation, shard.primaryId).served;
  const onDisk = members.filter(({ id }) => {
    const { state, view, stored } = observed(observation, id);
    // An engine that loads its dump has nothing else yet.
    const hasLoaded = view ? !view.loading : state !== 'starting' && !isDown({ state });
    if (hasLoaded) return false;
    return stored?.dump !== undefined && !stored.dump.damage && (stored.clean || oldCopiesCount);
  });
  return [
    ...(oldCopiesCount ? inMemory : current).map(({ id }) => memoryOf(id, observed(observation, id))),
    ...onDisk.map(({ id }) => diskOf(id, observed(observation, id))),
  ];
}

const remembers = ({ state, view }: ObservedMember): boolean =>
  state === 'running' && view !== undefined && !view.loading && (!view.neverSynced || hasData(view));

/** Whether an engine holds keys or has replicated writes. */
export const hasData = ({ offset, keys = 0 }: NonNullable<ObservedMember['view']>): boolean =>
  offset > 1 || keys > 0;

/** True when the member failed, loaded its disk's copy, and has not synced with its primary since. */
const isOldCopy = ({ phase }: Member, { view }: ObservedMember): boolean =>
  phase === 'recovering' && view!.neverSynced;

function memoryOf(memberId: string, { view, stored }: ObservedMember): DataCopy {
  const { replicationId, offset, neverSynced } = view!;
  const savedAt = neverSynced ? (stored?.dump?.savedAt ?? 0) : Number.POSITIVE_INFINITY;
  return { memberId, at: 'memory', replicationId, offset, savedAt };
}

function diskOf(memberId: string, { stored }: ObservedMember): DataCopy {
  const { replicationId, offset, savedAt = 0 } = stored!.dump!;
  return {
    ...{ memberId, at: 'disk', savedAt },
    ...(replicationId !== undefined && { replicationId }),
    ...(offset !== undefined && { offset }),
  };
}

/**
 * Chooses the history, because offsets of different histories cannot be compared: the one that the record says the
 * primary saved; else the one saved last; among equals the primary's, then that of the member with the lowest id.
 */
function newestHistory(shard: Shard, copies: DataCopy[]): DataCopy[] | undefined {
  const histories = Map.groupBy(copies, (copy) => copy.replicationId ?? copy.memberId);
  const recorded = shard.members.find(({ id }) => id === shard.primaryId)?.saved?.replicationId;
  const ranks = [...histories].map(([history, own]) => ({
    own,
    rank: [
      Number(history === recorded),
      Math.max(...own.map(({ savedAt }) => savedAt)),
      Number(own.some(({ memberId }) => memberId === shard.primaryId)),
    ],
    firstId: own.map(({ memberId }) => memberId).sort()[0]!,
  }));
  ranks.sort((a, b) => compareRanks(b.rank, a.rank) || (a.firstId < b.firstId ? -1 : 1));
  return ranks[0]?.own;
}

function compareRanks(a: number[], b: number[]): number {
  // Compared without subtraction: the difference of two infinite values is NaN.
  const index = a.findIndex((value, at) => value !== b[at]);
  return index < 0 ? 0 : a[index]! < b[index]! ? -1 : 1;
}

/** Within one history, the higher offset is ahead; among equals the primary, then the lowest id. */
function isAhead(shard: Shard, a: DataCopy, b: DataCopy): boolean {
  const [mine, other] = [a.offset ?? 0, b.offset ?? 0];
  if (mine !== other) return mine > other;
  if (a.memberId === shard.primaryId || b.memberId === shard.primaryId) return a.memberId === shard.primaryId;
  return a.memberId < b.memberId;
}

/** True when the history of the member's dump is known, and is none of the known `replicationIds`. */
export function isOfAnotherHistory(
  { stored }: ObservedMember,
  replicationIds: (string | undefined)[],
): boolean {
  const own = stored?.dump?.damage === undefined ? stored?.dump?.replicationId : undefined;
  const known = replicationIds.filter((id) => id !== undefined);
  return own !== undefined && known.length > 0 && !known.includes(own);
}

/**
 * The data that a member has lost, as text that follows its name; `undefined` when nothing is known to be missing.
 * `copy` is the one that the shard continues with.
 */
export function lossOf(
  shard: Shard,
  member: Member,
  seen: ObservedMember,
  copy?: DataCopy,
): string | undefined {
  const { dump } = seen.stored ?? {};
  if (member.phase === 'creating' || member.start?.data === 'discard') return undefined;
  const rest = copy ? '' : ', and no other node of its shard has any';
  if (dump?.damage)
    return `starts without its data: its dump is damaged (${dump.damage}) and was set aside${rest}`;
  if (member.saved && !dump) {
    return `starts without its data: its dump of ${member.saved.bytes} bytes is gone${rest}`;
  }
  if (member.id !== shard.primaryId && member.id !== copy?.memberId) return undefined;
  if (!copy) return seen.served ? undefined : `starts empty: it has no data${rest}`;
  if (copy.memberId === member.id && !seen.stored?.clean && dump) return oldCopy(dump.savedAt);
  return undefined;
}

const oldCopy = (savedAt?: number): string =>
  `starts with old data${savedAt ? ` of ${new Date(savedAt).toISOString()}` : ''}: its last run did not end in order`;

/** For the log: a note that the member's intact dump is not the one that it saved; `undefined` when it is. */
export function changeOf({ saved }: Member, { stored }: ObservedMember): string | undefined {
  const dump = stored?.dump;
  if (!saved || !dump || (dump.bytes === saved.bytes && dump.checksum === saved.checksum)) return undefined;
  return `has another dump than it saved when it ended: ${dump.bytes} bytes, not ${saved.bytes}`;
}

/** For the log: the data of each member. */
export function describeCopies(shard: Shard, observation: Observation): string {
  return shard.members
    .map(({ id }) => {
      const { state, view, stored } = observed(observation, id);
      if (view) return `${id} holds ${view.replicationId.slice(0, 8)}:${view.offset}`;
      const { dump } = stored ?? {};
      if (!dump) return `${id} has ${stored ? 'no dump' : `not been looked at (${state})`}`;
      if (dump.damage) return `${id}'s dump is damaged (${dump.damage})`;
      const reach = dump.replicationId ? ` of ${dump.replicationId.slice(0, 8)}:${dump.offset}` : '';
      return `${id} has a dump${reach}, ${dump.bytes} bytes`;
    })
    .join('; ');
}
