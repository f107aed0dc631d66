// A function that a log group calls, by a subscription filter, and Insights over what that function logs: through
// Lambda, SAM and real processes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { startTestMillpond } from '../support/millpond.ts';
import { eventually } from '../support/replication-groups.ts';

const GROUP = 'application';
const TemplateBody = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Function:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: reader
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: |
        const { gunzipSync } = require('node:zlib');
        exports.handler = async ({ awslogs: { data } }) => {
          const { logGroup, logEvents } = JSON.parse(gunzipSync(Buffer.from(data, 'base64')));
          for (const { message } of logEvents) console.log(JSON.stringify({ type: 'ECL', logGroup, got: message }));
        };
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref Function
      Principal: logs.amazonaws.com
Outputs:
  Arn: {Value: !GetAtt Function.Arn}
`;

test('a function gets the events of a log group, and Insights finds what it logs', async (t) => {
  const millpond = await startTestMillpond();
  t.after(() => millpond.stop());
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const options = { endpoint: millpond.url, region: 'us-east-1', credentials };
  const cloudformation = new CloudFormation(options);
  const logs = new CloudWatchLogs(options);
  t.after(() => [cloudformation, logs].forEach((client) => void client.destroy()));

  const Capabilities = ['CAPABILITY_IAM' as const, 'CAPABILITY_AUTO_EXPAND' as const];
  await cloudformation.createStack({ StackName: 'reading', TemplateBody, Capabilities });
  const stack = await eventually('the stack is there', async () => {
    const { Stacks } = await cloudformation.describeStacks({ StackName: 'reading' });
    return !Stacks![0]!.StackStatus!.endsWith('IN_PROGRESS') && Stacks![0]!;
  });
  assert.equal(stack.StackStatus, 'CREATE_COMPLETE', stack.StackStatusReason);
  const destinationArn = stack.Outputs![0]!.OutputValue!;

  const names = { logGroupName: GROUP, logStreamName: 's' };
  await logs.createLogGroup(names);
  await logs.createLogStream(names);
  await logs.putSubscriptionFilter({
    ...{ logGroupName: GROUP, filterName: 'errors', filterPattern: 'ERROR', destinationArn },
  });
  const logEvents = ['fine', 'ERROR one'].map((message) => ({ timestamp: Date.now(), message }));
  await logs.putLogEvents({ ...names, logEvents });

  const query = async (queryString: string) => {
    const range = { startTime: 0, endTime: Math.ceil(Date.now() / 1000) };
    const { queryId } = await logs.startQuery({ ...range, queryString });
    const found = await eventually('the query ends', async () => {
      const results = await logs.getQueryResults({ queryId });
      return results.status === 'Complete' && results;
    });
    return found.results!.map((row) => row.map(({ value }) => value));
  };
  const seen = await eventually('the function has logged it', async () => {
    const { logGroups } = await logs.describeLogGroups({ logGroupNamePrefix: '/aws/lambda/reader' });
    if (logGroups!.length === 0) return undefined;
    const rows = await query(
      "SOURCE '/aws/lambda/reader' | filter type = 'ECL' | stats count(*) by logGroup, got",
    );
    return rows.length > 0 && rows;
  });
  assert.deepEqual(seen, [[GROUP, 'ERROR one', '1']]);
  const report = await eventually('its report is logged', async () => {
    const rows = await query(
      "SOURCE '/aws/lambda/reader' | filter @type = 'REPORT' | stats count(*), max(@memorySize)",
    );
    return rows[0]![0] === '1' && rows[0];
  });
  assert.deepEqual(report, ['1', '128000000']);
});
