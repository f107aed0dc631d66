// Alarms and dashboards as Terraform's aws_cloudwatch_metric_alarm and aws_cloudwatch_dashboard use them (the
// provider's
// internal/service/cloudwatch), and what an alarm does: it looks at its metric and tells its topics.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import {
  CloudWatch,
  type DashboardInvalidInputError,
  type DescribeAlarmHistoryCommandInput,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { silentLog } from '../../src/kernel/log.ts';
import type { LambdaClient, SnsClient } from '../../src/services/cloudwatch/alarms/actions.ts';
import { createCloudWatch } from '../../src/services/cloudwatch/service.ts';
import { openStore } from '../../src/store/store.ts';
import { startWireServer, type WireServer } from '../../src/wire/server.ts';
import { NOON, SCOPE } from '../support/metrics.ts';

const store = openStore(':memory:');
const clock = { time: NOON, now: () => clock.time };
const told: { TopicArn: string; Subject: string; Message: string }[] = [];
/** As long as it is set, topics cannot be told. */
let failure: Error | undefined;
/** As long as it is set, topics wait for it. */
let beforeTelling: (() => Promise<void>) | undefined;
const sns = {
  async call(_operation: string, input: (typeof told)[number]) {
    if (failure) throw failure;
    await beforeTelling?.();
    told.push(input);
    return {};
  },
} as unknown as SnsClient;
const invoked: { FunctionName: string; InvocationType: string; Payload: Uint8Array }[] = [];
const lambda = {
  async call(_operation: string, input: (typeof invoked)[number]) {
    if (input.FunctionName.endsWith(':missing')) throw new Error('Function not found');
    invoked.push(input);
    return {};
  },
} as unknown as LambdaClient;
const build = () => createCloudWatch({ store, clock, log: silentLog, sns, lambda });
let cloudwatch = build();
let server: WireServer;
let client: CloudWatch;

before(async () => {
  server = await startWireServer({
    services: [{ name: 'monitoring', load: async () => cloudwatch.service }],
    ...{ port: 0, defaultRegion: 'us-east-1', log: silentLog },
  });
  client = new CloudWatch({
    ...{ endpoint: server.url, region: 'us-east-1', maxAttempts: 1 },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});

after(async () => {
  client?.destroy();
  await server?.stop();
  await cloudwatch.stop();
  store.close();
});

const TOPIC = `arn:aws:sns:us-east-1:${SCOPE.accountId}:alerts`;
const alarm = (more: Partial<PutMetricAlarmCommandInput> = {}): PutMetricAlarmCommandInput => ({
  AlarmName: 'cpu',
  AlarmDescription: 'too busy',
  Namespace: 'AWS/ElastiCache',
  MetricName: 'CPUUtilization',
  Dimensions: [{ Name: 'CacheClusterId', Value: 'demo-001' }],
  Statistic: 'Average',
  Period: 60,
  EvaluationPeriods: 2,
  Threshold: 80,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'missing',
  AlarmActions: [TOPIC],
  OKActions: [TOPIC],
  ...more,
});
const read = async (AlarmName = 'cpu') =>
  (await client.describeAlarms({ AlarmNames: [AlarmName], AlarmTypes: ['MetricAlarm'] })).MetricAlarms?.[0];
/** A value in each of the last minutes, oldest first; then everything is looked at. */
async function see(...values: number[]): Promise<void> {
  await client.putMetricData({
    Namespace: 'AWS/ElastiCache',
    MetricData: values.map((Value, place) => ({
      MetricName: 'CPUUtilization',
      Dimensions: [{ Name: 'CacheClusterId', Value: 'demo-001' }],
      Timestamp: new Date(clock.time - (values.length - place) * 60_000),
      Value,
    })),
  });
  await cloudwatch.evaluateAlarms();
}

it('an alarm is read as it was made, changed, and deleted', async () => {
  await client.putMetricAlarm({ ...alarm(), Tags: [{ Key: 'a', Value: 'b' }] });
  const made = await read();
  const { Namespace, MetricName, Dimensions, Statistic, Period, EvaluationPeriods, Threshold } = alarm();
  assert.deepEqual(
    { ...made },
    {
      ...{ AlarmName: 'cpu', AlarmDescription: 'too busy', ActionsEnabled: true },
      AlarmArn: `arn:aws:cloudwatch:us-east-1:${SCOPE.accountId}:alarm:cpu`,
      ...{ AlarmActions: [TOPIC], OKActions: [TOPIC], InsufficientDataActions: [] },
      ...{ Namespace, MetricName, Dimensions, Statistic, Period, EvaluationPeriods, Threshold },
      ...{ ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'missing' },
      ...{ StateValue: 'INSUFFICIENT_DATA', StateReason: 'Unchecked: Initial alarm creation' },
      AlarmConfigurationUpdatedTimestamp: new Date(NOON),
      ...{ StateUpdatedTimestamp: new Date(NOON), StateTransitionedTimestamp: new Date(NOON) },
    },
  );
  const ResourceARN = made!.AlarmArn!;
  await client.tagResource({ ResourceARN, Tags: [{ Key: 'c', Value: 'd' }] });
  await client.untagResource({ ResourceARN, TagKeys: ['a'] });
  assert.deepEqual((await client.listTagsForResource({ ResourceARN })).Tags, [{ Key: 'c', Value: 'd' }]);

  await client.putMetricAlarm(alarm({ Threshold: 90, OKActions: [] }));
  const changed = await read();
  assert.deepEqual([changed?.Threshold, changed?.OKActions], [90, []]);
  assert.deepEqual((await client.listTagsForResource({ ResourceARN })).Tags, [{ Key: 'c', Value: 'd' }]);
  const forMetric = await client.describeAlarmsForMetric({
    ...{ Namespace: Namespace!, MetricName: MetricName!, Dimensions },
  });
  assert.deepEqual(
    forMetric.MetricAlarms?.map((one) => one.AlarmName),
    ['cpu'],
  );
  await assert.rejects(client.deleteAlarms({ AlarmNames: ['none', 'cpu'] }), { name: 'ResourceNotFound' });
  assert.equal(await read(), undefined);
  await assert.rejects(client.deleteAlarms({ AlarmNames: ['cpu'] }), { name: 'ResourceNotFound' });
});

it('it follows its metric, and tells its topics of each change', async () => {
  await client.putMetricAlarm(alarm());
  await see(10, 95, 96);
  assert.equal((await read())?.StateValue, 'ALARM');
  assert.equal(told.length, 1);
  const { TopicArn, Subject, Message } = told[0]!;
  assert.equal(TopicArn, TOPIC);
  assert.equal(Subject, 'ALARM: "cpu" in US East (N. Virginia)');
  const message = JSON.parse(Message);
  assert.equal(message.OldStateValue, 'INSUFFICIENT_DATA');
  assert.equal(message.NewStateValue, 'ALARM');
  assert.match(
    message.NewStateReason,
    /^Threshold Crossed: 2 out of the last 2 datapoints \[96\.0 \(.*\), 95\.0 /,
  );
  assert.deepEqual(message.Trigger.Dimensions, [{ value: 'demo-001', name: 'CacheClusterId' }]);
  assert.equal(message.Trigger.Statistic, 'AVERAGE');

  await cloudwatch.evaluateAlarms();
  assert.equal(told.length, 1, 'nothing has changed');
  clock.time += 5 * 60_000;
  await see(10, 12);
  assert.equal((await read())?.StateValue, 'OK');
  assert.equal(told.length, 2);
  clock.time += 60 * 60_000;
  await cloudwatch.evaluateAlarms();
  const silent = await read();
  assert.deepEqual(
    [silent?.StateValue, silent?.StateReason],
    ['INSUFFICIENT_DATA', 'Insufficient Data: 2 datapoints were unknown.'],
  );
  assert.equal(told.length, 2, 'there is no topic for that');
});

it('a state that is set is told at once, and lasts until the metric is looked at', async () => {
  told.length = 0;
  await client.setAlarmState({ AlarmName: 'cpu', StateValue: 'ALARM', StateReason: 'trying it' });
  assert.equal((await read())?.StateReason, 'trying it');
  assert.deepEqual(
    told.map(({ Message }) => JSON.parse(Message).NewStateReason),
    ['trying it'],
  );
  await cloudwatch.evaluateAlarms();
  assert.equal((await read())?.StateValue, 'INSUFFICIENT_DATA');
  await client.disableAlarmActions({ AlarmNames: ['cpu'] });
  await client.setAlarmState({ AlarmName: 'cpu', StateValue: 'ALARM', StateReason: 'quietly' });
  assert.equal(told.length, 1);
  await client.enableAlarmActions({ AlarmNames: ['cpu'] });
  assert.equal((await read())?.ActionsEnabled, true);
  await cloudwatch.evaluateAlarms();
});

it('a change that could not be told ends no alarm, and one interrupted by a kill is told by the next start', async () => {
  told.length = 0;
  failure = new Error('no topic');
  await client.setAlarmState({ AlarmName: 'cpu', StateValue: 'OK', StateReason: 'not heard' });
  failure = undefined;
  assert.equal((await read())?.StateValue, 'OK');
  // As the state was when a kill came between the record and the topic.
  const records = store.collection<{ toTell?: string }>('monitoring/alarm');
  records.put(SCOPE, 'cpu', { ...records.get(SCOPE, 'cpu')!, toTell: 'ALARM' });
  await cloudwatch.stop();
  cloudwatch = build();
  await cloudwatch.evaluateAlarms();
  assert.deepEqual(
    told.map(({ Message }) => JSON.parse(Message).NewStateReason),
    ['not heard'],
  );
  assert.equal(records.get(SCOPE, 'cpu')?.toTell, undefined);
});

const functionArn = (name: string) => `arn:aws:lambda:us-east-1:${SCOPE.accountId}:function:${name}`;

it('functions are invoked with the change, and a failed action keeps no other from its work', async () => {
  const actions = [functionArn('missing'), functionArn('react')];
  await client.putMetricAlarm(
    alarm({ AlarmName: 'calls', AlarmActions: actions, OKActions: [], TreatMissingData: 'ignore' }),
  );
  await client.setAlarmState({ AlarmName: 'calls', StateValue: 'OK', StateReason: 'at first' });
  await client.setAlarmState({ AlarmName: 'calls', StateValue: 'ALARM', StateReason: 'trying it' });
  assert.deepEqual(
    invoked.map(({ FunctionName, InvocationType }) => [FunctionName, InvocationType]),
    [[functionArn('react'), 'Event']],
  );
  const event = JSON.parse(Buffer.from(invoked[0]!.Payload).toString());
  assert.equal(event.source, 'aws.cloudwatch');
  assert.equal(event.alarmArn, `arn:aws:cloudwatch:us-east-1:${SCOPE.accountId}:alarm:calls`);
  const { state, previousState, configuration } = event.alarmData;
  assert.deepEqual([state.value, state.reason], ['ALARM', 'trying it']);
  assert.deepEqual([previousState.value, previousState.reason], ['OK', 'at first']);
  assert.deepEqual(configuration.metrics[0].metricStat, {
    metric: {
      ...{ namespace: 'AWS/ElastiCache', name: 'CPUUtilization' },
      dimensions: { CacheClusterId: 'demo-001' },
    },
    ...{ period: 60, stat: 'Average' },
  });
});

it('a change is told once, even if the alarm is evaluated while it is told', async () => {
  await client.putMetricAlarm(alarm({ AlarmName: 'once', TreatMissingData: 'ignore' }));
  await client.setAlarmState({ AlarmName: 'once', StateValue: 'OK', StateReason: 'once' });
  const records = store.collection<{ toTell?: string }>('monitoring/alarm');
  records.put(SCOPE, 'once', { ...records.get(SCOPE, 'once')!, toTell: 'ALARM' });
  told.length = 0;
  beforeTelling = () => setImmediate();
  await Promise.all([cloudwatch.evaluateAlarms(), cloudwatch.evaluateAlarms()]);
  beforeTelling = undefined;
  assert.equal(told.length, 1);
  await client.deleteAlarms({ AlarmNames: ['once'] });
});

it('the history outlives the alarm, and is filtered and paged in both directions', async () => {
  await client.deleteAlarms({ AlarmNames: ['calls'] });
  const read = async (more: DescribeAlarmHistoryCommandInput = {}) => {
    const found = await client.describeAlarmHistory({ AlarmName: 'calls', ...more });
    return [found.AlarmHistoryItems!, found.NextToken] as const;
  };
  const summariesOf = async (more?: DescribeAlarmHistoryCommandInput) =>
    (await read(more))[0].map(({ HistorySummary }) => HistorySummary);
  const all = await summariesOf();
  assert.deepEqual(all, [
    'Alarm "calls" deleted',
    `Successfully executed action ${functionArn('react')}`,
    `Failed to execute action ${functionArn('missing')}`,
    'Alarm updated from OK to ALARM',
    'Alarm updated from INSUFFICIENT_DATA to OK',
    'Alarm "calls" created',
  ]);
  assert.deepEqual(await summariesOf({ ScanBy: 'TimestampAscending' }), all.toReversed());
  for (const ScanBy of ['TimestampAscending', 'TimestampDescending'] as const) {
    const paged: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const [items, next] = await read({ ScanBy, MaxRecords: 4, NextToken });
      paged.push(...items.map(({ HistorySummary }) => HistorySummary));
      NextToken = next;
    } while (NextToken);
    assert.deepEqual(paged, ScanBy === 'TimestampAscending' ? all.toReversed() : all);
  }
  const [[update]] = await read({ HistoryItemType: 'StateUpdate' });
  const { oldState, newState } = JSON.parse(update!.HistoryData!);
  assert.deepEqual([oldState.stateValue, newState.stateValue], ['OK', 'ALARM']);
  const [[created]] = await read({ HistoryItemType: 'ConfigurationUpdate', ScanBy: 'TimestampAscending' });
  const { type, createdAlarm } = JSON.parse(created!.HistoryData!);
  assert.deepEqual([type, createdAlarm.alarmName, createdAlarm.okactions], ['Create', 'calls', []]);
  assert.deepEqual(await summariesOf({ AlarmName: 'calls', EndDate: new Date(NOON - 1) }), []);
  assert.deepEqual(await summariesOf({ AlarmTypes: ['CompositeAlarm'] }), []);
  await assert.rejects(client.describeAlarmHistory({ NextToken: 'x' }), { name: 'InvalidNextToken' });
});

it('arithmetic of several metrics', async () => {
  const Metric = { Namespace: 'App', MetricName: 'errors' };
  await client.putMetricData({
    Namespace: 'App',
    MetricData: [
      { MetricName: 'errors', Timestamp: new Date(clock.time - 60_000), Value: 30 },
      { MetricName: 'requests', Timestamp: new Date(clock.time - 60_000), Value: 100 },
    ],
  });
  const Metrics = [
    { Id: 'rate', Expression: '100 * errors / requests', ReturnData: true },
    { Id: 'errors', MetricStat: { Metric, Period: 60, Stat: 'Sum' }, ReturnData: false },
    {
      Id: 'requests',
      MetricStat: { Metric: { ...Metric, MetricName: 'requests' }, Period: 60, Stat: 'Sum' },
      ReturnData: false,
    },
  ];
  await client.putMetricAlarm({
    ...{ AlarmName: 'rate', Metrics, EvaluationPeriods: 1, Threshold: 25 },
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  });
  await cloudwatch.evaluateAlarms();
  const found = await read('rate');
  assert.equal(found?.StateValue, 'ALARM');
  assert.deepEqual(found?.Metrics, Metrics);
});

it('lists are paged and filtered', async () => {
  for (const name of ['x-1', 'x-2', 'x-3'])
    await client.putMetricAlarm(alarm({ AlarmName: name, AlarmActions: [] }));
  const namesOf = async (input: Parameters<CloudWatch['describeAlarms']>[0]) => {
    const { MetricAlarms, NextToken } = await client.describeAlarms(input);
    return [MetricAlarms?.map((one) => one.AlarmName), NextToken] as const;
  };
  const [first, NextToken] = await namesOf({ AlarmNamePrefix: 'x-', MaxRecords: 2 });
  assert.deepEqual(first, ['x-1', 'x-2']);
  assert.deepEqual((await namesOf({ AlarmNamePrefix: 'x-', MaxRecords: 2, NextToken }))[0], ['x-3']);
  assert.deepEqual((await namesOf({ StateValue: 'ALARM' }))[0], ['rate']);
  assert.deepEqual((await namesOf({ AlarmTypes: ['CompositeAlarm'] }))[0], []);
});

it('what is refused', async () => {
  const table: [Partial<PutMetricAlarmCommandInput>, string, RegExp][] = [
    [{ Statistic: undefined }, 'MissingRequiredParameterException', /Statistic/],
    [{ ExtendedStatistic: 'p90' }, 'InvalidParameterCombinationException', /ExtendedStatistic/],
    [{ Period: 45 }, 'InvalidParameterValueException', /Period/],
    [{ DatapointsToAlarm: 3 }, 'ValidationException', /DatapointsToAlarm/],
    [{ EvaluationPeriods: 1_441 }, 'ValidationException', /more than a day/],
    [{ EvaluateLowSampleCountPercentile: 'x' }, 'InvalidParameterValueException', /LowSample/],
    [{ TreatMissingData: 'never' }, 'InvalidParameterValueException', /TreatMissingData/],
    [{ AlarmActions: ['arn:aws:automate:us-east-1:ec2:stop'] }, 'ValidationException', /automate/],
    [{ AlarmActions: ['topic'] }, 'ValidationException', /Invalid ARN/],
    [{ AlarmActions: [TOPIC.replace('us-east-1', 'eu-west-1')] }, 'ValidationException', /Invalid region/],
    [{ Threshold: undefined, ThresholdMetricId: 'ad1' }, 'ValidationException', /anomaly detection/],
    [{ ComparisonOperator: 'GreaterThanUpperThreshold' }, 'ValidationException', /GreaterThanUpperThreshold/],
  ];
  for (const [more, name, message] of table)
    await assert.rejects(client.putMetricAlarm(alarm(more)), { name, message });
  await assert.rejects(client.putCompositeAlarm({ AlarmName: 'c', AlarmRule: 'TRUE' }), {
    ...{ name: 'NotImplemented', message: /PutCompositeAlarm/ },
  });
  await assert.rejects(client.getMetricWidgetImage({ MetricWidget: '{}' }), {
    ...{ name: 'NotImplemented', message: /GetMetricWidgetImage/ },
  });
  await assert.rejects(client.setAlarmState({ AlarmName: 'no', StateValue: 'OK', StateReason: 'x' }), {
    name: 'ResourceNotFound',
  });
});

it('a dashboard is read as it was made, listed, and deleted', async () => {
  const DashboardBody = JSON.stringify({ widgets: [{ type: 'text', properties: { markdown: 'hello' } }] });
  await client.putDashboard({ DashboardName: 'main', DashboardBody });
  const found = await client.getDashboard({ DashboardName: 'main' });
  assert.equal(found.DashboardBody, DashboardBody);
  assert.equal(found.DashboardArn, `arn:aws:cloudwatch::${SCOPE.accountId}:dashboard/main`);
  const { DashboardEntries } = await client.listDashboards({ DashboardNamePrefix: 'ma' });
  assert.deepEqual(
    DashboardEntries?.map(({ DashboardName, Size }) => [DashboardName, Size]),
    [['main', DashboardBody.length]],
  );
  for (const body of ['{', '[]', '{}'])
    await assert.rejects(client.putDashboard({ DashboardName: 'bad', DashboardBody: body }), {
      name: 'DashboardInvalidInputError',
    });
  const metrics = [['AWS/EC2', 'CPUUtilization', { color: 'red' }]];
  const wrong = { widgets: [{ type: 'metric', properties: { region: 'us-east-1', metrics } }] };
  await assert.rejects(
    client.putDashboard({ DashboardName: 'bad', DashboardBody: JSON.stringify(wrong) }),
    (error: DashboardInvalidInputError) => {
      const Message = 'Should NOT have more than 2 items';
      const DataPath = '/widgets/0/properties/metrics/0';
      assert.deepEqual(error.dashboardValidationMessages, [{ DataPath, Message }]);
      assert.equal(
        error.message,
        `The dashboard body is invalid, there are 1 validation errors:\n[\n  {\n    "dataPath": "${DataPath}",\n    "message": "${Message}"\n  }\n]`,
      );
      return true;
    },
  );
  const warned = await client.putDashboard({
    DashboardName: 'warned',
    DashboardBody: '{"widgets":[],"a":1}',
  });
  assert.deepEqual(warned.DashboardValidationMessages, [
    { DataPath: '', Message: 'The "a" property is not expected, will be ignored' },
  ]);
  await client.deleteDashboards({ DashboardNames: ['warned'] });
  await client.deleteDashboards({ DashboardNames: ['main'] });
  await assert.rejects(client.getDashboard({ DashboardName: 'main' }), { name: 'ResourceNotFound' });
  await assert.rejects(client.deleteDashboards({ DashboardNames: ['main'] }), {
    name: 'ResourceNotFound',
  });
});
