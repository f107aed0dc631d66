// A stack of logs and alarms: its filters move to another group, its alarm gets another name, and nothing is left.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { until } from '../faults/wait.ts';
import { startEngineless } from '../support/engineless.ts';

const template = (group: 'A' | 'B', alarm: string, more: object = {}) => ({
  Resources: {
    A: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'a' } },
    B: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'b' } },
    Filter: {
      Type: 'AWS::Logs::MetricFilter',
      Properties: {
        ...{ LogGroupName: { Ref: group }, FilterName: 'errors', FilterPattern: 'ERROR' },
        MetricTransformations: [{ MetricName: 'Errors', MetricNamespace: 'Web', MetricValue: '1' }],
      },
    },
    Sent: {
      Type: 'AWS::Logs::SubscriptionFilter',
      DependsOn: 'Permission',
      Properties: {
        ...{ LogGroupName: { Ref: group }, FilterName: 'sent', FilterPattern: '' },
        DestinationArn: { 'Fn::GetAtt': ['Function', 'Arn'] },
      },
    },
    Query: {
      Type: 'AWS::Logs::QueryDefinition',
      Properties: { Name: 'slow', QueryString: 'fields @message', LogGroupNames: [{ Ref: group }] },
    },
    Alarm: {
      Type: 'AWS::CloudWatch::Alarm',
      DependsOn: ['Filter', 'Sent'],
      Properties: {
        ...{ AlarmName: alarm, Namespace: 'Web', MetricName: 'Errors', Statistic: 'Sum', Period: 60 },
        ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' },
        ...more,
      },
    },
    Permission: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: { Ref: 'Function' },
        ...{ Action: 'lambda:InvokeFunction', Principal: 'logs.amazonaws.com' },
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Code: { ZipFile: 'exports.handler = async () => 1;' },
        ...{ Handler: 'index.handler', Runtime: 'nodejs22.x' },
        Role: 'arn:aws:iam::123456789012:role/r',
      },
    },
  },
});

test('filters and alarms of a stack are created, replaced and deleted', async (test) => {
  const { server } = await startEngineless(test);
  const credentials = { accessKeyId: '123456789012', secretAccessKey: 'test' };
  const options = { endpoint: server.url, region: 'us-east-1', credentials };
  const cloudformation = new CloudFormation(options);
  const logs = new CloudWatchLogs(options);
  const cloudwatch = new CloudWatch(options);
  const settled = async (StackName: string, expected: string) => {
    const statusOf = async () =>
      (await cloudformation.describeStacks({ StackName })).Stacks![0]!.StackStatus!;
    await until('the stack is settled', 60_000, async () => !(await statusOf()).endsWith('_IN_PROGRESS'));
    assert.equal(await statusOf(), expected);
  };
  const held = async () => {
    const { metricFilters = [] } = await logs.describeMetricFilters({});
    const groups = (await logs.describeLogGroups({})).logGroups!.map(({ logGroupName }) => logGroupName!);
    const subscriptions = await Promise.all(
      groups.map(
        async (logGroupName) =>
          (await logs.describeSubscriptionFilters({ logGroupName })).subscriptionFilters!,
      ),
    );
    const { queryDefinitions = [] } = await logs.describeQueryDefinitions({});
    const { MetricAlarms = [] } = await cloudwatch.describeAlarms({});
    return {
      metricFilters: metricFilters.map(({ logGroupName, filterName }) => `${logGroupName}/${filterName}`),
      subscriptions: subscriptions
        .flat()
        .map(({ logGroupName, filterName }) => `${logGroupName}/${filterName}`),
      queries: queryDefinitions.map(({ logGroupNames }) => logGroupNames),
      alarms: MetricAlarms.map(({ AlarmName }) => AlarmName),
    };
  };
  const { StackId } = await cloudformation.createStack({
    StackName: 's',
    TemplateBody: JSON.stringify(template('A', 'first')),
  });
  await settled(StackId!, 'CREATE_COMPLETE');
  assert.deepEqual(await held(), {
    ...{ metricFilters: ['a/errors'], subscriptions: ['a/sent'], queries: [['a']], alarms: ['first'] },
  });
  await cloudformation.updateStack({ StackName: 's', TemplateBody: JSON.stringify(template('B', 'second')) });
  await settled(StackId!, 'UPDATE_COMPLETE');
  assert.deepEqual(await held(), {
    ...{ metricFilters: ['b/errors'], subscriptions: ['b/sent'], queries: [['b']], alarms: ['second'] },
  });
  const failing = template('A', 'third', { WarmUpConfiguration: { WarmUpPeriodDurationInMinutes: 5 } });
  await cloudformation.updateStack({ StackName: 's', TemplateBody: JSON.stringify(failing) });
  await settled(StackId!, 'UPDATE_ROLLBACK_COMPLETE');
  assert.deepEqual(await held(), {
    ...{ metricFilters: ['b/errors'], subscriptions: ['b/sent'], queries: [['b']], alarms: ['second'] },
  });
  await cloudformation.deleteStack({ StackName: 's' });
  await settled(StackId!, 'DELETE_COMPLETE');
  assert.deepEqual(await held(), { metricFilters: [], subscriptions: [], queries: [], alarms: [] });
  assert.deepEqual((await logs.describeLogGroups({})).logGroups, []);
});
