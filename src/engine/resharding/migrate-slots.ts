// Online resharding: moves slots with their keys from shard to shard while clients are served. The caller makes the
// plan. The engines tell what is already done, so an interrupted run is simply repeated.

import { setTimeout as delay } from 'node:timers/promises';
import { copyFunctions } from './functions.ts';
import { type Links, openLinks, type ShardLink } from './links.ts';
import { type BatchLimits, moveBatch } from './move-batch.ts';
import { repairOver } from './repair-slots.ts';
import {
  type Credentials,
  MigrationInterrupted,
  type MigrationResult,
  type MigrationShards,
  type SlotMove,
} from './shards.ts';
import { DEFAULT_KEY_LIMITS, type KeyLimits } from './slot-keys.ts';

/** One run of a migration. */
export interface MigrationOptions {
  moves: readonly SlotMove[];
  /** All shards of the cluster, including those that neither give nor take slots. */
  shards: MigrationShards;
  credentials: Credentials;
  /** Interrupts the run at the next step; it rejects with the signal's reason. */
  signal?: AbortSignal;
  /** The progress of this run. Slots that had moved before count as moved. */
  onProgress?: (movedSlots: number, movedKeys: number) => void;
  /** Called between batches; true ends the run with no slot open. */
  shouldStop?: () => boolean;
  limits?: Partial<MigrationLimits>;
}

/** Sizes of the steps of a migration. */
export interface MigrationLimits extends KeyLimits, BatchLimits {
  slotsPerBatch: number;
  /** Batches in parallel. On one machine a second one mostly makes clients wait longer. */
  lanes: number;
}

export const DEFAULT_LIMITS: MigrationLimits = {
  ...DEFAULT_KEY_LIMITS,
  maxKeyBytes: 256 * 1024 * 1024,
  slotsPerBatch: 128,
  lanes: 1,
};

const READY_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 20;
const REPAIR_EVERY_LOOKS = 25;

/**
 * Finishes slots that are already open first, then makes the moves that are not yet done. Only one run per cluster at
 * a time. Rejects with MigrationInterrupted when a node goes away or is no longer primary: look up the primaries
 * again and repeat the run.
 */
export async function migrateSlots(options: MigrationOptions): Promise<MigrationResult> {
  const links = await openLinks(options.shards);
  try {
    await untilReady(links, options.signal);
    const { open } = await repairOver(links, options);
    const run = new MigrationRun(links, options);
    await run.work(batchesOf(open, run.limits, true));
    await run.moveAll();
    await settle(links, options);
    return run.result;
  } finally {
    links.close();
  }
}

interface Batch extends SlotMove {
  isOpen: boolean;
}

class MigrationRun {
  readonly limits: MigrationLimits;
  readonly result: MigrationResult = { movedSlots: 0, movedKeys: 0, refused: [], stopped: false };
  readonly #links: Links;
  readonly #options: MigrationOptions;

  constructor(links: Links, options: MigrationOptions) {
    this.#links = links;
    this.#options = options;
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
  }

  async moveAll(): Promise<void> {
    const owners = await this.#owners();
    const moves: SlotMove[] = [];
    this.result.movedSlots = 0;
    for (const move of this.#options.moves) {
      // A slot that its planned source does not own is left alone: it has moved already, or the plan is out of date.
      const slots = move.slots.filter((slot) => owners.get(slot) === move.from);
      this.result.movedSlots += move.slots.filter((slot) => owners.get(slot) === move.to).length;
      if (slots.length > 0) moves.push({ ...move, slots });
    }
    this.#tell();
    await this.#copyFunctions(moves, owners);
    await this.work(batchesOf(moves, this.limits, false));
  }

  /**
   * Runs the batches, several in parallel. After the first failure it starts no more, waits for those under way, and
   * rejects.
   */
  async work(batches: readonly Batch[]): Promise<void> {
    const waiting = [...batches];
    const active = new Map<Batch, Promise<void>>();
    let failure: { error: unknown } | undefined;
    for (;;) {
      while (active.size < this.limits.lanes && !failure && !this.#isToStop(waiting)) {
        const next = waiting.findIndex((batch) =>
          [...active.keys()].every((other) => canRunBeside(batch, other)),
        );
        if (next === -1) break;
        const [batch] = waiting.splice(next, 1) as [Batch];
        const done = this.#move(batch)
          .catch((error: unknown) => {
            failure ??= { error };
          })
          .finally(() => active.delete(batch));
        active.set(batch, done);
      }
      if (active.size === 0) break;
      await Promise.race(active.values());
    }
    if (failure) throw failure.error;
  }

  #isToStop([next]: readonly Batch[]): boolean {
    if (!next) return true;
    if (next.isOpen || !this.#options.shouldStop?.()) return false;
    this.result.stopped = true;
    return true;
  }

  async #move(batch: Batch): Promise<void> {
    this.#options.signal?.throwIfAborted();
    const mover = {
      source: this.#links.get(batch.from),
      target: this.#links.get(batch.to),
      credentials: this.#options.credentials,
      limits: this.limits,
      signal: this.#options.signal,
    };
    const { movedSlots, movedKeys, refused } = await moveBatch(mover, batch.slots, batch.isOpen, this.limits);
    this.result.movedSlots += movedSlots;
    this.result.movedKeys += movedKeys;
    this.result.refused.push(...refused);
    this.#tell();
  }

  #tell(): void {
    this.#options.onProgress?.(this.result.movedSlots, this.result.movedKeys);
  }

  async #owners(): Promise<Map<number, string>> {
    const owners = new Map<number, string>();
    for (const link of this.#links.all) {
      const view = await link.view();
      for (const [slot, id] of view.owners) if (id === view.self.id) owners.set(slot, link.shardId);
    }
    return owners;
  }

  async #copyFunctions(moves: readonly SlotMove[], owners: ReadonlyMap<number, string>): Promise<void> {
    const rich = new Set(owners.values());
    const fresh = new Map<string, string>();
    for (const { from, to } of moves) if (!rich.has(to)) fresh.set(to, from);
    for (const [to, from] of fresh) await copyFunctions(this.#links.get(from), this.#links.get(to));
  }
}

/**
 * A claim raises the claiming shard's epoch. If that shard gave slots away at the same time and had not yet heard
 * that one of them was claimed, its old claim would win, and the new owner would delete the keys.
 */
const canRunBeside = (a: Batch, b: Batch): boolean => a.from !== b.to && a.to !== b.from;

/** Takes batches from each move in turn, so that several sources and targets share the work. */
function batchesOf(moves: readonly SlotMove[], limits: MigrationLimits, isOpen: boolean): Batch[] {
  const batches: Batch[] = [];
  const longest = Math.max(0, ...moves.map(({ slots }) => slots.length));
  for (let next = 0; next < longest; next += limits.slotsPerBatch) {
    for (const { from, to, slots } of moves) {
      const part = slots.slice(next, next + limits.slotsPerBatch);
      if (part.length > 0) batches.push({ from, to, slots: part, isOpen });
    }
  }
  return batches;
}

/**
 * Waits until every primary serves clients and knows all others. A node that has just joined does neither for a
 * while.
 */
async function untilReady(links: Links, signal: AbortSignal | undefined): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (const link of links.all) {
    for (;;) {
      signal?.throwIfAborted();
      const [info] = await link.run([['CLUSTER', 'INFO']]);
      const { nodes } = await link.view();
      if (/cluster_state:ok/.test(String(info)) && links.all.every(({ nodeId }) => nodes.has(nodeId))) break;
      if (performance.now() > deadline) {
        throw new MigrationInterrupted(`shard ${link.shardId} does not see the whole cluster`, link.shardId);
      }
      await delay(LOOK_EVERY_MS, undefined, { signal });
    }
  }
}

/**
 * Waits until all primaries agree and no slot is open. The cluster bus spreads the changes; repair helps where it
 * fails.
 */
async function settle(links: Links, options: MigrationOptions): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  for (let look = 0; !(await agree(links.all)); look++) {
    options.signal?.throwIfAborted();
    if (performance.now() > deadline)
      throw new MigrationInterrupted('the shards do not agree on their slots');
    await delay(LOOK_EVERY_MS, undefined, { signal: options.signal });
    if (look % REPAIR_EVERY_LOOKS === REPAIR_EVERY_LOOKS - 1) await repairOver(links, options);
  }
}

async function agree(all: readonly ShardLink[]): Promise<boolean> {
  const views = await Promise.all(all.map((link) => link.view()));
  const selves = new Map(views.map((view) => [view.self.id, view]));
  const [first] = views;
  return views.every((view) => {
    if (view.owners.size !== first!.owners.size) return false;
    for (const [slot, id] of view.owners) {
      if (first!.owners.get(slot) !== id || selves.get(id)?.owners.get(slot) !== id) return false;
    }
    return view.migrating.size === 0 && view.importing.size === 0;
  });
}
