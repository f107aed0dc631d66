// Topics that send to queues, with both services' own clients.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { createSns, type SnsDependencies, type SnsService } from '../../src/services/sns/service.ts';
import { createSqs, type SqsService } from '../../src/services/sqs/service.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { createClient } from '../../src/wire/client.ts';
import { Fault } from '../../src/wire/fault.ts';
import { startWireServer, type WireServer } from '../../src/wire/server.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:gone';
const arn = (queue: string) => `arn:aws:sqs:us-east-1:000000000000:${queue}`;

let store: Store;
let server: WireServer;
let sqs: SqsService;
let sns: SnsService;
let topics: SNS;
let queues: SQS;

before(async () => {
  store = openStore(':memory:');
  const parts = { store, clock: systemClock, log: silentLog, baseUrl: () => server.url };
  sqs = createSqs(parts);
  const lambda = {
    async call() {
      throw new Fault('ResourceNotFoundException', 'Function not found');
    },
  } as unknown as SnsDependencies['lambda'];
  sns = createSns({ ...parts, lambda, sqs: createClient('sqs', { inProcess: sqs.service }) });
  server = await startWireServer({
    services: [sns.service, sqs.service],
    port: 0,
    defaultRegion: 'us-east-1',
    log: silentLog,
  });
  sqs.start();
  await sns.start();
  const settings = {
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  };
  topics = new SNS(settings);
  queues = new SQS(settings);
});

after(async () => {
  topics?.destroy();
  queues?.destroy();
  await sqs?.stop();
  await server?.stop();
  await sns?.stop();
  store?.close();
});

/** A queue with a policy that lets the topic send. */
async function queueFor(TopicArn: string | undefined, QueueName: string): Promise<string> {
  const statement = {
    ...{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' },
    ...{ Resource: arn(QueueName), Condition: { ArnEquals: { 'aws:SourceArn': TopicArn } } },
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
  return (await queues.createQueue({ QueueName, Attributes: { Policy } })).QueueUrl!;
}

const MessageAttributes = {
  kind: { DataType: 'String', StringValue: 'a' },
  bytes: { DataType: 'Binary', BinaryValue: Buffer.of(0, 255) },
};

async function one(QueueUrl: string | undefined) {
  const { Messages } = await queues.receiveMessage({
    ...{ QueueUrl, WaitTimeSeconds: 20, MessageAttributeNames: ['All'] },
  });
  return Messages![0]!;
}

it('a queue gets each message in an envelope, or raw with its attributes', async () => {
  const { TopicArn } = await topics.createTopic({ Name: 'events' });
  const [wrapped, raw] = [await queueFor(TopicArn, 'wrapped'), await queueFor(TopicArn, 'raw')];
  const { SubscriptionArn } = await topics.subscribe({ TopicArn, Protocol: 'sqs', Endpoint: arn('wrapped') });
  assert.ok(SubscriptionArn!.startsWith(`${TopicArn}:`), 'it need not be confirmed');
  await topics.subscribe({
    ...{ TopicArn, Protocol: 'sqs', Endpoint: arn('raw') },
    Attributes: { RawMessageDelivery: 'true' },
  });
  await topics.publish({ TopicArn, Subject: 's', Message: 'hello', MessageAttributes });

  const envelope = JSON.parse((await one(wrapped)).Body!);
  assert.deepEqual(
    [envelope.Type, envelope.TopicArn, envelope.Subject, envelope.Message, envelope.MessageAttributes.kind],
    ['Notification', TopicArn, 's', 'hello', { Type: 'String', Value: 'a' }],
  );
  const message = await one(raw);
  assert.equal(message.Body, 'hello');
  assert.equal(message.MessageAttributes!.kind!.StringValue, 'a');
  assert.deepEqual([...message.MessageAttributes!.bytes!.BinaryValue!], [0, 255]);
});

it('what cannot be delivered goes to the queue of the redrive policy', async () => {
  const { TopicArn } = await topics.createTopic({ Name: 'failing' });
  const dead = await queueFor(TopicArn, 'dead');
  await queues.createQueue({ QueueName: 'closed' });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn('dead') });
  for (const [Protocol, Endpoint] of [
    ['lambda', FUNCTION],
    ['sqs', arn('nowhere')],
    ['sqs', arn('closed')],
  ]) {
    await topics.subscribe({ TopicArn, Protocol, Endpoint, Attributes: { RedrivePolicy } });
  }
  await topics.publish({ TopicArn, Message: 'lost' });
  for (let letters = 0; letters < 3; letters++) {
    assert.equal(JSON.parse((await one(dead)).Body!).Message, 'lost');
  }
  await sns.idle();
  assert.deepEqual(sns.deadLetters({ accountId: '000000000000', region: 'us-east-1' }), []);
});

it('a dead letter whose queue is gone is kept', async () => {
  const { TopicArn } = await topics.createTopic({ Name: 'hopeless' });
  await topics.subscribe({
    ...{ TopicArn, Protocol: 'sqs', Endpoint: arn('nowhere') },
    Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn('neither') }) },
  });
  await topics.publish({ TopicArn, Message: 'kept' });
  await sns.idle();
  const letters = sns.deadLetters({ accountId: '000000000000', region: 'us-east-1' });
  assert.deepEqual(
    letters.map(({ content }) => content.text),
    ['kept'],
  );
});

it('endpoints that are no standard queue are refused', async () => {
  const { TopicArn } = await topics.createTopic({ Name: 'strict' });
  for (const [Endpoint, message] of [
    ['http://127.0.0.1/queue', 'Invalid parameter: SQS endpoint ARN'],
    [
      arn('orders.fifo'),
      'Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
    ],
  ]) {
    await assert.rejects(topics.subscribe({ TopicArn, Protocol: 'sqs', Endpoint }), { message });
  }
});

it('a queue whose policy names another topic gets nothing', async () => {
  const { TopicArn } = await topics.createTopic({ Name: 'stranger' });
  const QueueUrl = await queueFor(arn('other').replace('sqs', 'sns'), 'guarded');
  await topics.subscribe({ TopicArn, Protocol: 'sqs', Endpoint: arn('guarded') });
  await topics.publish({ TopicArn, Message: 'unwanted' });
  await sns.idle();
  const { Messages } = await queues.receiveMessage({ QueueUrl });
  assert.equal(Messages, undefined);
});
