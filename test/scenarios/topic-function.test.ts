// A function that a topic calls, as one template of SAM: the topic, its policy, the function and its SNS event.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs';
import { startTestMillpond } from '../support/millpond.ts';
import { snsClient } from '../support/notification-subscriber.ts';
import { eventually } from '../support/replication-groups.ts';

const TemplateBody = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Topic:
    Type: AWS::SNS::Topic
  Policy:
    Type: AWS::SNS::TopicPolicy
    Properties: {Topics: [!Ref Topic], PolicyDocument: {Version: '2012-10-17', Statement: []}}
  Function:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: listener
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: |
        exports.handler = async ({ Records: [{ EventSource, Sns }] }) =>
          console.log('GOT', EventSource, Sns.Message, Sns.MessageAttributes.kind.Value);
      Events:
        Told: {Type: SNS, Properties: {Topic: !Ref Topic, FilterPolicy: {kind: [wanted]}}}
Outputs:
  Arn: {Value: !Ref Topic}
  Name: {Value: !GetAtt Topic.TopicName}
`;

test('a template’s function is called with what is published on its topic', async (t) => {
  const millpond = await startTestMillpond();
  t.after(() => millpond.stop());
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const options = { endpoint: millpond.url, region: 'us-east-1', credentials };
  const cloudformation = new CloudFormation(options);
  const logs = new CloudWatchLogs(options);
  const sns = snsClient(millpond.url);
  t.after(() => [cloudformation, logs, sns].forEach((client) => void client.destroy()));

  const Capabilities = ['CAPABILITY_IAM', 'CAPABILITY_AUTO_EXPAND'] as const;
  await cloudformation.createStack({ StackName: 'told', TemplateBody, Capabilities: [...Capabilities] });
  const stack = await eventually('the stack is there', async () => {
    const { Stacks } = await cloudformation.describeStacks({ StackName: 'told' });
    return !Stacks![0]!.StackStatus!.endsWith('IN_PROGRESS') && Stacks![0]!;
  });
  assert.equal(stack.StackStatus, 'CREATE_COMPLETE', stack.StackStatusReason);
  const output = (key: string) => stack.Outputs!.find(({ OutputKey }) => OutputKey === key)!.OutputValue!;
  const TopicArn = output('Arn');
  assert.equal(TopicArn, `arn:aws:sns:us-east-1:000000000000:${output('Name')}`);

  for (const kind of ['unwanted', 'wanted']) {
    const MessageAttributes = { kind: { DataType: 'String', StringValue: kind } };
    await sns.publish({ TopicArn, Message: `it is ${kind}`, MessageAttributes });
  }
  const events = await eventually('the function has logged it', async () => {
    const found = await logs.filterLogEvents({ logGroupName: '/aws/lambda/listener', filterPattern: 'GOT' });
    return found.events?.length ? found.events : undefined;
  });
  assert.equal(events.length, 1);
  assert.match(events[0]!.message!, /GOT aws:sns it is wanted wanted/);

  await cloudformation.deleteStack({ StackName: 'told' });
  await eventually('topic and subscription are gone', async () => {
    const [topics, subscriptions] = [await sns.listTopics({}), await sns.listSubscriptions({})];
    return topics.Topics!.length + subscriptions.Subscriptions!.length === 0;
  });
});
