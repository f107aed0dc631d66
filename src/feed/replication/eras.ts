// Which shard serves which slot, from which place in each shard's stream on: what makes the sequences of a key rise when
// its slot moves to another shard, although the offsets of two shards do not compare.
//
// An era begins when slots begin to move, and another one when they have moved. Inside an era a slot has a home, the
// shard that served it at the beginning, and may move to one other shard; what that shard then does to it comes later.
// An era begins in each shard's stream at a place that is recorded before any change after it is delivered, so a change
// that is read again is in the same era.

import { SLOTS } from '../key-slot.ts';
import { comparePositions, type Position } from './position.ts';

/** The slots of each shard. */
export type Homes = Readonly<Record<string, readonly (readonly [first: number, last: number])[]>>;

export interface Era {
  /** From 1. */
  number: number;
  /** Slots may move in it. */
  hasMoves: boolean;
  homes: Homes;
  /** Commands that end after this place are of the era. A shard that came later has all of its stream in it. */
  begins: Readonly<Record<string, Position>>;
}

/** Where a change is from. */
export interface Place {
  shardId: string;
  position: Position;
}

const BEFORE_ALL: Position = { generation: 0, offset: 0 };

/** The eras that unacknowledged changes may be of, oldest first. */
export class Eras {
  readonly #eras: { era: Era; homeOfSlot: (string | undefined)[]; onlyShard: string | undefined }[] = [];

  constructor(eras: readonly Era[]) {
    for (const era of eras) this.add(era);
  }

  get all(): readonly Era[] {
    return this.#eras.map(({ era }) => era);
  }

  get latest(): Era | undefined {
    return this.#eras.at(-1)?.era;
  }

  /** Adds an era, or notes what has changed of the latest. */
  add(era: Era): void {
    if (this.latest?.number === era.number) this.#eras.pop();
    const homeOfSlot = new Array<string | undefined>(SLOTS).fill(undefined);
    for (const [shardId, ranges] of Object.entries(era.homes)) {
      for (const [first, last] of ranges) homeOfSlot.fill(shardId, first, last + 1);
    }
    const [only] = homeOfSlot;
    const isWhole = only !== undefined && homeOfSlot.every((shardId) => shardId === only);
    this.#eras.push({ era, homeOfSlot, onlyShard: isWhole ? only : undefined });
  }

  /** The era of a place. */
  eraAt({ shardId, position }: Place): Era {
    return this.#at(shardId, position).era;
  }

  /** Where the era ends in the shard's stream; `undefined` while it goes on. */
  endOf({ number }: Era, shardId: string): Position | undefined {
    return this.#eras.find(({ era }) => era.number > number && era.begins[shardId])?.era.begins[shardId];
  }

  /** Whether all slots have this shard as their home at this place, so that no slot needs to be computed. */
  isWhole({ shardId, position }: Place): boolean {
    return this.#at(shardId, position).onlyShard === shardId;
  }

  /** The home of a slot in the era of the place. */
  homeAt({ shardId, position }: Place, slot: number): string | undefined {
    return this.#at(shardId, position).homeOfSlot[slot];
  }

  /** Forgets eras that ended in every shard's stream before these positions. Returns whether there were any. */
  forgetBefore(acknowledged: (shardId: string) => Position | undefined): boolean {
    let isAny = false;
    for (let second = this.#eras[1]; second; second = this.#eras[1]) {
      const isOver = Object.entries(second.era.begins).every(([shardId, begin]) => {
        const position = acknowledged(shardId);
        return position === undefined || comparePositions(position, begin) >= 0;
      });
      if (!isOver) break;
      this.#eras.shift();
      isAny = true;
    }
    return isAny;
  }

  #at(shardId: string, position: Position) {
    for (let index = this.#eras.length - 1; index > 0; index--) {
      const found = this.#eras[index]!;
      const begin = found.era.begins[shardId];
      if (begin && comparePositions(position, begin) > 0) return found;
    }
    return this.#eras[0]!;
  }
}

/** The number in front of a sequence: higher for changes by a shard that is not the slot's home. */
export const rankOf = (era: Era, isHome: boolean): number => 2 * era.number + (isHome ? 0 : 1);

/** The era with a shard that came after its beginning. */
export const withShard = (era: Era, shardId: string): Era => ({
  ...era,
  begins: { ...era.begins, [shardId]: BEFORE_ALL },
});
