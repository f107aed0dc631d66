// A client that reads and writes through a cluster client while slots move, and remembers acknowledged values.

import { Cluster } from 'ioredis';
import { tolerateLostAsking } from '../../lost-asking.ts';

export interface LoadReport {
  operations: number;
  failed: number;
  /** The messages of the first few failures. */
  failures: string[];
  /** Reads that did not return what was last acknowledged, during the load or after it. */
  wrong: number;
  latenciesMs: number[];
}

export interface LiveLoad {
  /** Ends the load, then reads every key once more. */
  stop(): Promise<LoadReport>;
  /** Latencies since the last call, in milliseconds. */
  drainLatencies(): number[];
}

export interface LoadOptions {
  nodes: { host: string; port: number }[];
  keys: number;
  /** The number of concurrent operations. */
  concurrency: number;
  /** The initial value of a key, before the load writes it. */
  initial: (key: string) => string;
  keyOf?: (index: number) => string;
  /** Operations per second; unlimited by default. */
  operationsPerSecond?: number;
}

/** Each worker owns the keys that leave its number modulo the number of workers, so that it knows every value. */
export function startLoad(options: LoadOptions): LiveLoad {
  const client = new Cluster(options.nodes, {
    slotsRefreshTimeout: 5_000,
    clusterRetryStrategy: () => 50,
    enableReadyCheck: true,
    redisOptions: { maxRetriesPerRequest: 5 },
  });
  client.on('error', () => {});
  tolerateLostAsking(client);
  const keyOf = options.keyOf ?? ((index) => `key:${index}`);
  const report: LoadReport = { operations: 0, failed: 0, failures: [], wrong: 0, latenciesMs: [] };
  const written = new Map<string, string>();
  /** Keys with a failed write, which may have been executed. */
  const unsure = new Set<string>();
  let running = true;
  let latencies: number[] = [];

  const pace = createPace(options.operationsPerSecond);
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    await pace.turn();
    const startedAt = performance.now();
    report.operations++;
    try {
      return await work();
    } catch (error) {
      report.failed++;
      if (report.failures.length < 5) report.failures.push(String(error));
      return undefined;
    } finally {
      const took = performance.now() - startedAt;
      latencies.push(took);
      report.latenciesMs.push(took);
    }
  };

  const check = (key: string, value: string | null | undefined): void => {
    if (value === undefined || unsure.has(key)) return;
    const expected = written.get(key) ?? options.initial(key);
    if (value === expected) return;
    report.wrong++;
    if (report.failures.length < 5) report.failures.push(`${key} is ${value}, not ${expected}`);
  };

  const worker = async (number: number): Promise<void> => {
    const owned = Math.floor((options.keys - 1 - number) / options.concurrency) + 1;
    // Steps through the keys in an order that has nothing to do with slots, the same in each run.
    for (let step = 0; running; step++) {
      const key = keyOf(number + options.concurrency * ((step * 7_919) % owned));
      check(key, await attempt(() => client.get(key)));
      const value = `${number}-${step}`;
      unsure.add(key);
      if ((await attempt(() => client.set(key, value))) !== 'OK') continue;
      written.set(key, value);
      unsure.delete(key);
    }
  };
  const workers = Array.from({ length: options.concurrency }, (_, number) => worker(number));

  return {
    drainLatencies() {
      const drained = latencies;
      latencies = [];
      return drained;
    },
    async stop() {
      running = false;
      pace.stop();
      await Promise.all(workers);
      for (let next = 0; next < options.keys; next += 1_000) {
        const keys = Array.from({ length: Math.min(1_000, options.keys - next) }, (_, i) => keyOf(next + i));
        const values = await Promise.all(keys.map((key) => client.get(key).catch(() => undefined)));
        for (const [index, key] of keys.entries()) {
          if (values[index] === undefined) report.failed++;
          check(key, values[index]);
        }
      }
      client.disconnect();
      return report;
    },
  };
}

const TICK_MS = 2;

/** Allows this many operations per second, evenly; late ones are not made up for. */
function createPace(perSecond: number | undefined): { turn(): Promise<void>; stop(): void } {
  if (perSecond === undefined) return { turn: () => Promise.resolve(), stop() {} };
  let waiting: (() => void)[] = [];
  let due = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    due = Math.min(due + ((now - last) / 1_000) * perSecond, waiting.length);
    last = now;
    const count = Math.floor(due);
    due -= count;
    for (const go of waiting.splice(0, count)) go();
  }, TICK_MS);
  return {
    turn: () => new Promise((resolve) => waiting.push(resolve)),
    stop() {
      clearInterval(timer);
      for (const go of waiting) go();
      waiting = [];
      this.turn = () => Promise.resolve();
    },
  };
}

/** Writes the initial keys through the shards' own primaries. */
export async function fill(
  options: Pick<LoadOptions, 'nodes' | 'keys' | 'initial' | 'keyOf'>,
): Promise<void> {
  const client = new Cluster(options.nodes, { slotsRefreshTimeout: 5_000 });
  tolerateLostAsking(client);
  const keyOf = options.keyOf ?? ((index: number) => `key:${index}`);
  try {
    for (let next = 0; next < options.keys; next += 2_000) {
      const count = Math.min(2_000, options.keys - next);
      await Promise.all(
        Array.from({ length: count }, (_, i) =>
          client.set(keyOf(next + i), options.initial(keyOf(next + i))),
        ),
      );
    }
  } finally {
    client.disconnect();
  }
}

/** The value below which this fraction of the samples is. */
export function quantile(samples: readonly number[], part: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
