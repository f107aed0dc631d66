// A steady load of writes to an endpoint's name, from clients that resolve the name again after any error and record
// which writes were acknowledged, and when.

import { setTimeout as delay } from 'node:timers/promises';
import type { FreshNames } from '../src/cli/drill/fresh-names.ts';
import { connectTo } from './engines.ts';
import { createLineClient, type LineClient } from './line-client.ts';

/** A running load. */
export interface WriteLoad {
  /** Resolves when writes have been acknowledged at full pace for a while. */
  flows(): Promise<void>;
  stop(): Promise<void>;
  /** The longest time without an acknowledged write after `from`, in the time of `performance.now()`. */
  longestGapMs(from: number): number;
  /** The number of acknowledged writes that the node does not have; deletes those that it has. Call it after `stop`. */
  countLost(address: string): Promise<number>;
}

export interface WriteLoadOptions {
  names: FreshNames;
  host: string;
  writesPerSecond: number;
  /** See createLineClient. */
  staysWhenRefused?: boolean;
}

const CLIENTS = 16;
const FLOWS_AFTER_WRITES = 1_000;
const BATCH = 1_000;

let loads = 0;

/** Starts the load; `stop` ends it. */
export function startWriteLoad(options: WriteLoadOptions): WriteLoad {
  const { names, host, writesPerSecond } = options;
  const prefix = `load:${process.pid}:${++loads}`;
  const acknowledged: { key: string; at: number }[] = [];
  let running = true;
  let stopped: Promise<void> | undefined;

  async function client(number: number): Promise<void> {
    const line = createLineClient(names, host, options);
    const pauseMs = (CLIENTS / writesPerSecond) * 1_000;
    let dueAt = performance.now() + (number / CLIENTS) * pauseMs;
    for (let write = 0; running; write++) {
      const waitMs = dueAt - performance.now();
      if (waitMs > 0) await delay(waitMs);
      // A delayed client does not catch up.
      dueAt = Math.max(dueAt + pauseMs, performance.now());
      await writeUntilAcknowledged(line, `${prefix}:${number}:${write}`);
    }
    line.close();
  }

  async function writeUntilAcknowledged(line: LineClient, key: string): Promise<void> {
    while (running) {
      try {
        await line.set(key, key);
        acknowledged.push({ key, at: performance.now() });
        return;
      } catch {
        await delay(1);
      }
    }
  }

  const clients = Array.from({ length: CLIENTS }, (_, number) => client(number));
  return {
    async flows() {
      const enough = acknowledged.length + FLOWS_AFTER_WRITES;
      while (running && acknowledged.length < enough) await delay(5);
    },
    stop() {
      running = false;
      stopped ??= Promise.all(clients).then(() => undefined);
      return stopped;
    },
    longestGapMs(from) {
      const times = acknowledged.map(({ at }) => at).filter((at) => at >= from);
      return Math.max(...times.map((at, index) => at - (times[index - 1] ?? from)));
    },
    countLost: (address) =>
      countLost(
        address,
        acknowledged.map(({ key }) => key),
      ),
  };
}

async function countLost(address: string, keys: readonly string[]): Promise<number> {
  const redis = await connectTo(address);
  let lost = 0;
  try {
    for (let next = 0; next < keys.length; next += BATCH) {
      const batch = keys.slice(next, next + BATCH);
      const values = await redis.mget(...batch);
      lost += batch.filter((key, index) => values[index] !== key).length;
      await redis.unlink(...batch);
    }
  } finally {
    redis.disconnect();
  }
  return lost;
}
