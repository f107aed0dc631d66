// The URLs that Millpond hands out lead the one who asked to Millpond: on this host, and in a function with a network
// interface; by the SDK for JavaScript and by boto3.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateFunctionUrlConfigCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { MillpondInSubnets } from '../support/functions-in-subnets.ts';
import { WITHOUT_SUBNETS } from '../support/networks.ts';
import { WITHOUT_FUNCTIONS_PYTHON } from '../support/outside-clients.ts';
import { eventually } from '../support/replication-groups.ts';

const INSIDE = 'http://169.254.169.253:4566';

const NODE = `
const { SQS } = require('@aws-sdk/client-sqs');
const { Lambda } = require('@aws-sdk/client-lambda');
const { S3 } = require('@aws-sdk/client-s3');
const { S3Control } = require('@aws-sdk/client-s3-control');
const statusOf = async (url) => (await fetch(url)).status;
const tasks = {
  async queues() {
    const sqs = new SQS({});
    const { QueueUrl } = await sqs.createQueue({ QueueName: 'by-javascript' });
    await sqs.sendMessage({ QueueUrl, MessageBody: 'its own' });
    await sqs.sendMessage({ QueueUrl: process.env.QUEUE_URL, MessageBody: 'by JavaScript' });
    return QueueUrl;
  },
  call: async () => (await fetch(process.env.FUNCTION_URL + 'a/path?b=c')).json(),
  async functionUrl({ name }) {
    const { FunctionUrl } = await new Lambda({}).getFunctionUrlConfig({ FunctionName: name });
    return [FunctionUrl, await statusOf(FunctionUrl)];
  },
  async code({ name }) {
    const { Code } = await new Lambda({}).getFunction({ FunctionName: name });
    return [Code.Location, await statusOf(Code.Location)];
  },
  async tags({ bucket }) {
    await new S3({ forcePathStyle: true }).createBucket({ Bucket: bucket });
    const ResourceArn = 'arn:aws:s3:::' + bucket;
    return (await new S3Control({}).listTagsForResource({ AccountId: '000000000000', ResourceArn })).Tags;
  },
  linkOf: ({ url }) => statusOf(url),
};
exports.handler = ({ task, ...event }) => tasks[task](event);
`;

const ECHO = `exports.handler = async ({ rawPath, rawQueryString }) => ({ rawPath, rawQueryString });`;

const PYTHON = `
import boto3, os
def handler(event, context):
    sqs = boto3.client('sqs')
    url = sqs.create_queue(QueueName='by-python')['QueueUrl']
    sqs.send_message(QueueUrl=url, MessageBody='its own')
    sqs.send_message(QueueUrl=os.environ['QUEUE_URL'], MessageBody='by Python')
    return url
`;

const STACK = JSON.stringify({
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
      },
    },
    Function: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        ...{
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Timeout: 30,
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        },
        Code: {
          ZipFile: `const { send, SUCCESS } = require('cfn-response');
            exports.handler = (event, context) => send(event, context, SUCCESS, { Said: 'by its response URL' });`,
        },
      },
    },
    Thing: { Type: 'Custom::Thing', Properties: { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] } } },
    Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' },
  },
  Outputs: { Said: { Value: { 'Fn::GetAtt': ['Thing', 'Said'] } }, Handle: { Value: { Ref: 'Handle' } } },
});

describe('URLs in the network of subnets', { skip: WITHOUT_SUBNETS }, () => {
  let millpond: MillpondInSubnets;
  let call: Awaited<ReturnType<MillpondInSubnets['createFunction']>>;
  let variables: Record<string, string>;
  let sqs: SQSClient;
  const closing: (() => unknown)[] = [];
  const own = <T extends { destroy(): void }>(client: T): T => {
    closing.push(() => client.destroy());
    return client;
  };
  const received = async (): Promise<string | undefined> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: variables.QUEUE_URL, WaitTimeSeconds: 5 }),
    );
    return Messages[0]?.Body;
  };

  before(async () => {
    millpond = await MillpondInSubnets.start({ after: (end) => closing.unshift(end as () => unknown) });
    sqs = own(new SQSClient(millpond.client));
    await millpond.createFunction('echo', { 'index.js': ECHO });
    const lambda = own(new LambdaClient(millpond.client));
    const { FunctionUrl } = await lambda.send(
      new CreateFunctionUrlConfigCommand({ FunctionName: 'echo', AuthType: 'NONE' }),
    );
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'asked' }));
    variables = { FUNCTION_URL: FunctionUrl!, QUEUE_URL: QueueUrl! };
    call = await millpond.createFunction('asks', { 'index.js': NODE }, { variables });
  });
  after(async () => {
    for (const close of closing.toReversed()) await close();
  });

  it('of queues: each client gets the one that it reaches, and may be given the other', async () => {
    assert.ok(variables.QUEUE_URL!.startsWith(`${millpond.client.endpoint}/`));
    assert.equal(await call({ task: 'queues' }), `${INSIDE}/000000000000/by-javascript`);
    assert.equal(await received(), 'by JavaScript');
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'by-javascript' }));
    assert.equal(QueueUrl, `${millpond.client.endpoint}/000000000000/by-javascript`);
  });

  it('of queues, by boto3', { skip: WITHOUT_FUNCTIONS_PYTHON }, async () => {
    const python = await millpond.createFunction('python', { 'index.py': PYTHON }, { variables });
    assert.equal(await python(), `${INSIDE}/000000000000/by-python`);
    assert.equal(await received(), 'by Python');
  });

  it('of functions and their code', async () => {
    assert.deepEqual(await (await fetch(`${variables.FUNCTION_URL}x?y=z`)).json(), {
      ...{ rawPath: '/x', rawQueryString: 'y=z' },
    });
    assert.deepEqual(await call({ task: 'call' }), { rawPath: '/a/path', rawQueryString: 'b=c' });
    const [functionUrl, answered] = await call({ task: 'functionUrl', name: 'echo' });
    assert.match(functionUrl, /^http:\/\/169\.254\.169\.253:4566\/_lambda-url\/\d+\/$/);
    assert.equal(answered, 200);
    const [code, found] = await call({ task: 'code', name: 'echo' });
    assert.ok(code.startsWith(`${INSIDE}/`));
    assert.equal(found, 200);
  });

  it('of S3 Control, whose clients put the account in front of them', async () => {
    assert.deepEqual(await call({ task: 'tags', bucket: 'made-inside' }), []);
  });

  it('in messages of SNS to a queue', async () => {
    const sns = own(new SNSClient(millpond.client));
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'news' }));
    const Endpoint = 'arn:aws:sqs:us-east-1:000000000000:asked';
    const statement = {
      ...{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: Endpoint },
      Condition: { ArnLike: { 'aws:SourceArn': TopicArn } },
    };
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'asked' }));
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
    await sns.send(new PublishCommand({ TopicArn, Message: 'hello' }));
    const { SigningCertURL, UnsubscribeURL } = JSON.parse((await received())!);
    assert.ok(UnsubscribeURL.startsWith(`${INSIDE}/`));
    assert.equal(await call({ task: 'linkOf', url: SigningCertURL }), 200);
  });

  it('of custom resources and wait conditions', async () => {
    const cloudformation = own(new CloudFormationClient(millpond.client));
    await cloudformation.send(
      new CreateStackCommand({ StackName: 'custom', TemplateBody: STACK, Capabilities: ['CAPABILITY_IAM'] }),
    );
    const outputs = await eventually('the stack is created', async () => {
      const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: 'custom' }));
      const stack = Stacks![0]!;
      if (stack.StackStatus === 'CREATE_IN_PROGRESS') return undefined;
      assert.equal(stack.StackStatus, 'CREATE_COMPLETE', stack.StackStatusReason);
      return Object.fromEntries(
        stack.Outputs!.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue!]),
      );
    });
    assert.equal(outputs.Said, 'by its response URL');
    // It is below the API's URL, which functions and commands of the user reach as their own.
    const signal = { Status: 'SUCCESS', Reason: '', UniqueId: '1', Data: '' };
    const answer = await fetch(outputs.Handle!, { method: 'PUT', body: JSON.stringify(signal) });
    assert.equal(answer.status, 200);
    assert.ok(outputs.Handle!.startsWith(`${millpond.client.endpoint}/`));
  });
});
