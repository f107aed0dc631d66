// Keeps the changes of a key in order while its slot moves from shard to shard. For one key it is always the source's
// changes, then the target's.
//
// A shard's change of a slot that has its home elsewhere waits until that shard was read past the offset that it had when
// the change had been received. A deletion in a slot that may be moving waits until what the others have received
// by then was searched for the key's restoration. Neither waits for a place in a stream that a failover has cut off.

import { setTimeout as delay } from 'node:timers/promises';
import { OperationalError } from '../../kernel/errors.ts';
import { within } from '../../kernel/time-limit.ts';
import { type Era, Eras, type Homes, withShard } from './eras.ts';
import type { FeedDatabase } from './feed-database.ts';
import { type MovedKeys, openMovedKeys } from './moved-keys.ts';
import { comparePositions, type Position } from './position.ts';

/** A place in a shard's stream, and the history that it was found in. */
export interface Mark {
  position: Position;
  historyId: string | undefined;
}

/** A shard, as resharding sees it. */
export interface ReshardedShard {
  readonly id: string;
  readonly historyId: string | undefined;
  /** No more will be received. */
  readonly isRemoved: boolean;
  readonly isClosed: boolean;
  /** Where its primary is now. Waits until a primary answers. */
  mark(): Promise<Mark>;
  /** The shard whose changes it waits for. */
  readonly waitsForShard: string | undefined;
  /** Everything before it was handed out. */
  readonly handedOut: Position;
  /** Everything before it was received and would survive a failover. */
  certain(): Position;
  /** Notes the keys that were restored up to there. */
  scanTo(position: Position): void;
  /** Resolves when any of these may have changed. */
  changed(): Promise<void>;
  /** The slots that its primary serves; rejects when it does not answer. */
  slots(): Promise<readonly (readonly [first: number, last: number])[]>;
}

const NOTE_LIMIT_MS = 5_000;

/** One for a feed. */
export class Resharding {
  readonly eras: Eras;
  readonly moved: MovedKeys;
  readonly #database: FeedDatabase;
  readonly #shards: () => readonly ReshardedShard[];
  /** Resolves when shards may be read on; an era begins meanwhile. */
  #gate: Promise<void> | undefined;
  #noting: Promise<void> = Promise.resolve();

  constructor(database: FeedDatabase, shards: () => readonly ReshardedShard[]) {
    this.#database = database;
    this.#shards = shards;
    this.eras = new Eras(readEras(database));
    this.moved = openMovedKeys(database);
  }

  /** Await it before a shard is read. */
  get gate(): Promise<void> | undefined {
    return this.#gate;
  }

  /** The shards of the feed's first start, or a shard that came later. */
  addShards(homes: Homes): void {
    const { latest } = this.eras;
    if (!latest) this.#note({ number: 1, hasMoves: false, homes, begins: {} });
    else {
      for (const id of Object.keys(homes)) {
        const isKnown = this.eras.all.some((era) => era.homes[id] || era.begins[id]);
        if (!isKnown) this.#note(withShard(this.eras.latest!, id));
      }
    }
  }

  /** Begins an era. Rejects with an OperationalError when a shard does not say where it is. */
  slotsMove(is: 'beginning' | 'done'): Promise<void> {
    const noted = this.#noting.then(async () => {
      const hasMoves = is === 'beginning';
      // Slots that were in motion when Millpond was killed go on moving: it is the same era.
      if (this.eras.latest?.hasMoves === hasMoves) return;
      await this.#begin(hasMoves);
    });
    this.#noting = noted.catch(() => {});
    return noted;
  }

  /**
   * Resolves when everything of the era was handed out that the shard `home` had when this was called. Shards that took slots from
   * each other at the same moment could wait for each other for ever: then one of them goes on.
   */
  async handedOut(waiting: ReshardedShard, { home, era }: { home: string; era: Era }): Promise<void> {
    const shard = this.#shards().find(({ id }) => id === home);
    if (!shard) return;
    const isVain = () => this.#isFirstOfCircle(waiting);
    // What the shard did in later eras may wait for the one that waits here.
    const isOver = () => {
      const end = this.eras.endOf(era, home);
      return end !== undefined && comparePositions(shard.handedOut, end) >= 0;
    };
    await passed(shard, () => shard.handedOut, { isOver, isVain });
  }

  /**
   * Resolves when the other shards' changes of the eras before were handed out: a key that moved in them may have
   * changes there only.
   */
  async begun(waiting: ReshardedShard, era: Era): Promise<void> {
    const before = this.eras.all.find(({ number }) => number === era.number - 1);
    if (!before?.hasMoves) return;
    for (const other of this.#others(waiting)) {
      const begin = era.begins[other.id];
      while (begin && !other.isClosed && comparePositions(other.handedOut, begin) < 0) {
        // What it has not sent before it went away does not come.
        if (other.isRemoved && comparePositions(other.handedOut, other.certain()) >= 0) break;
        await Promise.race([other.changed(), delay(LOOK_AGAIN_MS, undefined, { ref: false })]);
      }
    }
  }

  /** Whether the shards that wait for each other make a circle, of which this is the one with the first id. */
  #isFirstOfCircle(waiting: ReshardedShard): boolean {
    const seen = new Set<string>();
    for (let next: ReshardedShard | undefined = waiting; next && !seen.has(next.id); ) {
      seen.add(next.id);
      const { waitsForShard }: ReshardedShard = next;
      if (waitsForShard === waiting.id) return [...seen].every((id) => id >= waiting.id);
      next = this.#shards().find(({ id }) => id === waitsForShard);
    }
    return false;
  }

  /**
   * Resolves when all restorations are noted that belong to deletions which `shard` has received, and then all deletions
   * that the shard made before it gave those keys away.
   */
  async scanned(shard: ReshardedShard): Promise<void> {
    const scan = async (one: ReshardedShard) => {
      await passed(one, () => one.certain());
      this.#database.transaction(() => one.scanTo(one.certain()));
    };
    await Promise.all(this.#others(shard).map(scan));
    await scan(shard);
  }

  /** Whether everything that the shard did to its slots in the era of its stream was seen as a stream. */
  isUnbroken(shardId: string, era: Era): boolean {
    const shard = this.#shards().find(({ id }) => id === shardId);
    if (!shard) return true;
    const begin = era.begins[shardId];
    return shard.handedOut.generation === (begin?.generation ?? 1);
  }

  /** Forgets what acknowledged changes needed. */
  forgetBefore(acknowledged: (shardId: string) => Position | undefined): void {
    if (!this.eras.forgetBefore(acknowledged)) return;
    const { all, latest } = this.eras;
    this.#database.database.prepare('DELETE FROM eras WHERE number < ?').run(all[0]!.number);
    if (all.length === 1 && !latest!.hasMoves) this.moved.clear();
  }

  /** The ids of the other shards. */
  othersOf(shard: ReshardedShard): string[] {
    return this.#others(shard).map(({ id }) => id);
  }

  /** The feed began with this shard. */
  isFirst(shardId: string): boolean {
    const [first] = this.eras.all;
    return first?.number === 1 && first.homes[shardId] !== undefined;
  }

  #others(shard: ReshardedShard): ReshardedShard[] {
    return this.#shards().filter(({ id }) => id !== shard.id);
  }

  async #begin(hasMoves: boolean): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    try {
      const shards = this.#shards().filter(({ isRemoved }) => !isRemoved);
      const late = () => new OperationalError('TimedOut', 'A shard does not say how far its replication is.');
      const places = await within(
        Promise.all(
          shards.map(async (shard) => ({ shard, mark: await shard.mark(), slots: await shard.slots() })),
        ),
        NOTE_LIMIT_MS,
        late,
      );
      const begins: Record<string, Position> = {};
      const homes: Record<string, readonly (readonly [number, number])[]> = {};
      for (const { shard, mark, slots } of places) {
        // What was read beyond the mark has been delivered as of the era before.
        const { handedOut } = shard;
        begins[shard.id] = comparePositions(handedOut, mark.position) > 0 ? handedOut : mark.position;
        homes[shard.id] = slots;
      }
      this.#note({ number: this.eras.latest!.number + 1, hasMoves, homes, begins });
    } catch (error) {
      throw error instanceof OperationalError
        ? error
        : new OperationalError('TimedOut', 'A shard does not say which slots it serves.', error);
    } finally {
      this.#gate = undefined;
      resolve();
    }
  }

  #note(era: Era): void {
    this.#database.database
      .prepare('INSERT OR REPLACE INTO eras VALUES (?, ?)')
      .run(era.number, JSON.stringify(era));
    this.eras.add(era);
  }
}

/** Resolves when the shard has reached where its primary is now, in the history that goes on. */
async function passed(
  shard: ReshardedShard,
  reached: () => Position,
  { isOver, isVain }: { isOver?: () => boolean; isVain?: () => boolean } = {},
): Promise<void> {
  if (isOver?.()) return;
  let mark = await shard.mark();
  while (!shard.isClosed && comparePositions(reached(), mark.position) < 0) {
    if (isOver?.() || isVain?.()) return;
    const changed = shard.changed();
    if (shard.historyId !== mark.historyId) mark = await shard.mark();
    else await Promise.race([changed, delay(LOOK_AGAIN_MS, undefined, { ref: false })]);
  }
}

/** Everything that is waited for wakes the waiter, except that others begin to wait for each other. */
const LOOK_AGAIN_MS = 200;

function readEras({ database }: FeedDatabase): Era[] {
  const rows = database.prepare('SELECT era FROM eras ORDER BY number').all();
  return rows.map(({ era }) => JSON.parse(String(era)) as Era);
}
