// Statistics of what a service's requests do, a set for each metric and minute, which CloudWatch gets some seconds later.
// Counts in memory, within bounds. A slow or missing CloudWatch costs metrics, never a request.

import { type Scope, scopeKey } from '../aws/scope.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { type BatchPolicy, createBatcher } from './batcher.ts';

/** Counts values. */
export interface MinuteStatistics {
  /** A value of the metric of what these names identify, none of which has a slash. Never waits and never throws. */
  add(scope: Scope, metric: string, names: readonly string[], value: number): void;
  /** Sends the rest. */
  stop(): Promise<void>;
}

/** The values of one metric in one minute, as PutMetricData has them. */
export interface MinuteDatum {
  metric: string;
  names: readonly string[];
  Timestamp: Date;
  StatisticValues: { SampleCount: number; Sum: number; Minimum: number; Maximum: number };
}

interface Entry {
  key: string;
  minute: number;
  metric: string;
  names: readonly string[];
  count: number;
  sum: number;
  least: number;
  most: number;
}

const POLICY: BatchPolicy = { gatherMs: 10_000, mostWaiting: 10_000, mostItems: 1_000 };
const MINUTE_MS = 60_000;

/** `what` is for the log: `metrics of queues`. */
export function createMinuteStatistics({
  what,
  clock,
  log,
  send,
}: {
  what: string;
  clock: Clock;
  log: Log;
  send(scope: Scope, data: readonly MinuteDatum[]): Promise<void>;
}): MinuteStatistics {
  /** Entries that wait to be sent; new values are added to them. */
  const entries = new Map<string, Entry>();
  const batcher = createBatcher<Scope, Entry>({
    ...{ what, policy: POLICY, log, keyOf: scopeKey },
    async send(scope, batch) {
      for (const { key } of batch) entries.delete(key);
      await send(scope, batch.map(datumOf));
    },
  });
  return {
    add(scope, metric, names, value) {
      if (batcher.isOff) return;
      const minute = Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS;
      const key = `${scopeKey(scope)}/${minute}/${metric}/${names.join('/')}`;
      let entry = entries.get(key);
      if (!entry) {
        entry = { key, minute, metric, names, count: 0, sum: 0, least: value, most: value };
        if (!batcher.add(scope, [entry])) return;
        entries.set(key, entry);
      }
      entry.count++;
      entry.sum += value;
      entry.least = Math.min(entry.least, value);
      entry.most = Math.max(entry.most, value);
    },
    stop: () => batcher.stop(),
  };
}

const datumOf = ({ metric, names, minute, count, sum, least, most }: Entry): MinuteDatum => ({
  ...{ metric, names, Timestamp: new Date(minute) },
  StatisticValues: { SampleCount: count, Sum: sum, Minimum: least, Maximum: most },
});
