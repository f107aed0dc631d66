// Sends items to another service in batches and may lose them: log lines, metrics. Items are gathered for a while, sent
// in order, and bounded in number. A slow or absent service never delays the sender; it only loses items. What must not
// be lost goes through an outbox.

import { OperationalError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';

/** When a batch is sent, and how much may wait. */
export interface BatchPolicy {
  /** How long the first item of a batch waits for others. */
  gatherMs: number;
  /** Items of all targets that wait or are being sent. Beyond it, new items are lost. */
  mostWaiting: number;
  /** The most items of one batch. */
  mostItems: number;
  /** The most that the items of one batch measure together. A larger item is a batch by itself. */
  mostSize?: number;
}

/** `K` is where items go, `T` an item. */
export interface BatcherOptions<K, T> {
  /** What the items are, for the log: `lines of functions`. */
  what: string;
  policy: BatchPolicy;
  log: Log;
  /** Targets with the same key are the same target. */
  keyOf(target: K): string;
  /** The size of an item, in the unit of `mostSize`. */
  sizeOf?(item: T): number;
  /** Called for one batch at a time. A rejection is logged and loses the batch; NotRunning turns the batcher off. */
  send(target: K, batch: readonly T[]): Promise<void>;
}

/** Sends items to another service. It never delays or fails its caller. */
export interface Batcher<K, T> {
  /** Never waits and never throws. Returns false when the items are lost: too many wait, or the batcher is off. */
  add(target: K, items: readonly T[]): boolean;
  /** Whether the batcher is stopped or the receiver is not running. */
  readonly isOff: boolean;
  /** Sends the waiting items, and resolves when they are sent. */
  flush(): Promise<void>;
  /** Like `flush`; items that are added later are lost. */
  stop(): Promise<void>;
}

interface Waiting<K, T> {
  target: K;
  items: T[];
}

/** Nothing is stored: items that wait are lost when the process ends without `stop`. */
export function createBatcher<K, T>(options: BatcherOptions<K, T>): Batcher<K, T> {
  const { what, policy, log, keyOf, send } = options;
  /** In the order in which the targets got their first waiting item. */
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
    if (lost > 0) log.warn({ lost }, `too many ${what} waited; some were lost`);
    lost = 0;
  }

  async function sendOne(target: K, batch: readonly T[]): Promise<void> {
    try {
      await send(target, batch);
    } catch (error) {
      if (error instanceof OperationalError && error.code === 'NotRunning') isOff = true;
      log.warn({ err: error, lost: batch.length, to: keyOf(target) }, `${what} could not be sent`);
    }
  }

  return {
    add(target, items) {
      if (isOff || items.length === 0) return !isOff;
      if (count + items.length > policy.mostWaiting) {
        if (lost === 0) log.warn({ to: keyOf(target) }, `too many ${what} wait; new ones are lost`);
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
