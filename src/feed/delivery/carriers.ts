// The mappings of a feed with what carries them out: those of its configuration, and those that hashes of the cache describe.

import type { Log } from '../../kernel/log.ts';
import type { Change } from '../change.ts';
import type { FeedConfiguration, Mapping } from '../configuration/configuration.ts';
import { META_PREFIX, metaMapping } from '../configuration/function-file.ts';
import { LanguageError } from '../configuration/path.ts';
import type { AwsCalls, Sink } from '../sink.ts';
import { isMetaRecord, textFields } from './article.ts';
import { createDeadLetters, type DeadLetters } from './dead-letters.ts';
import { MappingDelivery } from './mapping-delivery.ts';
import { laneOf } from './record.ts';
import { compileRoute, type Route } from './route.ts';

/** What mappings are carried out with. */
export interface CarrierOptions {
  configuration: Pick<FeedConfiguration, 'name' | 'mappings' | 'matching' | 'value' | 'readsMetaRecords'>;
  sinkOf(mapping: Mapping): Sink;
  /** For dead letters. */
  calls: AwsCalls;
  log: Log;
  /** From 0 to 1. */
  random?: () => number;
}

/** What a mapping has done, in messages. */
export interface CarrierCounts {
  name: string;
  delivered: number;
  retried: number;
  dead: number;
}

/** A mapping with what carries it out. */
interface Carrier {
  route: Route;
  delivery: MappingDelivery;
  dead: DeadLetters;
  /** Of a mapping that delivers nowhere. */
  counted: number;
}

/** What a message is held for: its batch of the source, which is acknowledged when all holds are released. */
export interface Holder {
  hold(): void;
  release(): void;
}

/** The carriers of a feed. */
export class Carriers {
  readonly #options: CarrierOptions;
  readonly #own: readonly Carrier[];
  /** By the key of the hash. */
  readonly #meta = new Map<string, Carrier>();
  /** Hashes that describe no mapping, with the reason. */
  readonly #wrong = new Map<string, string>();
  /** Mappings whose hashes were changed or deleted, while they have messages to deliver. */
  readonly #leaving = new Set<Carrier>();
  readonly #left: CarrierCounts = { name: '', delivered: 0, retried: 0, dead: 0 };
  #index = 0;

  constructor(options: CarrierOptions) {
    this.#options = options;
    this.#own = options.configuration.mappings.map((mapping) => carry(mapping, options));
  }

  /** Takes a change for every mapping that it matches. The holder is released when they have delivered it. */
  offer(change: Change, holder: Holder): void {
    const { readsMetaRecords, matching } = this.#options.configuration;
    if (readsMetaRecords) {
      if (isMetaRecord(change.key)) {
        this.setMetaRecord(change.key.toString(), textFields(change.value));
        return;
      }
      for (const carrier of this.#meta.values()) {
        if (carrier.route.takes(change)) this.#give(carrier, change, holder);
      }
    }
    for (const carrier of this.#own) {
      if (!carrier.route.takes(change)) continue;
      this.#give(carrier, change, holder);
      if (matching !== 'all') return;
    }
  }

  /** A hash of mappings has these fields; without any it is gone. */
  setMetaRecord(key: string, fields: ReadonlyMap<string, string>): void {
    const before = this.#meta.get(key);
    let mapping: Mapping | undefined;
    this.#wrong.delete(key);
    try {
      if (fields.size > 0) mapping = metaMapping(fields, key.slice(META_PREFIX.length) || 'mapping');
    } catch (error) {
      if (!(error instanceof LanguageError)) throw error;
      if (this.#wrong.size < MOST_META_RECORDS) this.#wrong.set(key, error.message);
      this.#options.log.warn({ key, reason: error.message }, 'a mapping in the cache is not valid');
    }
    if (mapping && JSON.stringify(mapping) === JSON.stringify(before?.route.mapping)) return;
    if (before) {
      this.#meta.delete(key);
      this.#leaving.add(before);
    }
    this.#letGo();
    if (!mapping) return;
    if (this.#meta.size < MOST_META_RECORDS) this.#meta.set(key, carry(mapping, this.#options));
    else this.#wrong.set(key, `a feed has ${MOST_META_RECORDS} mappings in the cache at most`);
  }

  /** Starts what may start. */
  pump(): void {
    for (const { delivery } of this.#all()) delivery.pump();
  }

  flush(isFlushed: boolean): void {
    for (const { delivery } of this.#all()) delivery.flush(isFlushed);
  }

  counts(): readonly CarrierCounts[] {
    const counts = [...this.#own, ...this.#meta.values()].map(countsOf);
    const gone = [this.#left, ...[...this.#leaving].map(countsOf)].reduce(sumOf);
    return gone.delivered + gone.dead + gone.retried > 0 ? [...counts, { ...gone, name: 'deleted' }] : counts;
  }

  /** Why mappings fail now, for people: one line each. */
  failing(): readonly string[] {
    const failing = this.#all().flatMap(({ route, delivery, dead }) =>
      [delivery.failing, dead.failing]
        .filter((reason) => reason !== undefined)
        .map((reason) => `${route.mapping.name}: ${reason}`),
    );
    return [...failing, ...[...this.#wrong].map(([key, reason]) => `${key}: ${reason}`)];
  }

  /** Never rejects. */
  async close(): Promise<void> {
    await Promise.all(this.#all().map(closeCarrier));
  }

  #all(): readonly Carrier[] {
    return [...this.#own, ...this.#meta.values(), ...this.#leaving];
  }

  #give(carrier: Carrier, change: Change, holder: Holder): void {
    const { route, delivery, dead } = carrier;
    if (route.mapping.target.kind === 'null') {
      carrier.counted += 1;
      return;
    }
    holder.hold();
    const settled = () => holder.release();
    try {
      this.#index += 1;
      delivery.add({ ...route.messageOf(change), change, index: this.#index, settled });
    } catch (error) {
      if (!(error instanceof LanguageError)) throw error;
      const { sequence, at, kind } = change;
      const message = { sequence, lane: laneOf(change), at, kind, payload: undefined };
      const entry = { message, change, settled };
      dead.add({ entry, condition: 'MappingFailed', attempts: 0, reason: error.message });
    }
  }

  /** Ends mappings that have nothing to deliver any more. */
  #letGo(): void {
    for (const carrier of this.#leaving) {
      if (!carrier.delivery.isEmpty || !carrier.dead.isEmpty) continue;
      this.#leaving.delete(carrier);
      Object.assign(this.#left, sumOf(this.#left, countsOf(carrier)));
      void closeCarrier(carrier);
    }
  }
}

const MOST_META_RECORDS = 100;

const countsOf = ({ route, delivery, dead, counted }: Carrier): CarrierCounts => ({
  name: route.mapping.name,
  delivered: delivery.counts.delivered + counted,
  retried: delivery.counts.retried,
  dead: dead.count,
});

const sumOf = (one: CarrierCounts, other: CarrierCounts): CarrierCounts => ({
  name: one.name,
  delivered: one.delivered + other.delivered,
  retried: one.retried + other.retried,
  dead: one.dead + other.dead,
});

async function closeCarrier({ delivery, dead }: Carrier): Promise<void> {
  await delivery.close();
  dead.close();
}

function carry(mapping: Mapping, options: CarrierOptions): Carrier {
  const { configuration, calls, log, random } = options;
  const sink = options.sinkOf(mapping);
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
    sink,
    coalesces: isTable && configuration.value === 'after',
    giveUp: (entry, condition, attempts, reason) => dead.add({ entry, condition, attempts, reason }),
    log,
    ...(random && { random }),
  });
  return { route: compileRoute(mapping, sink.limits.bytes), delivery, dead, counted: 0 };
}
