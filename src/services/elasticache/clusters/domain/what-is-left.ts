// Which member of a shard has most to go on with when its primary has to be started and no replica is in sync: after
// the end of Millpond and its nodes, in order or not, and after failures of several nodes at once. A node without data
// must never become the primary of one that has some, which would take the emptiness over.

import type { Member, Shard } from './model.ts';
import { isDown, type Observation, type ObservedMember, observed } from './observation.ts';

/** What one member has, be it in its memory or only on its disk. */
export interface Holding {
  memberId: string;
  at: 'memory' | 'disk';
  /** The replication history that it belongs to, and how far it reaches in it; unknown where nobody replicated. */
  replicationId?: string;
  offset?: number;
  /** Milliseconds since the epoch; endless of what is in the memory of a node that was in sync. */
  savedAt: number;
}

/** The most that any member has; `undefined` when none has anything. */
export function mostThatIsLeft(shard: Shard, observation: Observation): Holding | undefined {
  const holdings = holdingsOf(shard, observation);
  const history = newestHistory(shard, holdings);
  return history?.reduce((best, other) => (isAhead(shard, other, best) ? other : best));
}

/**
 * What members hold that may be gone on with. Copies from before an end that Millpond watched do not count: a shard
 * whose nodes all failed is empty, as on AWS, and does not return to an earlier state. Whose end nobody watched may
 * have been the machine's, and then an old copy is better than none.
 */
export function holdingsOf(shard: Shard, observation: Observation): Holding[] {
  const members = shard.members.filter(({ phase }) => phase !== 'deleting');
  const inMemory = members.filter((member) => remembers(observed(observation, member.id)));
  const current = inMemory.filter((member) => !isOldCopy(member, observed(observation, member.id)));
  const restored = current.some(({ id }) => observed(observation, id).view!.neverSynced);
  const oldCopiesCount = restored || !observed(observation, shard.primaryId).served;
  const onDisk = members.filter(({ id }) => {
    const { state, view, stored } = observed(observation, id);
    if (view || (state !== 'starting' && !isDown({ state }))) return false;
    return stored?.dump !== undefined && !stored.dump.damage && (stored.clean || oldCopiesCount);
  });
  return [
    ...(oldCopiesCount ? inMemory : current).map(({ id }) => memoryOf(id, observed(observation, id))),
    ...onDisk.map(({ id }) => diskOf(id, observed(observation, id))),
  ];
}

const remembers = ({ state, view }: ObservedMember): boolean =>
  state === 'running' && view !== undefined && !view.loading && (!view.neverSynced || hasData(view));

export const hasData = ({ offset, keys = 0 }: NonNullable<ObservedMember['view']>): boolean =>
  offset > 1 || keys > 0;

/** It failed and came back with what its disk had, and has not reached its primary since. */
const isOldCopy = ({ phase }: Member, { view }: ObservedMember): boolean =>
  phase === 'recovering' && view!.neverSynced;

function memoryOf(memberId: string, { view, stored }: ObservedMember): Holding {
  const { replicationId, offset, neverSynced } = view!;
  const savedAt = neverSynced ? (stored?.dump?.savedAt ?? 0) : Number.POSITIVE_INFINITY;
  return { memberId, at: 'memory', replicationId, offset, savedAt };
}

function diskOf(memberId: string, { stored }: ObservedMember): Holding {
  const { replicationId, offset, savedAt = 0 } = stored!.dump!;
  return {
    ...{ memberId, at: 'disk', savedAt },
    ...(replicationId !== undefined && { replicationId }),
    ...(offset !== undefined && { offset }),
  };
}

/**
 * Offsets of different histories say nothing about each other. So the history is chosen first: the one that the
 * primary had by the record when all ended in order, else the one that was written last, among equals the primary's,
 * then that of the lowest id.
 */
function newestHistory(shard: Shard, holdings: Holding[]): Holding[] | undefined {
  const histories = Map.groupBy(holdings, (holding) => holding.replicationId ?? holding.memberId);
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
  // Two that are endless are equal; their difference would be no number.
  const index = a.findIndex((value, at) => value !== b[at]);
  return index < 0 ? 0 : a[index]! < b[index]! ? -1 : 1;
}

/** Within one history: who reaches farther; among equals the primary, then the lowest id. */
function isAhead(shard: Shard, a: Holding, b: Holding): boolean {
  const [mine, other] = [a.offset ?? 0, b.offset ?? 0];
  if (mine !== other) return mine > other;
  if (a.memberId === shard.primaryId || b.memberId === shard.primaryId) return a.memberId === shard.primaryId;
  return a.memberId < b.memberId;
}

/** True when the member's dump and `holding` are of histories that are known and differ. */
export function isOfAnotherHistory(
  { stored }: ObservedMember,
  replicationIds: (string | undefined)[],
): boolean {
  const own = stored?.dump?.damage === undefined ? stored?.dump?.replicationId : undefined;
  const known = replicationIds.filter((id) => id !== undefined);
  return own !== undefined && known.length > 0 && !known.includes(own);
}

/**
 * What a member has lost that it should have, in words that follow its name; `undefined` when nothing is known to be
 * missing. `holding` is what the shard goes on with.
 */
export function lossOf(
  shard: Shard,
  member: Member,
  seen: ObservedMember,
  holding?: Holding,
): string | undefined {
  const { dump } = seen.stored ?? {};
  if (member.phase === 'creating' || member.start?.data === 'discard') return undefined;
  const rest = holding ? '' : ', and no other node of its shard has any';
  if (dump?.damage)
    return `starts without its data: its dump is damaged (${dump.damage}) and was set aside${rest}`;
  if (member.saved && !dump) {
    return `starts without its data: its dump of ${member.saved.bytes} bytes is gone${rest}`;
  }
  if (member.id !== shard.primaryId && member.id !== holding?.memberId) return undefined;
  if (!holding) return seen.served ? undefined : `starts empty: it has no data${rest}`;
  if (holding.memberId === member.id && !seen.stored?.clean && dump) return oldCopy(dump.savedAt);
  return undefined;
}

const oldCopy = (savedAt?: number): string =>
  `starts with old data${savedAt ? ` of ${new Date(savedAt).toISOString()}` : ''}: its last run did not end in order`;

/** For the log: its dump is a whole one, and not the one that it saved. */
export function changeOf({ saved }: Member, { stored }: ObservedMember): string | undefined {
  const dump = stored?.dump;
  if (!saved || !dump || (dump.bytes === saved.bytes && dump.checksum === saved.checksum)) return undefined;
  return `has another dump than it saved when it ended: ${dump.bytes} bytes, not ${saved.bytes}`;
}

/** For the log: who has what. */
export function describeHoldings(shard: Shard, observation: Observation): string {
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
