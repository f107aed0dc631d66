// Tests the sampling of nodes: which nodes are asked, when, and what happens when they or CloudWatch do not answer.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { setImmediate as yieldToLoop } from 'node:timers/promises';
import { openCloudWatch, SCOPE } from '../../../../test/support/metrics.ts';
import type { Fleet } from '../../../engine/fleet.ts';
import { OperationalError } from '../../../kernel/errors.ts';
import { silentLog } from '../../../kernel/log.ts';
import { someGroup } from '../in-memory.fixture.ts';
import type { Records } from '../records.ts';
import { type CloudWatchClient, createMetricsSampler } from './metrics-sampler.ts';

const textOf = (name: string) =>
  readFileSync(new URL(`../../../../test/support/info-texts/${name}.txt`, import.meta.url), 'utf8');

const NODES: Record<string, string | Error> = {
  'one-001': textOf('redis-7.0-primary-after'),
  'one-002': textOf('redis-7.0-replica-after'),
  'two-001': new OperationalError('TimedOut', 'silent'),
  'two-002': textOf('valkey-8.0-replica-after'),
};

function sampling(cloudwatch: CloudWatchClient, clock: { now(): number }, away: readonly string[] = []) {
  const asked: string[] = [];
  const idOf = (key: string) => key.slice(key.lastIndexOf('/') + 1);
  const fleet = {
    status: (key: string) => ({ state: away.includes(idOf(key)) ? 'exited' : 'running' }),
    admin: (key: string) => ({
      async sendAll() {
        asked.push(idOf(key));
        const said = NODES[idOf(key)]!;
        if (said instanceof Error) throw said;
        return [said];
      },
    }),
  };
  const groups = [someGroup('one'), someGroup('two', { kind: 'cache-cluster' })];
  async function* everywhere() {
    yield groups.map((value) => ({ scope: SCOPE, value }));
  }
  const records = { groups: { everywhere } };
  const sampler = createMetricsSampler({
    records: records as unknown as Records,
    fleet: fleet as unknown as Fleet,
    ...{ clock, log: silentLog, cloudwatch },
  });
  return { sampler, asked };
}

async function metricsOf(cloudwatch: ReturnType<typeof openCloudWatch>, MetricName: string) {
  const { Metrics } = await cloudwatch.client.call(
    'ListMetrics',
    { Namespace: 'AWS/ElastiCache', MetricName },
    SCOPE,
  );
  return Metrics!.map(({ Dimensions }) => Dimensions!.map(({ Value }) => Value).join(' '));
}

it('sends the metrics of each node that answers, by cluster and by cache node', async () => {
  const cloudwatch = openCloudWatch();
  const { sampler, asked } = sampling(cloudwatch.client, cloudwatch.clock, ['one-002']);
  await sampler.sample();
  assert.deepEqual(asked.sort(), ['one-001', 'two-001', 'two-002']);
  const nodes = ['one-001', 'one-001 0001', 'two-002', 'two-002 0001'];
  assert.deepEqual(await metricsOf(cloudwatch, 'IsMaster'), nodes);
  // A standalone cluster is not a replication group.
  assert.deepEqual(await metricsOf(cloudwatch, 'DatabaseMemoryUsageCountedForEvictPercentage'), [
    ...nodes,
    'one',
  ]);
  assert.deepEqual(await metricsOf(cloudwatch, 'ReplicationLag'), ['two-002', 'two-002 0001']);
});

it('the metrics belong to the minute that ended', async () => {
  const cloudwatch = openCloudWatch();
  const { sampler } = sampling(cloudwatch.client, cloudwatch.clock);
  const { time } = cloudwatch.clock;
  // A timer may be early.
  for (const now of [time, time + 59_990, time + 120_040]) {
    cloudwatch.clock.time = now;
    await sampler.sample();
  }
  const { Datapoints } = await cloudwatch.client.call(
    'GetMetricStatistics',
    {
      ...{ Namespace: 'AWS/ElastiCache', MetricName: 'CurrItems', Period: 60, Statistics: ['Sum'] },
      Dimensions: [{ Name: 'CacheClusterId', Value: 'one-001' }],
      ...{ StartTime: new Date(time - 600_000), EndTime: new Date(time + 600_000) },
    },
    SCOPE,
  );
  const seen = Datapoints!.map(({ Timestamp, Sum }) => [Timestamp!.getTime() - time, Sum]);
  assert.deepEqual(seen, [
    [-60_000, 14],
    [0, 14],
    [60_000, 14],
  ]);
});

describe('in the background', () => {
  it('it samples at the beginning of every minute until it is stopped', async (test) => {
    const start = Date.UTC(2026, 10, 21, 12, 0, 50);
    test.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: start });
    const sentAt: number[] = [];
    const call = async () => void sentAt.push(Date.now() - start);
    const { sampler } = sampling({ call } as unknown as CloudWatchClient, { now: () => Date.now() }, [
      ...['one-002', 'two-001', 'two-002'],
    ]);
    const settle = async () => {
      for (let turn = 0; turn < 50; turn++) await yieldToLoop();
    };
    sampler.start();
    for (const step of [9_000, 1_000, 59_000, 1_000, 60_000]) {
      test.mock.timers.tick(step);
      await settle();
    }
    assert.deepEqual(sentAt, [10_000, 70_000, 130_000]);
    await sampler.stop();
    test.mock.timers.tick(600_000);
    await settle();
    assert.equal(sentAt.length, 3);
  });

  it('it stops sampling when there is no CloudWatch', async () => {
    const call = async () => {
      throw new OperationalError('NotRunning', 'none');
    };
    const { sampler, asked } = sampling({ call } as unknown as CloudWatchClient, { now: () => 0 });
    await sampler.sample();
    const before = asked.length;
    assert.ok(before > 0);
    await sampler.sample();
    assert.equal(asked.length, before);
  });

  it('concurrent samples are joined', async () => {
    const cloudwatch = openCloudWatch();
    const { sampler, asked } = sampling(cloudwatch.client, cloudwatch.clock);
    await Promise.all([sampler.sample(), sampler.sample()]);
    assert.equal(asked.length, 4);
  });
});
