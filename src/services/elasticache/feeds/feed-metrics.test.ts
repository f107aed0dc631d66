import assert from 'node:assert/strict';
import { it } from 'node:test';
import { silentLog } from '../../../kernel/log.ts';
import type { FeedView } from '../../../status.ts';
import type { CloudWatchClient } from '../metrics/metrics-sampler.ts';
import { createFeedMetrics } from './feed-metrics.ts';

interface Sent {
  Namespace: string;
  MetricData: { MetricName: string; Dimensions: { Value: string }[]; Value: number }[];
}

const view = (delivered: number, dead: number): FeedView => ({
  ...{ name: 'carts', region: 'us-east-1', accountId: '000000000000', source: 'shop', kind: 'replication' },
  ...{ targets: ['null'], by: 'command', createdAt: 0 },
  status: {
    ...{ state: 'running', details: [], lagChanges: 7, lagSeconds: 1.5, read: 0, retried: 0 },
    ...{ delivered, dead, mappings: [{ name: 'all', delivered, retried: 0, dead }] },
  },
});

it('the metrics of a feed are its lag, and what happened since the last minute, by feed and by mapping', async () => {
  const sent: Sent[] = [];
  let now = [view(10, 1)];
  const call = async (_operation: string, input: Sent) => void sent.push(input);
  const metrics = createFeedMetrics({
    ...{ views: () => now, clock: { now: () => 120_000 }, log: silentLog },
    cloudwatch: { call } as unknown as CloudWatchClient,
  });
  const next = async () => {
    await metrics.sample();
    const { Namespace, MetricData } = sent.pop()!;
    assert.equal(Namespace, 'Millpond/Feed');
    return MetricData.map(({ MetricName, Dimensions, Value }) =>
      [MetricName, ...Dimensions.map((one) => one.Value), Value].join(' '),
    );
  };
  const lag = ['Lag carts 7', 'LagSeconds carts 1.5'];
  assert.deepEqual(await next(), [
    ...lag,
    ...['Delivered carts 10', 'Retried carts 0', 'Dead carts 1'],
    ...['Delivered carts all 10', 'Retried carts all 0', 'Dead carts all 1'],
  ]);
  now = [view(15, 1)];
  assert.deepEqual(await next(), [
    ...lag,
    ...['Delivered carts 5', 'Retried carts 0', 'Dead carts 0'],
    ...['Delivered carts all 5', 'Retried carts all 0', 'Dead carts all 0'],
  ]);
  // Deleted, and made again.
  now = [view(2, 0)];
  assert.ok((await next()).includes('Delivered carts 2'));
  now = [];
  await metrics.sample();
  assert.deepEqual(sent, []);
  await metrics.stop();
});
