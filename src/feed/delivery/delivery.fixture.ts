// Changes, sources and sinks for tests of deliveries.

import { silentLog } from '../../kernel/log.ts';
import type { Change } from '../change.ts';
import type { FeedConfiguration, Mapping } from '../configuration/configuration.ts';
import type { AwsCalls, Failure, Message, Sink } from '../sink.ts';
import type { Source } from '../source.ts';
import { createDelivery, type DeliveryOptions } from './delivery.ts';

let sequences = 0;

/** A write of a string; its sequence is larger than that of all earlier ones. */
export function change(key: string, more: Partial<Change> = {}): Change {
  sequences += 1;
  return {
    sequence: String(sequences),
    cache: 'shop',
    database: 0,
    key: Buffer.from(key),
    kind: 'write',
    command: [Buffer.from('SET'), Buffer.from(key), Buffer.from(String(sequences))],
    at: Date.now(),
    ...more,
  };
}

export const hash = (fields: Record<string, string>) => ({
  type: 'hash' as const,
  fields: Object.entries(fields).map(([name, value]) => [Buffer.from(name), Buffer.from(value)] as const),
});

/** Everything goes to one function, one message at a time. */
export const mapping = (more: Partial<Mapping> = {}): Mapping => ({
  name: 'all',
  keys: ['*'],
  types: [],
  commands: [],
  fields: [],
  filters: [],
  payload: 'change',
  target: { kind: 'lambda', function: 'shop-orders', reportsItemFailures: false },
  batch: { size: 1, windowMs: 0, parallel: 1 },
  retry: { attempts: -1, maxAgeMs: -1, bisects: false },
  ...more,
});

/** A source of these batches; it notes which were read and which were acknowledged, by index. */
export function sourceOf(batches: readonly (readonly Change[])[]) {
  const read: number[] = [];
  const acknowledged: number[] = [];
  const source: Source = {
    promise: 'what the test says',
    async *batches() {
      for (const [index, changes] of batches.entries()) {
        read.push(index);
        yield { changes, acknowledge: () => void acknowledged.push(index) };
      }
    },
    lag: () => ({ changes: 0, bytes: 0, states: [] }),
    close: async () => {},
  };
  return { source, read, acknowledged };
}

/** What a scripted sink does with a call: fails for these indexes, throws, or hangs. */
export type Script = (messages: readonly Message[], signal: AbortSignal) => Promise<readonly Failure[]>;

/** A sink that notes every call and what was delivered, by key, in order. */
export function scriptedSink(script: Script = async () => [], more: Partial<Sink> = {}) {
  const calls: string[][] = [];
  const delivered: Message[] = [];
  const sink: Sink = {
    name: 'a scripted sink',
    limits: { messages: 100, bytes: 1_000_000 },
    async deliver(messages, signal) {
      calls.push(messages.map(({ lane }) => lane));
      const failures = await script(messages, signal);
      const failed = new Set(failures.map(({ index }) => index));
      delivered.push(...messages.filter((_message, index) => !failed.has(index)));
      return failures;
    },
    close: async () => {},
    ...more,
  };
  return { sink, calls, delivered };
}

export const noCalls: AwsCalls = {
  call: async (service, operation) => {
    throw new Error(`unexpected ${service} ${operation}`);
  },
};

/** A delivery from a source to one sink. */
export function deliveryOf(
  source: Source,
  sink: Sink,
  configuration: Partial<FeedConfiguration> = {},
  more: Partial<DeliveryOptions> = {},
) {
  return createDelivery({
    source,
    configuration: {
      name: 'orders',
      mappings: [mapping()],
      value: 'none',
      readsMetaRecords: false,
      ...configuration,
    },
    sinkOf: () => sink,
    calls: noCalls,
    log: silentLog,
    random: () => 0,
    ...more,
  });
}
