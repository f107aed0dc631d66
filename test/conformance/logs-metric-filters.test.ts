// Metric filters through the SDK's own client, and what CloudWatch is told of them.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { silentLog } from '../../src/kernel/log.ts';
import type { Client } from '../../src/wire/client.ts';
import { startWireServer, type WireServer } from '../../src/wire/server.ts';
import { type OwnLogs, ownLogs } from '../support/logs.ts';

const NOW = Date.UTC(2026, 0, 15);
const GROUP = 'filtered';
const INVALID = { name: 'InvalidParameterException' };

interface Told {
  Namespace: string;
  MetricData: {
    MetricName: string;
    Timestamp: Date;
    Dimensions: { Value: string }[];
    StatisticValues: { SampleCount: number; Sum: number };
  }[];
}

let logs: OwnLogs;
let server: WireServer;
let client: CloudWatchLogs;
const told: Told[] = [];

before(async () => {
  const cloudwatch = {
    call: async (_operation: string, input: Told) => void told.push(input),
  } as unknown as Client<typeof import('@aws-sdk/client-cloudwatch')>;
  logs = await ownLogs({ clock: { now: () => NOW }, cloudwatch });
  server = await startWireServer({
    services: [logs.service],
    port: 0,
    defaultRegion: 'us-east-1',
    log: silentLog,
  });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new CloudWatchLogs({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  await client.createLogGroup({ logGroupName: GROUP });
  await client.createLogStream({ logGroupName: GROUP, logStreamName: 's' });
});

after(async () => {
  client?.destroy();
  await server?.stop();
  await logs?.stop();
});

const put = (filterName: string, filterPattern: string, metric: object, logGroupName = GROUP) =>
  client.putMetricFilter({
    logGroupName,
    filterName,
    filterPattern,
    metricTransformations: [{ metricName: filterName, metricNamespace: 'app', metricValue: '1', ...metric }],
  });

it('filters are put, described, replaced and deleted', async () => {
  const logGroupName = 'described';
  await client.createLogGroup({ logGroupName });
  for (const name of ['b', 'a', 'c']) await put(name, 'ERROR', {}, logGroupName);
  await put('a', 'WARN', { metricName: 'b' }, logGroupName);
  const names = async (input: object) =>
    (await client.describeMetricFilters(input)).metricFilters!.map(({ filterName }) => filterName);
  const first = await client.describeMetricFilters({ logGroupName, limit: 2 });
  assert.deepEqual(first.metricFilters![0], {
    filterName: 'a',
    filterPattern: 'WARN',
    metricTransformations: [{ metricName: 'b', metricNamespace: 'app', metricValue: '1' }],
    creationTime: NOW,
    logGroupName,
    applyOnTransformedLogs: false,
  });
  assert.deepEqual(await names({ logGroupName, nextToken: first.nextToken }), ['c']);
  assert.deepEqual(await names({ filterNamePrefix: 'b' }), ['b']);
  assert.deepEqual(await names({ metricName: 'b', metricNamespace: 'app' }), ['a', 'b']);
  assert.deepEqual(await names({ metricName: 'b', metricNamespace: 'other' }), []);
  await assert.rejects(client.describeMetricFilters({ metricName: 'b' }), INVALID);
  const { logGroups } = await client.describeLogGroups({ logGroupNamePrefix: logGroupName });
  assert.equal(logGroups![0]!.metricFilterCount, 3);
  await client.deleteMetricFilter({ logGroupName, filterName: 'a' });
  await assert.rejects(client.deleteMetricFilter({ logGroupName, filterName: 'a' }), {
    name: 'ResourceNotFoundException',
  });
  await client.deleteLogGroup({ logGroupName });
  assert.deepEqual(await names({ filterNamePrefix: 'b' }), []);
});

it('a pattern is tried', async () => {
  const { matches } = await client.testMetricFilter({
    filterPattern: '{ $.level = "error" && $.ms > 1 }',
    logEventMessages: ['{"level":"info"}', '{"level":"error","ms":2}', 'text'],
  });
  assert.deepEqual(matches, [
    {
      eventNumber: 2,
      eventMessage: '{"level":"error","ms":2}',
      extractedValues: { '$.level': 'error', '$.ms': '2' },
    },
  ]);
});

it('what Millpond does not count is refused', async () => {
  await assert.rejects(put('x', '[ip, user]', {}), INVALID);
  await assert.rejects(put('x', 'a', { metricValue: '$ip' }), INVALID);
  await assert.rejects(put('x', 'a', { dimensions: { a: '$.a' }, defaultValue: 1 }), INVALID);
  await assert.rejects(put('x', 'a', { dimensions: { a: 'fixed' } }), INVALID);
  await assert.rejects(put('x', 'a', {}, 'none'), { name: 'ResourceNotFoundException' });
});

it('what tools ask for and is not there', async () => {
  const subscriptions = await client.describeSubscriptionFilters({ logGroupName: GROUP });
  assert.deepEqual(subscriptions.subscriptionFilters, []);
  assert.deepEqual((await client.describeResourcePolicies({})).resourcePolicies, []);
  assert.deepEqual((await client.describeDestinations({})).destinations, []);
  assert.deepEqual((await client.describeQueryDefinitions({})).queryDefinitions, []);
  const policies = await client.describeAccountPolicies({ policyType: 'DATA_PROTECTION_POLICY' });
  assert.deepEqual(policies.accountPolicies, []);
  const kmsKeyId = 'arn:aws:kms:us-east-1:000000000000:key/one';
  await client.associateKmsKey({ logGroupName: GROUP, kmsKeyId });
  const key = async () =>
    (await client.describeLogGroups({ logGroupNamePrefix: GROUP })).logGroups![0]!.kmsKeyId;
  assert.equal(await key(), kmsKeyId);
  await client.disassociateKmsKey({ logGroupName: GROUP });
  assert.equal(await key(), undefined);
  await assert.rejects(
    client.createLogGroup({ logGroupName: 'protected', deletionProtectionEnabled: true }),
    INVALID,
  );
});

it('what matches is counted, minute by minute', async () => {
  await put('errors', 'ERROR', { defaultValue: 0, unit: 'Count' });
  await put('latency', '{ $.ms > 0 }', { metricValue: '$.ms', dimensions: { path: '$.path' } });
  const messages = ['ERROR a', 'fine', '{"ms":5,"path":"/"}', '{"ms":7,"path":"/"}', '{"ms":9,"path":"/x"}'];
  const logEvents = messages.map((message) => ({ timestamp: NOW, message }));
  const early = { timestamp: NOW - 60_000, message: 'quiet' };
  await client.putLogEvents({ logGroupName: GROUP, logStreamName: 's', logEvents: [early, ...logEvents] });
  await logs.stop();
  const data = told.flatMap(({ Namespace, MetricData }) =>
    MetricData.map(({ MetricName, Timestamp, Dimensions, StatisticValues: { SampleCount, Sum } }) => [
      ...[Namespace, MetricName, (Timestamp.getTime() - NOW) / 1000],
      ...[Dimensions.map((one) => one.Value).join(), SampleCount, Sum],
    ]),
  );
  assert.deepEqual(data, [
    ['app', 'errors', 0, '', 1, 1],
    ['app', 'errors', -60, '', 1, 0],
    ['app', 'latency', 0, '/', 2, 12],
    ['app', 'latency', 0, '/x', 1, 9],
  ]);
});
