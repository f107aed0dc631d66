// Tests the metrics of AWS/Lambda: the counts, and failures of CloudWatch.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OperationalError } from '../../kernel/errors.ts';
import { silentLog } from '../../kernel/log.ts';
import { openStore } from '../../store/store.ts';
import { type Client, createClient } from '../../wire/client.ts';
import type { Sdk as CloudWatch } from '../cloudwatch/sdk.ts';
import { createCloudWatch } from '../cloudwatch/service.ts';
import type { Lambda } from './context.ts';
import { InvocationTally } from './domain/invocation-metrics.ts';
import type { FunctionRecord, VersionRecord } from './domain/model.ts';
import { createInvoker } from './invoker.ts';
import { createInvocationMetrics } from './metrics.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const NOW = Date.UTC(2026, 10, 21, 12, 0, 30);
const clock = { now: () => NOW };

function cloudWatch() {
  const { service } = createCloudWatch({ store: openStore(':memory:'), clock, log: silentLog });
  return createClient<CloudWatch>('monitoring', { inProcess: service });
}

async function statisticsOf(cloudwatch: Client<CloudWatch>, MetricName: string, dimensions: object[] = []) {
  const { Datapoints } = await cloudwatch.call(
    'GetMetricStatistics',
    {
      ...{ Namespace: 'AWS/Lambda', MetricName, Dimensions: dimensions as never, Period: 60 },
      ...{ StartTime: new Date(NOW - 3_600_000), EndTime: new Date(NOW + 60_000) },
      Statistics: ['Sum', 'SampleCount', 'Maximum', 'Minimum'],
    },
    SCOPE,
  );
  return Datapoints!.map(({ Timestamp: _, Unit: __, ...values }) => values);
}

const NAME = { Name: 'FunctionName', Value: 'f' };

function invokerOver(metrics: ReturnType<typeof createInvocationMetrics>, statuses: string[]) {
  const lambda = {
    clock,
    preparing: new Map(),
    environmentOf: () => ({}),
    code: { isOpened: () => true, directoryOf: () => '/', hold: () => () => {} },
    records: { snapshot: () => undefined },
    functions: {
      retire: async () => {},
      invoke: async () => {
        const status = statuses.shift();
        if (!status) return undefined;
        return { status, durationMs: 12, log: [], memoryBytes: 1, environment: { id: 'e', startedAt: NOW } };
      },
    },
  };
  const invoker = createInvoker(lambda as unknown as Lambda, { write() {}, stop: async () => {} }, metrics);
  const version = {
    version: '$LATEST',
    runtime: 'nodejs22.x',
    layers: [],
    variables: {},
    memoryMegabytes: 128,
  };
  return (record: object) =>
    invoker.invoke({
      scope: SCOPE,
      record: { name: 'f', ...record } as FunctionRecord,
      version: version as unknown as VersionRecord,
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:f:live',
      requestId: 'r',
      event: Buffer.from('{}'),
    });
}

it('counts invocations, errors and throttles', async () => {
  const cloudwatch = cloudWatch();
  const metrics = createInvocationMetrics({ cloudwatch, clock, log: silentLog });
  const invoke = invokerOver(metrics, ['succeeded', 'failed', 'timed out']);
  for (let round = 0; round < 3; round++) await invoke({});
  await assert.rejects(invoke({}), { name: 'TooManyRequestsException' });
  await assert.rejects(invoke({ reservedConcurrency: 0 }), { name: 'TooManyRequestsException' });
  await metrics.stop();
  for (const dimensions of [[], [NAME], [NAME, { Name: 'Resource', Value: 'f:live' }]]) {
    const of = (name: string) => statisticsOf(cloudwatch, name, dimensions);
    assert.deepEqual(await of('Invocations'), [{ Sum: 3, SampleCount: 3, Maximum: 1, Minimum: 1 }]);
    assert.deepEqual(await of('Errors'), [{ Sum: 2, SampleCount: 3, Maximum: 1, Minimum: 0 }]);
    assert.deepEqual(await of('Throttles'), [{ Sum: 2, SampleCount: 5, Maximum: 1, Minimum: 0 }]);
    assert.deepEqual(await of('Duration'), [{ Sum: 36, SampleCount: 3, Maximum: 12, Minimum: 12 }]);
    assert.deepEqual(await of('ConcurrentExecutions'), [{ Sum: 1, SampleCount: 1, Maximum: 1, Minimum: 1 }]);
  }
});

it('a function that is only refused has no invocations', () => {
  const tally = new InvocationTally();
  tally.throttled();
  assert.deepEqual(
    tally.data().map(({ MetricName }) => MetricName),
    ['Throttles'],
  );
});

describe('durations', () => {
  it('have few distinct values, accurate to 2 %', () => {
    const tally = new InvocationTally();
    for (let index = 0; index < 50_000; index++) tally.ran({ durationMs: 1 + index / 10, isError: false });
    const data = tally.data().filter(({ MetricName }) => MetricName === 'Duration');
    const [values, counts] = [
      data.flatMap((datum) => ('Values' in datum ? datum.Values : [])),
      data.flatMap((datum) => ('Values' in datum ? datum.Counts : [])),
    ];
    assert.ok(data.length < 5 && data.every((datum) => 'Values' in datum && datum.Values.length <= 150));
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      50_000,
    );
    assert.ok(Math.abs(Math.max(...values) / 5_001 - 1) < 0.02);
    assert.ok(Math.abs(Math.min(...values) - 1) < 0.02);
  });
});

describe('without a CloudWatch', () => {
  const one = { scope: SCOPE, functionName: 'f', resource: 'f' };
  it('nothing is counted', async () => {
    const metrics = createInvocationMetrics({ cloudwatch: undefined, clock, log: silentLog });
    metrics.ended(one, { durationMs: 1, isError: false });
    await metrics.stop();
  });
  it('that answers, no further requests are made', async () => {
    let calls = 0;
    const call = async () => {
      calls += 1;
      throw new OperationalError('NotRunning', 'none');
    };
    const metrics = createInvocationMetrics({
      cloudwatch: { call } as unknown as Client<CloudWatch>,
      clock,
      log: silentLog,
    });
    for (let round = 0; round < 2; round++) {
      metrics.throttled(one);
      await metrics.stop();
    }
    assert.equal(calls, 1);
  });
});
