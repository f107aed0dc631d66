// Arithmetic on slots: AWS's notation, the split of a new cluster, and the moves when shards come and go. The current
// owners of slots are asked of the engines, not here.

import { assert } from '../../../../kernel/assert.ts';

/** First and last slot, both inclusive. */
export type SlotRange = [number, number];

/** The number of slots in a cluster. */
export const SLOT_COUNT = 16_384;

/**
 * Parses AWS's notation: `894-1767,3134-4443,7000`. `undefined` when a part is not a slot or range, runs backwards, or
 * leaves 0–16383. Keeps overlaps; `customSlotsProblem` detects them.
 */
export function parseSlots(text: string): SlotRange[] | undefined {
  const ranges: SlotRange[] = [];
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,5})(?:-(\d{1,5}))?\s*$/.exec(part);
    if (!match) return undefined;
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (first > last || last >= SLOT_COUNT) return undefined;
    ranges.push([first, last]);
  }
  return ranges;
}

/** AWS's notation: `894-1767,3134-4443,7000`. */
export const renderSlots = (ranges: readonly SlotRange[]): string =>
  ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(',');

/** Every slot of the ranges, in their order. */
export function slotsOf(ranges: readonly SlotRange[]): number[] {
  const slots: number[] = [];
  for (const [first, last] of ranges) for (let slot = first; slot <= last; slot++) slots.push(slot);
  return slots;
}

/** The fewest ranges that contain these slots, in ascending order. The slots may come in any order. */
export function rangesOf(slots: Iterable<number>): SlotRange[] {
  const ranges: SlotRange[] = [];
  for (const slot of [...slots].sort((a, b) => a - b)) {
    const open = ranges.at(-1);
    if (open && slot <= open[1] + 1) open[1] = slot;
    else ranges.push([slot, slot]);
  }
  return ranges;
}

/** The number of slots in the ranges. */
export const countSlots = (ranges: readonly SlotRange[]): number =>
  ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);

/**
 * The slots of each shard of a new cluster. AWS: the first shards get the remainder (0-5461, 5462-10922,
 * 10923-16383).
 */
export function evenSplit(shardCount: number): SlotRange[][] {
  assert(shardCount >= 1 && shardCount <= SLOT_COUNT, `cannot split the slots over ${shardCount} shards`);
  let next = 0;
  return evenCounts(shardCount).map((count) => {
    const range: SlotRange = [next, next + count - 1];
    next += count;
    return [range];
  });
}

/** What is wrong with the slots that a request assigns to new shards, as text; `undefined` when they are valid. */
export function customSlotsProblem(slotsByShard: readonly string[]): string | undefined {
  const taken = new Uint8Array(SLOT_COUNT);
  let covered = 0;
  for (const text of slotsByShard) {
    const ranges = parseSlots(text);
    if (!ranges) return `Invalid slots: ${text}`;
    for (const slot of slotsOf(ranges)) {
      if (taken[slot]) return `Slot ${slot} is assigned more than once`;
      taken[slot] = 1;
      covered++;
    }
  }
  if (covered === SLOT_COUNT) return undefined;
  return `Slot ${taken.indexOf(0)} is not assigned; all ${SLOT_COUNT} slots must be covered`;
}

/** The slots that a shard owns. */
export interface ShardSlots {
  shardId: string;
  slots: readonly SlotRange[];
}

/** Slots that move from one shard to another. `from` and `to` are shard ids. */
export interface SlotMove {
  from: string;
  to: string;
  /** Ascending. */
  slots: number[];
}

/**
 * The fewest moves after which the target shards own all slots, with counts that differ by at most one. Serves scaling
 * out, scaling in and rebalancing; deterministic. A shard gives up its lowest slots first, so that each move is
 * contiguous.
 */
export function planReshard(current: readonly ShardSlots[], targetShardIds: readonly string[]): SlotMove[] {
  assert(targetShardIds.length > 0, 'a cluster keeps at least one shard');
  const owned = new Map(current.map(({ shardId, slots }) => [shardId, slotsOf(slots)]));
  for (const shardId of targetShardIds) if (!owned.has(shardId)) owned.set(shardId, []);
  const wanted = wantedCounts(owned, targetShardIds);

  const moves: SlotMove[] = [];
  const takers = [...wanted].map(([shardId, count]) => ({
    shardId,
    lacking: count - owned.get(shardId)!.length,
  }));
  for (const [from, slots] of [...owned].sort(byShardId)) {
    slots.sort((a, b) => a - b);
    let surplus = slots.length - (wanted.get(from) ?? 0);
    let taken = 0;
    for (const taker of takers) {
      const count = Math.min(surplus, taker.lacking);
      if (count <= 0) continue;
      moves.push({ from, to: taker.shardId, slots: slots.slice(taken, taken + count) });
      taken += count;
      surplus -= count;
      taker.lacking -= count;
    }
  }
  return moves;
}

/** True when the slot counts of these shards differ by at most one, so that there is nothing to rebalance. */
export function isEven(shards: readonly { slots: readonly SlotRange[] }[]): boolean {
  const counts = shards.map(({ slots }) => countSlots(slots));
  return Math.max(...counts) - Math.min(...counts) <= 1;
}

function evenCounts(shardCount: number): number[] {
  const base = Math.floor(SLOT_COUNT / shardCount);
  const remainder = SLOT_COUNT % shardCount;
  return Array.from({ length: shardCount }, (_, index) => (index < remainder ? base + 1 : base));
}

/** The shards that own most slots get the remainder, which saves moves. */
function wantedCounts(
  owned: ReadonlyMap<string, readonly number[]>,
  targetShardIds: readonly string[],
): Map<string, number> {
  const counts = evenCounts(targetShardIds.length);
  const richestFirst = [...targetShardIds].sort(
    (a, b) => owned.get(b)!.length - owned.get(a)!.length || (a < b ? -1 : 1),
  );
  const wanted = new Map(richestFirst.map((shardId, index) => [shardId, counts[index]!]));
  return new Map([...wanted].sort(byShardId));
}

const byShardId = ([a]: [string, unknown], [b]: [string, unknown]): number => (a < b ? -1 : a > b ? 1 : 0);
