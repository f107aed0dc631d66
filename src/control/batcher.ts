// What is told to another service in batches and may be lost: lines of logs, metrics. Gathered for a while, sent in order,
// bounded. A service that is slow or absent costs what was to be told, never who tells it. What must not be lost goes
// through an outbox.

import { OperationalError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';

export interface BatchPolicy {
  /** How long the first one of a batch waits for others. */
  gatherMs: number;
  /** Over all targets, with those that are being sent; what comes then is lost. */
  mostWaiting: number;
  /** Items of one batch. */
  mostItems: number;
  /** What the items of one batch may measure together; one that alone measures more is a batch of its own. */
  mostSize?: number;
}

export interface BatcherOptions<K, T> {
  /** What is told, for the log: `lines of functions`. */
  what: string;
  policy: BatchPolicy;
  log: Log;
  /** Targets of the same key are one. */
  keyOf(target: K): string;
  /** Of an item, in the measure of `mostSize`. */
  sizeOf?(item: T): number;
  /** One at a time. What it rejects with is logged, and the batch lost; NotRunning: nothing is sent from then on. */
  send(target: K, batch: readonly T[]): Promise<void>;
}

export interface Batcher<K, T> {
  /** Never waits, never throws. False when the items are lost: too many wait, or there is nobody to tell. */
  add(target: K, items: readonly T[]): boolean;
  /** There is nobody to tell. */
  readonly isOff: boolean;
  /** Sends what waits, and resolves once it is sent. */
  flush(): Promise<void>;
  /** The same; what is added afterwards is lost. */
  stop(): Promise<void>;
}

interface Waiting<K, T> {
  target: K;
  items: T[];
}

export function createBatcher<K, T>(options: BatcherOptions<K, T>): Batcher<K, T> {
  const { what, policy, log, keyOf, send } = options;
  /** In the order in which they began to wait. */
  let waiting = new Map<string, Waiting<K, T>>();
  let count = 0;
  let lost = 0;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();
  let isOff = false;

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const taken = waiting;
    waiting = new Map();
    if (taken.size > 0) sending = sending.then(() => sendAll(taken.values()));
    return sending;
  }

  async function sendAll(all: Iterable<Waiting<K, T>>): Promise<void> {
    for (const { target, items } of all) {
      for (const batch of batchesOf(items, options)) {
        if (!isOff) await sendOne(target, batch);
        count -= batch.length;
      }
    }
    if (lost > 0) log.warn({ lost }, `too many ${what} waited; some are lost`);
    lost = 0;
  }

  async function sendOne(target: K, batch: readonly T[]): Promise<void> {
    try {
      await send(target, batch);
    } catch (error) {
      if (error instanceof OperationalError && error.code === 'NotRunning') isOff = true;
      log.warn({ err: error, lost: batch.length, to: keyOf(target) }, `${what} could not be told`);
    }
  }

  return {
    add(target, items) {
      if (isOff || items.length === 0) return !isOff;
      if (count + items.length > policy.mostWaiting) {
        if (lost === 0) log.warn({ to: keyOf(target) }, `too many ${what} wait; what comes now is lost`);
        lost += items.length;
        return false;
      }
      const key = keyOf(target);
      let entry = waiting.get(key);
      if (!entry) waiting.set(key, (entry = { target, items: [] }));
      for (const item of items) entry.items.push(item);
      count += items.length;
      timer ??= setTimeout(() => void flush(), policy.gatherMs).unref();
      return true;
    },
    get isOff() {
      return isOff;
    },
    flush,
    async stop() {
      await flush();
      isOff = true;
    },
  };
}

function* batchesOf<T>(
  items: readonly T[],
  { policy, sizeOf }: Pick<BatcherOptions<unknown, T>, 'policy' | 'sizeOf'>,
): Generator<T[]> {
  const { mostItems, mostSize = Number.POSITIVE_INFINITY } = policy;
  let batch: T[] = [];
  let size = 0;
  for (const item of items) {
    const own = sizeOf?.(item) ?? 0;
    if (batch.length === mostItems || (batch.length > 0 && size + own > mostSize)) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(item);
    size += own;
  }
  if (batch.length > 0) yield batch;
}
