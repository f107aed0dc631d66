// An alarm that invokes a function, and a dashboard, as one template of SAM.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { CloudWatch } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { startTestMillpond } from '../support/millpond.ts';
import { eventually } from '../support/replication-groups.ts';

const TemplateBody = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: reacts
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: |
        exports.handler = async ({ source, alarmData: { alarmName, state, previousState } }) =>
          console.log('GOT', source, alarmName, previousState.value, state.value, state.reason);
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Function
      Action: lambda:InvokeFunction
      Principal: lambda.alarms.cloudwatch.amazonaws.com
      SourceArn: !GetAtt Alarm.Arn
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: errors
      Metrics:
        - {Id: rate, Expression: 'IF(requests > 0, 100 * errors / requests, 0)'}
        - Id: errors
          ReturnData: false
          MetricStat: {Stat: Sum, Period: 60, Metric: {Namespace: App, MetricName: errors}}
        - Id: requests
          ReturnData: false
          MetricStat: {Stat: Sum, Period: 60, Metric: {Namespace: App, MetricName: requests}}
      EvaluationPeriods: 1
      Threshold: 5
      ComparisonOperator: GreaterThanThreshold
      AlarmActions: [!GetAtt Function.Arn]
  Dashboard:
    Type: AWS::CloudWatch::Dashboard
    Properties:
      DashboardName: app
      DashboardBody: !Sub |
        {"start": "-PT1H", "widgets": [{"type": "metric", "width": 24, "properties": {
          "region": "\${AWS::Region}", "period": 30, "title": "Invocations",
          "metrics": [["AWS/Lambda", "Invocations", "FunctionName", "\${Function}", {"stat": "Sum"}]]}}]}
`;

test('a template’s alarm invokes its function, and its dashboard is checked', async (t) => {
  const millpond = await startTestMillpond();
  t.after(() => millpond.stop());
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const options = { endpoint: millpond.url, region: 'us-east-1', credentials };
  const cloudformation = new CloudFormation(options);
  const cloudwatch = new CloudWatch(options);
  const logs = new CloudWatchLogs(options);
  t.after(() => [cloudformation, cloudwatch, logs].forEach((client) => void client.destroy()));
  const settled = (StackName: string) =>
    eventually('the stack is settled', async () => {
      const { Stacks } = await cloudformation.describeStacks({ StackName });
      return !Stacks![0]!.StackStatus!.endsWith('IN_PROGRESS') && Stacks![0]!;
    });

  const Capabilities = ['CAPABILITY_IAM' as const, 'CAPABILITY_AUTO_EXPAND' as const];
  await cloudformation.createStack({ StackName: 'app', TemplateBody, Capabilities });
  const stack = await settled('app');
  assert.equal(stack.StackStatus, 'CREATE_COMPLETE', stack.StackStatusReason);

  const reason = { StateValue: 'ALARM' as const, StateReason: 'rehearsed' };
  await cloudwatch.setAlarmState({ AlarmName: 'errors', ...reason });
  const events = await eventually('the function has logged it', async () => {
    const found = await logs.filterLogEvents({ logGroupName: '/aws/lambda/reacts', filterPattern: 'GOT' });
    return found.events?.length ? found.events : undefined;
  });
  assert.match(events[0]!.message!, /GOT aws\.cloudwatch errors INSUFFICIENT_DATA ALARM rehearsed/);
  const history = async () =>
    (await cloudwatch.describeAlarmHistory({ AlarmName: 'errors' })).AlarmHistoryItems!.map(
      ({ HistorySummary }) => HistorySummary,
    );
  assert.ok(
    (await history()).some((summary) => summary!.startsWith('Successfully executed action arn:aws:lambda')),
  );
  const { DashboardBody } = await cloudwatch.getDashboard({ DashboardName: 'app' });
  assert.equal(JSON.parse(DashboardBody!).widgets[0].properties.metrics[0][3], 'reacts');

  const wrong = TemplateBody.replace('"metrics": [[', '"metrics": [{}, [');
  const update = { StackName: 'app', TemplateBody: wrong, Capabilities };
  await cloudformation.updateStack(update);
  assert.equal((await settled('app')).StackStatus, 'UPDATE_ROLLBACK_COMPLETE');
  const { StackEvents } = await cloudformation.describeStackEvents({ StackName: 'app' });
  const refused = StackEvents!.find(({ ResourceStatus }) => ResourceStatus === 'UPDATE_FAILED');
  assert.match(
    refused!.ResourceStatusReason!,
    /The dashboard body is invalid, there are 2 validation errors/,
  );

  await cloudformation.deleteStack({ StackName: 'app' });
  await eventually('alarm and dashboard are gone', async () => {
    const { MetricAlarms = [] } = await cloudwatch.describeAlarms({});
    const { DashboardEntries = [] } = await cloudwatch.listDashboards({});
    return MetricAlarms.length + DashboardEntries.length === 0;
  });
  assert.equal((await history())[0], 'Alarm "errors" deleted');
});
