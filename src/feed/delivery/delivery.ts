// Carries changes from a source to the sinks of a feed's mappings. A batch of the source is acknowledged when every message
// that was made of it has been delivered or given up. The next batch is read only while there is room.

import type { Log } from '../../kernel/log.ts';
import type { Change } from '../change.ts';
import type { FeedConfiguration, Mapping } from '../configuration/configuration.ts';
import type { AwsCalls, Sink } from '../sink.ts';
import type { Source, SourceBatch } from '../source.ts';
import { createDeadLetters, type DeadLetters } from './dead-letters.ts';
import { MappingDelivery } from './mapping-delivery.ts';
import { bytesOf } from './record.ts';
import { compileRoute, type Route } from './route.ts';

/** What a delivery works with. */
export interface DeliveryOptions {
  source: Source;
  configuration: Pick<FeedConfiguration, 'name' | 'mappings' | 'matching' | 'value' | 'readsMetaRecords'>;
  sinkOf(mapping: Mapping): Sink;
  /** For dead letters. */
  calls: AwsCalls;
  log: Log;
  /** The most that is read and not yet delivered. A batch of the source may exceed it. */
  limits?: { changes: number; bytes: number };
  /** From 0 to 1. */
  random?: () => number;
}

/** A running delivery. */
export interface Delivery {
  /** Resolves once everything is delivered that the source gives until it ends, or when closed. Rejects as the source does. */
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
  retried: number;
  dead: number;
  /** Changes that are read and not delivered. */
  inFlight: number;
  /** When the oldest of them was seen: milliseconds since the epoch. */
  oldestAt?: number;
  /** Why mappings fail now, for people: one line each. */
  failing: readonly string[];
  mappings: readonly { name: string; delivered: number; retried: number; dead: number }[];
}

const LIMITS = { changes: 20_000, bytes: 64 * 1024 * 1024 };

/** A mapping with what carries it out. */
interface Carried {
  route: Route;
  delivery: MappingDelivery;
  dead: DeadLetters;
  counted: number;
}

/** Starts nothing: `run` does. */
export function createDelivery(options: DeliveryOptions): Delivery {
  const { source, configuration, limits = LIMITS } = options;
  const carried = configuration.mappings.map((mapping) => carry(mapping, options));
  const isFirstOnly = configuration.matching !== 'all';
  /** The batches that are not acknowledged, oldest first. */
  const open = new Set<OpenBatch>();
  let [read, inFlight, inFlightBytes, index] = [0, 0, 0, 0];
  let isClosed = false;
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
    for (const change of changes) offer(change, one);
    one.release();
    for (const { delivery } of carried) delivery.pump();
  }

  function offer(change: Change, batch: OpenBatch): void {
    for (const one of carried) {
      if (!one.route.takes(change)) continue;
      give(one, change, batch);
      if (isFirstOnly) return;
    }
  }

  function give(one: Carried, change: Change, batch: OpenBatch): void {
    if (one.route.mapping.target.kind === 'null') {
      one.counted += 1;
      return;
    }
    batch.hold();
    const settled = () => batch.release();
    index += 1;
    one.delivery.add({ ...one.route.messageOf(change), change, index, settled });
  }

  const hasRoom = () => inFlight < limits.changes && inFlightBytes < limits.bytes;

  /** Resolves when the condition holds, or the delivery is closed. */
  async function until(condition: () => boolean): Promise<void> {
    if (condition()) return;
    for (const { delivery } of carried) delivery.flush(true);
    while (!condition() && !isClosed) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      await promise;
    }
    for (const { delivery } of carried) delivery.flush(false);
  }

  return {
    async run() {
      for await (const batch of source.batches()) {
        if (isClosed) return;
        accept(batch);
        await until(hasRoom);
        if (isClosed) return;
      }
      await until(() => open.size === 0);
    },
    counts() {
      const mappings = carried.map(({ route, delivery, dead, counted }) => ({
        name: route.mapping.name,
        delivered: delivery.counts.delivered + counted,
        retried: delivery.counts.retried,
        dead: dead.count,
      }));
      const sum = (of: 'delivered' | 'retried' | 'dead') =>
        mappings.reduce((total, one) => total + one[of], 0);
      const [oldest] = open;
      return {
        read,
        delivered: sum('delivered'),
        retried: sum('retried'),
        dead: sum('dead'),
        inFlight,
        ...(oldest && { oldestAt: oldest.at }),
        failing: carried.flatMap(({ route, delivery, dead }) =>
          [delivery.failing, dead.failing]
            .filter((reason) => reason !== undefined)
            .map((reason) => `${route.mapping.name}: ${reason}`),
        ),
        mappings,
      };
    },
    async close() {
      isClosed = true;
      wake();
      await Promise.all(carried.map(({ delivery }) => delivery.close()));
      for (const { dead } of carried) dead.close();
    },
  };
}

function carry(mapping: Mapping, options: DeliveryOptions): Carried {
  const { configuration, calls, log, random } = options;
  const isTable = mapping.target.kind === 'dynamodb' || mapping.target.kind === 'sql';
  const dead = createDeadLetters({
    feed: configuration.name,
    mapping,
    calls,
    log,
    ...(random && { random }),
  });
  const delivery = new MappingDelivery({
    mapping,
    sink: options.sinkOf(mapping),
    coalesces: isTable && configuration.value === 'after',
    giveUp: (entry, condition, attempts, reason) => dead.add({ entry, condition, attempts, reason }),
    log,
    ...(random && { random }),
  });
  return { route: compileRoute(mapping), delivery, dead, counted: 0 };
}

/** A batch of the source that is held until its messages are settled. */
class OpenBatch {
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
