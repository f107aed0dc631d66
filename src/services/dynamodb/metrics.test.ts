// Tests the metrics of AWS/DynamoDB: units by table and global index.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import { openStore } from '../../store/store.ts';
import { createClient } from '../../wire/client.ts';
import type { Sdk as CloudWatch } from '../cloudwatch/sdk.ts';
import { createCloudWatch } from '../cloudwatch/service.ts';
import type { Usage } from './capacity.ts';
import { createUsageMetrics } from './metrics.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const NOW = Date.UTC(2026, 10, 30, 12, 0, 30);
const clock = { now: () => NOW };

it('counts the units of tables, with those of local indexes, and of global indexes', async () => {
  const { service } = createCloudWatch({ store: openStore(':memory:'), clock, log: silentLog });
  const cloudwatch = createClient<CloudWatch>('monitoring', { inProcess: service });
  const metrics = createUsageMetrics({ cloudwatch, clock, log: silentLog });
  const table = { scope: SCOPE, record: { name: 'people' } } as Usage['table'];
  const index = (kind: string, name: string) => ({ kind, name }) as never;
  const usage = (units: number, indexes: [never, number][] = []): Usage => ({
    ...{ table, kind: 'write', units, indexes: new Map(indexes), isTransactional: false },
  });
  metrics.report(usage(1));
  metrics.report(
    usage(3, [
      [index('local', 'by-age'), 2],
      [index('global', 'by-city'), 4],
    ]),
  );
  metrics.report({ ...usage(0), kind: 'read' });
  await metrics.stop();
  const sumOf = async (MetricName: string, dimensions: Record<string, string>) => {
    const { Datapoints } = await cloudwatch.call(
      'GetMetricStatistics',
      {
        ...{ Namespace: 'AWS/DynamoDB', MetricName, Period: 60, Statistics: ['Sum', 'SampleCount'] as never },
        ...{ StartTime: new Date(NOW - 3_600_000), EndTime: new Date(NOW + 60_000) },
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      SCOPE,
    );
    return Datapoints!.map(({ Sum, SampleCount }) => [Sum, SampleCount]);
  };
  const written = 'ConsumedWriteCapacityUnits';
  assert.deepEqual(await sumOf(written, { TableName: 'people' }), [[6, 2]]);
  assert.deepEqual(await sumOf(written, { TableName: 'people', GlobalSecondaryIndexName: 'by-city' }), [
    [4, 1],
  ]);
  assert.deepEqual(await sumOf('ConsumedReadCapacityUnits', { TableName: 'people' }), []);
});
