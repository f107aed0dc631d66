// Sends AWS/DynamoDB metrics to CloudWatch: the units that tables and indexes consume. Counts in memory and sends some
// seconds later, within bounds. A slow or missing CloudWatch costs metrics, never a request.

import { type Scope, scopeKey } from '../../aws/scope.ts';
import { type BatchPolicy, createBatcher } from '../../control/batcher.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Client } from '../../wire/client.ts';
import type { Usage, UsageSink } from './capacity.ts';

/** Counts what requests consume. */
export interface UsageMetrics {
  /** Never waits and never throws. */
  report: UsageSink;
  /** Sends the rest. */
  stop(): Promise<void>;
}

type CloudWatch = Client<typeof import('@aws-sdk/client-cloudwatch')>;

/** One metric of a table or an index in one minute. */
interface Entry {
  key: string;
  minute: number;
  name: string;
  table: string;
  index: string | undefined;
  count: number;
  sum: number;
  least: number;
  most: number;
}

const POLICY: BatchPolicy = { gatherMs: 10_000, mostWaiting: 10_000, mostItems: 1_000 };
const MINUTE_MS = 60_000;

/** See `UsageMetrics`. Nothing is counted without CloudWatch. */
export function createUsageMetrics(options: {
  cloudwatch: CloudWatch | undefined;
  clock: Clock;
  log: Log;
}): UsageMetrics {
  const { cloudwatch, clock, log } = options;
  /** Entries that wait to be sent; new counts are added to them. */
  const entries = new Map<string, Entry>();
  const batcher =
    cloudwatch &&
    createBatcher<Scope, Entry>({
      ...{ what: 'metrics of tables', policy: POLICY, log, keyOf: scopeKey },
      async send(scope, batch) {
        for (const { key } of batch) entries.delete(key);
        const input = { Namespace: 'AWS/DynamoDB', MetricData: batch.map(datumOf) };
        await cloudwatch.call('PutMetricData', input, scope);
      },
    });

  function add({ table: { scope, record }, kind }: Usage, index: string | undefined, units: number): void {
    if (!batcher || batcher.isOff || units === 0) return;
    const minute = Math.floor(clock.now() / MINUTE_MS) * MINUTE_MS;
    const name = kind === 'read' ? 'ConsumedReadCapacityUnits' : 'ConsumedWriteCapacityUnits';
    const key = `${scope.accountId}/${scope.region}/${minute}/${name}/${record.name}/${index ?? ''}`;
    let entry = entries.get(key);
    if (!entry) {
      entry = { key, minute, name, table: record.name, index, count: 0, sum: 0, least: units, most: units };
      if (!batcher.add(scope, [entry])) return;
      entries.set(key, entry);
    }
    entry.count++;
    entry.sum += units;
    entry.least = Math.min(entry.least, units);
    entry.most = Math.max(entry.most, units);
  }

  return {
    report(usage) {
      // AWS: units of local indexes count as the table's.
      let own = usage.units;
      for (const [index, units] of usage.indexes) {
        if (index.kind === 'local') own += units;
        else add(usage, index.name, units);
      }
      add(usage, undefined, own);
    },
    stop: async () => batcher?.stop(),
  };
}

const datumOf = ({ name, minute, table, index, count, sum, least, most }: Entry) => ({
  MetricName: name,
  Unit: 'Count' as const,
  Timestamp: new Date(minute),
  Dimensions: [
    { Name: 'TableName', Value: table },
    ...(index === undefined ? [] : [{ Name: 'GlobalSecondaryIndexName', Value: index }]),
  ],
  StatisticValues: { SampleCount: count, Sum: sum, Minimum: least, Maximum: most },
});
