// Drives CloudWatch's resource types as CloudFormation does, with every step done twice, as after a crash.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openCloudWatch } from '../../../test/support/metrics.ts';
import { driveTypes, SCOPE } from '../../../test/support/resource-types.ts';
import type { Properties } from '../../control/resource-type.ts';
import { cloudwatchResourceTypes } from './cloudformation.ts';

const ALARM = {
  Namespace: 'AWS/ElastiCache',
  MetricName: 'CPUUtilization',
  Dimensions: [{ Name: 'CacheClusterId', Value: 'demo-001' }],
  Statistic: 'Average',
  // Template parameters are text.
  ...{ Period: '60', EvaluationPeriods: 3, Threshold: '80.5' },
  ComparisonOperator: 'GreaterThanThreshold',
  AlarmActions: ['arn:aws:sns:us-east-1:000000000000:alerts'],
};

test('an alarm and a dashboard are created, changed and deleted', async () => {
  const { client } = openCloudWatch();
  const stack = driveTypes(cloudwatchResourceTypes(client));
  const alarm = await stack.make('AWS::CloudWatch::Alarm', 'Busy', ALARM);
  assert.match(alarm.physicalId, /^demo-Busy-/);
  assert.deepEqual(alarm.attributes, {
    Arn: `arn:aws:cloudwatch:us-east-1:000000000000:alarm:${alarm.physicalId}`,
  });
  const read = async () =>
    (await client.call('DescribeAlarms', { AlarmNames: [alarm.physicalId] }, SCOPE)).MetricAlarms![0]!;
  const made = await read();
  assert.deepEqual([made.Period, made.Threshold, made.EvaluationPeriods], [60, 80.5, 3]);
  assert.deepEqual(made.Dimensions, ALARM.Dimensions);
  const changed = { ...ALARM, Threshold: 90, TreatMissingData: 'breaching' };
  await stack.update('AWS::CloudWatch::Alarm', 'Busy', alarm.physicalId, [ALARM, changed]);
  const after = await read();
  assert.deepEqual([after.Threshold, after.TreatMissingData], [90, 'breaching']);
  const { Tags } = await client.call('ListTagsForResource', { ResourceARN: after.AlarmArn! }, SCOPE);
  assert.deepEqual(Tags, [{ Key: 'stack', Value: 'demo' }]);

  const rate = await stack.make('AWS::CloudWatch::Alarm', 'Rate', {
    ...{ AlarmName: 'rate', EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' },
    Metrics: [
      { Id: 'e', Expression: 'a * 100' },
      {
        Id: 'a',
        ReturnData: 'false',
        MetricStat: { Metric: { Namespace: 'N', MetricName: 'm' }, Period: '60', Stat: 'Sum' },
      },
    ],
  });
  assert.equal(rate.physicalId, 'rate');

  const body = (markdown: string) =>
    JSON.stringify({ widgets: [{ type: 'text', properties: { markdown } }] });
  const before = { DashboardName: 'main', DashboardBody: body('a') };
  const dashboard = await stack.make('AWS::CloudWatch::Dashboard', 'Main', before);
  const next = { ...before, DashboardBody: body('b') };
  await stack.update('AWS::CloudWatch::Dashboard', 'Main', dashboard.physicalId, [before, next]);
  const shown = await client.call('GetDashboard', { DashboardName: 'main' }, SCOPE);
  assert.equal(shown.DashboardBody, body('b'));
  const tags = await client.call('ListTagsForResource', { ResourceARN: shown.DashboardArn! }, SCOPE);
  assert.deepEqual(tags.Tags, [{ Key: 'stack', Value: 'demo' }]);
  await stack.deleteAll();
  const left = await client.call('DescribeAlarms', {}, SCOPE);
  assert.deepEqual(left.MetricAlarms, []);
});

test('a stack does not take over an existing alarm or dashboard of the same name', async () => {
  const { client } = openCloudWatch();
  const stack = driveTypes(cloudwatchResourceTypes(client));
  await stack.make('AWS::CloudWatch::Alarm', 'One', { ...ALARM, AlarmName: 'same' });
  await assert.rejects(stack.make('AWS::CloudWatch::Alarm', 'Two', { ...ALARM, AlarmName: 'same' }), {
    message: 'same already exists',
  });
  const dashboard = { DashboardName: 'same', DashboardBody: '{"widgets":[]}' };
  await stack.make('AWS::CloudWatch::Dashboard', 'Three', dashboard);
  await assert.rejects(stack.make('AWS::CloudWatch::Dashboard', 'Four', dashboard), {
    message: 'same already exists',
  });
});

test('what alarms cannot do yet is refused by name', async () => {
  const { client } = openCloudWatch();
  const stack = driveTypes(cloudwatchResourceTypes(client));
  const query = { Id: 'a', AccountId: '111111111111', MetricStat: { Metric: {}, Period: 60, Stat: 'Sum' } };
  const { Namespace: _, MetricName: __, Statistic: ___, Period: ____, Dimensions: _____, ...rest } = ALARM;
  const cases: [more: Properties, message: RegExp][] = [
    [{ ...ALARM, EvaluationWindow: { Type: 'x' } }, /an evaluation window/],
    [{ ...ALARM, EvaluationInterval: 60 }, /PromQL/],
    [{ ...ALARM, WarmUpConfiguration: { WarmUpPeriodDurationInMinutes: 5 } }, /a warm-up period/],
    [{ ...rest, Metrics: [query] }, /other accounts: MetricDataQueries\.member\.1\.AccountId/],
  ];
  for (const [more, message] of cases)
    await assert.rejects(stack.make('AWS::CloudWatch::Alarm', 'One', more), { message });
});
