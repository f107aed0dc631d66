// Sends AWS/DynamoDB metrics to CloudWatch: the units that tables and indexes consume. Counts in memory and sends some
// seconds later, within bounds. A slow or missing CloudWatch costs metrics, never a request.

import { createMinuteStatistics, type MinuteDatum } from '../../control/minute-statistics.ts';
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

/** See `UsageMetrics`. Nothing is counted without CloudWatch. */
export function createUsageMetrics(options: {
  cloudwatch: CloudWatch | undefined;
  clock: Clock;
  log: Log;
}): UsageMetrics {
  const { cloudwatch, clock, log } = options;
  const statistics =
    cloudwatch &&
    createMinuteStatistics({
      ...{ what: 'metrics of tables', clock, log },
      async send(scope, data) {
        const input = { Namespace: 'AWS/DynamoDB', MetricData: data.map(datumOf) };
        await cloudwatch.call('PutMetricData', input, scope);
      },
    });

  function add({ table: { scope, record }, kind }: Usage, index: string | undefined, units: number): void {
    if (units === 0) return;
    const name = kind === 'read' ? 'ConsumedReadCapacityUnits' : 'ConsumedWriteCapacityUnits';
    statistics?.add(scope, name, index === undefined ? [record.name] : [record.name, index], units);
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
    stop: async () => statistics?.stop(),
  };
}

const datumOf = ({ metric, names: [table, index], ...values }: MinuteDatum) => ({
  ...values,
  MetricName: metric,
  Unit: 'Count' as const,
  Dimensions: [
    { Name: 'TableName', Value: table },
    ...(index === undefined ? [] : [{ Name: 'GlobalSecondaryIndexName', Value: index }]),
  ],
});
