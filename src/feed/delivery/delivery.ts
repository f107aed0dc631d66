// Carries changes from a source to the sinks of a feed's mappings. A batch of the source is acknowledged when every message
// that was made of it has been delivered or given up. The next batch is read only while there is room.

import type { Source, SourceBatch } from '../source.ts';
import { type CarrierCounts, type CarrierOptions, Carriers, type Holder } from './carriers.ts';
import type { MetaRecord } from './meta-records.ts';
import { bytesOf } from './record.ts';

/** What a delivery works with. */
export interface DeliveryOptions extends CarrierOptions {
  source: Source;
  /**
   * Reads the hashes `__meta_record__…` that the cache has, before anything is delivered: their keys and fields. Later
   * changes of them come from the source. It rejects when the signal ends it.
   */
  metaRecords?(signal: AbortSignal): Promise<readonly MetaRecord[]>;
  /** The most that is read and not yet delivered. A batch of the source may exceed it. */
  limits?: { changes: number; bytes: number };
}

/** A running delivery. */
export interface Delivery {
  /**
   * Resolves once everything is delivered that the source gives until it ends, or when closed. Rejects as the source does.
   */
  run(): Promise<void>;
  counts(): DeliveryCounts;
  /** Ends running calls after a moment, and closes the sinks, not the source. What is not acknowledged comes again. */
  close(): Promise<void>;
}

/** Since the delivery was made. */
export interface DeliveryCounts {
  /** Changes. */
  read: number;
  /** Messages: a change is one for each mapping that takes it. */
  delivered: number;
  /** Messages of attempts after their first. */
  retried: number;
  /** Messages that were given up. */
  dead: number;
  /** Changes that are read and not delivered. */
  inFlight: number;
  /** When the oldest of them was seen: milliseconds since the epoch. */
  oldestAt?: number;
  /** Why mappings fail now, for people: one line each. */
  failing: readonly string[];
  mappings: readonly CarrierCounts[];
}

const LIMITS = { changes: 20_000, bytes: 64 * 1024 * 1024 };

/** Starts nothing: `run` does. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { source, configuration, limits = LIMITS } = options;
  const carriers = new Carriers(options);
  /** The batches that are not acknowledged, oldest first. */
  const open = new Set<OpenBatch>();
  let [read, inFlight, inFlightBytes] = [0, 0, 0];
  const ending = new AbortController();
  let closed: Promise<void> | undefined;
  let wake = () => {};

  function accept(batch: SourceBatch): void {
    const { changes } = batch;
    const bytes = changes.reduce((sum, change) => sum + bytesOf(change), 0);
    read += changes.length;
    inFlight += changes.length;
    inFlightBytes += bytes;
    const one = new OpenBatch(changes[0]!.at, () => {
      open.delete(one);
      inFlight -= changes.length;
      inFlightBytes -= bytes;
      batch.acknowledge();
      wake();
    });
    open.add(one);
    for (const change of changes) carriers.offer(change, one);
    one.release();
    carriers.pump();
  }

  const hasRoom = () => inFlight < limits.changes && inFlightBytes < limits.bytes;

  /** Resolves when the condition holds, or the delivery is closed. */
  async function until(condition: () => boolean): Promise<void> {
    if (condition()) return;
    carriers.flush(true);
    while (!condition() && !closed) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await promise;
    }
    carriers.flush(false);
  }

  async function loadMetaRecords(): Promise<void> {
    if (!configuration.readsMetaRecords) return;
    try {
      const found = await options.metaRecords?.(ending.signal);
      for (const { key, fields } of found ?? []) carriers.setMetaRecord(key, fields);
    } catch (error) {
      if (!closed) throw error;
    }
  }

  return {
    async run() {
      await loadMetaRecords();
      if (closed) return;
      for await (const batch of source.batches()) {
        if (closed) return;
        accept(batch);
        await until(hasRoom);
        if (closed) return;
      }
      await until(() => open.size === 0);
    },
    counts() {
      const mappings = carriers.counts();
      const sum = (of: 'delivered' | 'retried' | 'dead') =>
        mappings.reduce((total, one) => total + one[of], 0);
      const [oldest] = open;
      return {
        ...{ read, inFlight, failing: carriers.failing(), mappings },
        ...{ delivered: sum('delivered'), retried: sum('retried'), dead: sum('dead') },
        ...(oldest && { oldestAt: oldest.at }),
      };
    },
    close() {
      closed ??= carriers.close();
      ending.abort();
      wake();
      return closed;
    },
  };
}

/** A batch of the source that is held until its messages are settled. */
class OpenBatch implements Holder {
  readonly at: number;
  readonly #done: () => void;
  #holds = 1;

  constructor(at: number, done: () => void) {
    this.at = at;
    this.#done = done;
  }

  hold(): void {
    this.#holds += 1;
  }

  release(): void {
    this.#holds -= 1;
    if (this.#holds === 0) this.#done();
  }
}
