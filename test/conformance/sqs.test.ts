// SQS as its own clients see it: the SDK for JavaScript, the AWS CLI, boto3, and clients that still speak query.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SQS } from '@aws-sdk/client-sqs';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { createSqs, type SqsService } from '../../src/services/sqs/service.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { startWireServer, type WireServer } from '../../src/wire/server.ts';
import {
  AWS_CLI,
  awsEnvironment,
  PYTHON,
  pathOfTest,
  run,
  WITHOUT_PYTHON_CLIENTS,
} from '../support/outside-clients.ts';
import { FORM, signedFor } from '../support/wire.ts';

let store: Store;
let server: WireServer;
let sqs: SqsService;
let client: SQS;

before(async () => {
  store = openStore(':memory:');
  sqs = createSqs({ store, clock: systemClock, log: silentLog, baseUrl: () => server.url });
  server = await startWireServer({
    services: [sqs.service],
    port: 0,
    defaultRegion: 'us-east-1',
    log: silentLog,
  });
  sqs.start();
  client = new SQS({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});

after(async () => {
  client?.destroy();
  await sqs?.stop();
  await server?.stop();
  store?.close();
});

describe('the SDK for JavaScript', () => {
  it('sends, receives and checks what it received', async () => {
    const { QueueUrl } = await client.createQueue({ QueueName: 'js' });
    assert.equal(QueueUrl, `${server.url}/000000000000/js`);
    assert.equal((await client.getQueueUrl({ QueueName: 'js' })).QueueUrl, QueueUrl);
    const waiting = client.receiveMessage({ QueueUrl, WaitTimeSeconds: 20, MessageAttributeNames: ['k.*'] });
    await client.sendMessage({
      QueueUrl,
      MessageBody: 'körper',
      MessageAttributes: {
        'k.text': { DataType: 'String', StringValue: 'v' },
        'k.number': { DataType: 'Number.int', StringValue: '-1.5e3' },
        other: { DataType: 'Binary', BinaryValue: Buffer.of(0, 255) },
      },
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1' } },
    });
    const [message] = (await waiting).Messages!;
    assert.equal(message!.Body, 'körper');
    assert.deepEqual(Object.keys(message!.MessageAttributes!).sort(), ['k.number', 'k.text']);
    await client.changeMessageVisibility({
      ...{ QueueUrl, VisibilityTimeout: 0, ReceiptHandle: message!.ReceiptHandle },
    });
    const { Messages } = await client.receiveMessage({ QueueUrl, MessageSystemAttributeNames: ['All'] });
    assert.equal(Messages![0]!.Attributes!.AWSTraceHeader, 'Root=1');
    await client.deleteMessage({ QueueUrl, ReceiptHandle: Messages![0]!.ReceiptHandle });
    await client.deleteQueue({ QueueUrl });
    await assert.rejects(client.sendMessage({ QueueUrl, MessageBody: 'late' }), {
      name: 'QueueDoesNotExist',
      message: 'The specified queue does not exist.',
    });
  });

  it('sends to a FIFO queue, and each message of a group once and in order', async () => {
    const { QueueUrl } = await client.createQueue({
      ...{ QueueName: 'js.fifo', Attributes: { FifoQueue: 'true', ContentBasedDeduplication: 'true' } },
    });
    const { Attributes } = await client.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] });
    assert.deepEqual(
      [Attributes!.FifoQueue, Attributes!.DeduplicationScope, Attributes!.FifoThroughputLimit],
      ['true', 'queue', 'perQueue'],
    );
    const send = (MessageBody: string) =>
      client.sendMessage({ QueueUrl, MessageBody, MessageGroupId: 'orders/1' });
    const sent = [await send('a'), await send('b'), await send('a')];
    assert.equal(sent[2]!.SequenceNumber, sent[0]!.SequenceNumber);
    const { Messages = [] } = await client.receiveMessage({
      ...{ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All'] },
      ReceiveRequestAttemptId: 'first',
    });
    assert.deepEqual(
      Messages.map(({ Body, Attributes: { SequenceNumber } = {} }) => [Body, SequenceNumber]),
      [
        ['a', sent[0]!.SequenceNumber],
        ['b', sent[1]!.SequenceNumber],
      ],
    );
    const { Failed = [] } = await client.deleteMessageBatch({
      QueueUrl,
      Entries: Messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle })),
    });
    assert.deepEqual(Failed, []);
    await client.deleteQueue({ QueueUrl });
  });

  it('is refused by name', async () => {
    const { QueueUrl } = await client.createQueue({ QueueName: 'strict' });
    const list = { a: { DataType: 'String', StringListValues: ['x'] } };
    const cases: [() => Promise<unknown>, string, RegExp][] = [
      [() => client.createQueue({ QueueName: 'a b' }), 'InvalidParameterValue', /1 to 80 in length/],
      [() => client.createQueue({ QueueName: '' }), 'InvalidParameterValue', /1 to 80 in length/],
      [
        () => client.createQueue({ QueueName: 'x', Attributes: { VisibilityTimeout: '-1' } }),
        'InvalidAttributeValue',
        /VisibilityTimeout/,
      ],
      [
        () => client.setQueueAttributes({ QueueUrl, Attributes: { FifoQueue: 'false' } }),
        'InvalidAttributeName',
        /Unknown Attribute FifoQueue/,
      ],
      [() => client.sendMessage({ QueueUrl, MessageBody: '' }), 'MissingParameter', /MessageBody/],
      [
        () => client.sendMessage({ QueueUrl, MessageBody: '\u0001' }),
        'InvalidMessageContents',
        /Invalid characters/,
      ],
      [
        () => client.sendMessage({ QueueUrl, MessageBody: 'x'.repeat(1_048_577) }),
        'InvalidParameterValue',
        /shorter than 1048576 bytes/,
      ],
      [
        () => client.sendMessage({ QueueUrl, MessageBody: 'x', DelaySeconds: 901 }),
        'InvalidParameterValue',
        /DelaySeconds must be >= 0 and <= 900/,
      ],
      [
        () => client.sendMessage({ QueueUrl, MessageBody: 'x', MessageDeduplicationId: 'x' }),
        'InvalidParameterValue',
        /not valid for this queue type/,
      ],
      [
        () => client.sendMessage({ QueueUrl, MessageBody: 'x', MessageAttributes: list }),
        'UnsupportedOperation',
        /list values/,
      ],
      [
        () => client.receiveMessage({ QueueUrl, WaitTimeSeconds: 21 }),
        'InvalidParameterValue',
        />= 0 and <= 20/,
      ],
      [() => client.deleteMessage({ QueueUrl, ReceiptHandle: 'x' }), 'ReceiptHandleIsInvalid', /invalid/],
      [() => client.sendMessageBatch({ QueueUrl, Entries: [] }), 'EmptyBatchRequest', /at least one/],
      [
        () =>
          client.deleteMessageBatch({
            QueueUrl,
            Entries: ['a', 'a'].map((Id) => ({ Id, ReceiptHandle: 'x' })),
          }),
        'BatchEntryIdsNotDistinct',
        /Id a repeated/,
      ],
      [
        () =>
          client.changeMessageVisibilityBatch({
            QueueUrl,
            Entries: Array.from({ length: 11 }, (_, id) => ({ Id: `${id}`, ReceiptHandle: 'x' })),
          }),
        'TooManyEntriesInBatchRequest',
        /You have sent 11/,
      ],
      [() => client.tagQueue({ QueueUrl, Tags: { 'aws:x': '1' } }), 'InvalidParameterValue', /aws:/],
      [
        () => client.tagQueue({ QueueUrl, Tags: {} }),
        'MissingParameter',
        /must contain the parameter Tags\.$/,
      ],
      [
        () =>
          client.tagQueue({
            QueueUrl,
            Tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'v'])),
          }),
        'InvalidParameterValue',
        /^Too many tags added for queue [\w-]+\.$/,
      ],
      [
        () => client.untagQueue({ QueueUrl, TagKeys: [] }),
        'InvalidParameterValue',
        /^Tag keys must be between 1 and 128 characters in length\.$/,
      ],
      [() => client.listQueues({ NextToken: 'x', MaxResults: 1 }), 'InvalidParameterValue', /token/],
      [() => client.cancelMessageMoveTask({ TaskHandle: 'x' }), 'ResourceNotFoundException', /Task/],
    ];
    for (const [call, name, message] of cases) {
      await assert.rejects(call(), (error: Error) => {
        assert.equal(error.name, name, message.source);
        assert.match(error.message, message);
        return true;
      });
    }
  });

  it('sees pages, tags, permissions and tasks', async () => {
    for (const index of [0, 1, 2]) await client.createQueue({ QueueName: `page-${index}` });
    const first = await client.listQueues({ QueueNamePrefix: 'page-', MaxResults: 2 });
    assert.equal(first.QueueUrls!.length, 2);
    const { QueueUrls, NextToken } = await client.listQueues({
      ...{ QueueNamePrefix: 'page-', MaxResults: 2, NextToken: first.NextToken },
    });
    assert.deepEqual([QueueUrls!.length, NextToken], [1, undefined]);
    const [QueueUrl] = QueueUrls as [string];

    await client.tagQueue({ QueueUrl, Tags: { a: '1', b: '2' } });
    await client.untagQueue({ QueueUrl, TagKeys: ['a', 'none'] });
    assert.deepEqual((await client.listQueueTags({ QueueUrl })).Tags, { b: '2' });

    await client.addPermission({
      ...{ QueueUrl, Label: 'mine', AWSAccountIds: ['123456789012'], Actions: ['SendMessage'] },
    });
    const policy = async () =>
      (await client.getQueueAttributes({ QueueUrl, AttributeNames: ['Policy'] })).Attributes?.Policy;
    assert.equal(JSON.parse((await policy())!).Statement[0].Action, 'SQS:SendMessage');
    await client.removePermission({ QueueUrl, Label: 'mine' });
    assert.equal(await policy(), undefined);

    const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
    await client.setQueueAttributes({
      QueueUrl,
      Attributes: {
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn('page-0'), maxReceiveCount: '3' }),
      },
    });
    const { queueUrls } = await client.listDeadLetterSourceQueues({
      ...{ QueueUrl: first.QueueUrls![0]!, MaxResults: 1 },
    });
    assert.deepEqual(queueUrls, [QueueUrl]);
    const { TaskHandle } = await client.startMessageMoveTask({ SourceArn: arn('page-0') });
    assert.ok(TaskHandle);
    const { Results } = await client.listMessageMoveTasks({ SourceArn: arn('page-0'), MaxResults: 10 });
    assert.equal(Results!.length, 1);
    await client.purgeQueue({ QueueUrl });
  });
});

it('boto3', { skip: WITHOUT_PYTHON_CLIENTS }, async () => {
  const own = createSqs({
    store: openStore(':memory:'),
    clock: systemClock,
    log: silentLog,
    baseUrl: () => url,
  });
  const alone = await startWireServer({
    services: [own.service],
    port: 0,
    defaultRegion: 'us-east-1',
    log: silentLog,
  });
  const { url } = alone;
  const ended = await run(PYTHON, [pathOfTest('conformance/sqs_boto3.py'), url], awsEnvironment(url));
  assert.equal(ended.code, 0, ended.stderr);
  await own.stop();
  await alone.stop();
  assert.deepEqual(JSON.parse(ended.stdout), {
    bodies: ['one', 'two'],
    binary: '0001',
    system: ['ApproximateFirstReceiveTimestamp', 'ApproximateReceiveCount', 'SenderId', 'SentTimestamp'],
    batch: [['good'], [['bad', 'InvalidMessageContents']]],
    left: '0',
    names: [
      'ApproximateNumberOfMessages',
      'ApproximateNumberOfMessagesDelayed',
      'ApproximateNumberOfMessagesNotVisible',
      'CreatedTimestamp',
      'DelaySeconds',
      'LastModifiedTimestamp',
      'MaximumMessageSize',
      'MessageRetentionPeriod',
      'QueueArn',
      'ReceiveMessageWaitTimeSeconds',
      'SqsManagedSseEnabled',
      'VisibilityTimeout',
    ],
    tags: { a: '1' },
    listed: true,
    missing: { class: 'QueueDoesNotExist', code: 'AWS.SimpleQueueService.NonExistentQueue', status: 400 },
    exists: { class: 'QueueNameExists', code: 'QueueAlreadyExists', status: 400 },
    many: { class: 'ClientError', code: 'InvalidParameterValue', status: 400 },
    unknown: { class: 'InvalidAttributeName', code: 'InvalidAttributeName', status: 400 },
    fifo: [
      { bodies: ['1', '2'], groups: ['g', 'g'], isSame: true, failed: [['late', 'InvalidParameterValue']] },
      { class: 'ClientError', code: 'MissingParameter', status: 400 },
    ],
  });
});

it('the AWS CLI', { skip: WITHOUT_PYTHON_CLIENTS }, async () => {
  const aws = async (...args: string[]) => {
    // AWS_ENDPOINT_URL is nothing to version 1 of the CLI when it calls SQS.
    const asked = ['--endpoint-url', server.url, 'sqs', ...args];
    const ended = await run(AWS_CLI, asked, awsEnvironment(server.url));
    assert.equal(ended.code, 0, ended.stderr);
    return ended.stdout === '' ? undefined : JSON.parse(ended.stdout);
  };
  const { QueueUrl } = await aws('create-queue', '--queue-name', 'cli', '--attributes', 'DelaySeconds=0');
  await aws('send-message', '--queue-url', QueueUrl, '--message-body', 'hello');
  const { Messages } = await aws('receive-message', '--queue-url', QueueUrl, '--wait-time-seconds', '5');
  assert.equal(Messages[0].Body, 'hello');
  await aws('delete-message', '--queue-url', QueueUrl, '--receipt-handle', Messages[0].ReceiptHandle);
  await aws('delete-queue', '--queue-url', QueueUrl);
});

it('clients that speak query, to a queue’s own URL', async () => {
  const query = async (url: string, parameters: Record<string, string>) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': FORM, ...signedFor('sqs') },
      body: new URLSearchParams({ Version: '2012-11-05', ...parameters }),
    });
    return { status: response.status, text: await response.text() };
  };
  const made = await query(server.url, {
    ...{ Action: 'CreateQueue', QueueName: 'query' },
    ...{ 'Attribute.1.Name': 'VisibilityTimeout', 'Attribute.1.Value': '9' },
  });
  const url = /<QueueUrl>(.*)<\/QueueUrl>/.exec(made.text)![1]!;
  const sent = await query(url, {
    ...{ Action: 'SendMessage', QueueUrl: url, MessageBody: '<tag>&' },
    'MessageAttribute.1.Name': 'a',
    'MessageAttribute.1.Value.DataType': 'String',
    'MessageAttribute.1.Value.StringValue': 'b',
  });
  assert.match(sent.text, /<MD5OfMessageBody>[0-9a-f]{32}</);
  const got = await query(url, {
    ...{ Action: 'ReceiveMessage', QueueUrl: url, 'MessageAttributeName.1': 'All', 'AttributeName.1': 'All' },
  });
  assert.match(got.text, /<Body>&lt;tag&gt;&amp;<\/Body>/);
  assert.match(got.text, /<Attribute><Name>ApproximateReceiveCount<\/Name><Value>1<\/Value><\/Attribute>/);
  const missing = await query(server.url, { Action: 'GetQueueUrl', QueueName: 'none' });
  assert.deepEqual(
    [missing.status, /<Code>(.*)<\/Code>/.exec(missing.text)![1]],
    [400, 'AWS.SimpleQueueService.NonExistentQueue'],
  );
});
