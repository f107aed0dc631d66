// SNS as its own clients see it: the SDK for JavaScript, the AWS CLI and boto3, over HTTP.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SNS } from '@aws-sdk/client-sns';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLog } from '../../src/kernel/log.ts';
import { createSns, type SnsDependencies, type SnsService } from '../../src/services/sns/service.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { startWireServer, type WireServer } from '../../src/wire/server.ts';
import { NO_QUEUES } from '../support/no-queues.ts';
import {
  AWS_CLI,
  awsEnvironment,
  PYTHON,
  pathOfTest,
  run,
  WITHOUT_PYTHON_CLIENTS,
} from '../support/outside-clients.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:names';
const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:dead';

let store: Store;
let server: WireServer;
let client: SNS;
let sns: SnsService;
const sent: string[] = [];

before(async () => {
  store = openStore(':memory:');
  const lambda = {
    async call(_operation: string, { Payload }: { Payload: Buffer }) {
      sent.push(JSON.parse(Payload.toString()).Records[0].Sns.Message);
    },
  } as unknown as SnsDependencies['lambda'];
  sns = createSns({
    store,
    clock: systemClock,
    log: silentLog,
    sqs: NO_QUEUES,
    lambda,
    baseUrl: () => server.url,
  });
  server = await startWireServer({
    services: [sns.service],
    port: 0,
    defaultRegion: 'us-east-1',
    log: silentLog,
  });
  await sns.start();
  client = new SNS({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
});

after(async () => {
  client?.destroy();
  await server?.stop();
  await sns?.stop();
  store?.close();
});

const invalid = (message: string | RegExp) => ({ name: 'InvalidParameterException', message });

describe('topics', () => {
  it('are made once, listed page by page, and deleted twice', async () => {
    const one = await client.createTopic({ Name: 'one', Attributes: { DisplayName: 'One' } });
    assert.equal(one.TopicArn, 'arn:aws:sns:us-east-1:000000000000:one');
    assert.equal((await client.createTopic({ Name: 'one' })).TopicArn, one.TopicArn);
    await assert.rejects(
      client.createTopic({ Name: 'one', Attributes: { DisplayName: 'Other' } }),
      invalid('Invalid parameter: Attributes Reason: Topic already exists with different attributes'),
    );
    await assert.rejects(
      client.createTopic({ Name: 'one', Tags: [{ Key: 'a', Value: '1' }] }),
      invalid('Invalid parameter: Tags Reason: Topic already exists with different tags'),
    );
    for (let index = 0; index < 105; index++) await client.createTopic({ Name: `many-${index}` });
    const first = await client.listTopics({});
    assert.equal(first.Topics!.length, 100);
    const second = await client.listTopics({ NextToken: first.NextToken });
    assert.deepEqual([second.Topics!.length, second.NextToken], [6, undefined]);
    for (const call of [
      client.listTopics({ NextToken: `${first.NextToken}x` }),
      client.listSubscriptions({ NextToken: first.NextToken }),
    ]) {
      await assert.rejects(call, invalid('Invalid parameter: NextToken'));
    }
    for (const { TopicArn } of [...first.Topics!, ...second.Topics!]) await client.deleteTopic({ TopicArn });
    await client.deleteTopic({ TopicArn: one.TopicArn });
    await assert.rejects(client.getTopicAttributes({ TopicArn: one.TopicArn }), {
      name: 'NotFoundException',
      message: 'Topic does not exist',
    });
  });

  it('have attributes, a policy and tags', async () => {
    const { TopicArn } = await client.createTopic({ Name: 'two', Tags: [{ Key: 'a', Value: '1' }] });
    await client.setTopicAttributes({ TopicArn, AttributeName: 'DisplayName', AttributeValue: 'Two' });
    await client.addPermission({
      ...{ TopicArn, Label: 'mine', AWSAccountId: ['123456789012'], ActionName: ['Publish'] },
    });
    const attributes = async () => (await client.getTopicAttributes({ TopicArn })).Attributes!;
    const shown = await attributes();
    assert.deepEqual(
      [shown.DisplayName, shown.Owner, shown.SubscriptionsConfirmed, shown.TopicArn],
      ['Two', '000000000000', '0', TopicArn],
    );
    assert.equal(JSON.parse(shown.EffectiveDeliveryPolicy!).http.defaultHealthyRetryPolicy.numRetries, 3);
    const [own, added] = JSON.parse(shown.Policy!).Statement;
    assert.equal(own.Sid, '__default_statement_ID');
    assert.deepEqual(added, {
      ...{ Sid: 'mine', Effect: 'Allow', Action: 'SNS:Publish', Resource: TopicArn },
      Principal: { AWS: 'arn:aws:iam::123456789012:root' },
    });
    await client.removePermission({ TopicArn, Label: 'mine' });
    assert.equal(JSON.parse((await attributes()).Policy!).Statement.length, 1);
    await client.tagResource({ ResourceArn: TopicArn, Tags: [{ Key: 'b', Value: '2' }] });
    await client.untagResource({ ResourceArn: TopicArn, TagKeys: ['a'] });
    const { Tags } = await client.listTagsForResource({ ResourceArn: TopicArn });
    assert.deepEqual(Tags, [{ Key: 'b', Value: '2' }]);
    await assert.rejects(client.listTagsForResource({ ResourceArn: `${TopicArn}x` }), {
      name: 'ResourceNotFoundException',
    });
    for (const [AttributeName, AttributeValue] of [
      ['Unknown', 'x'],
      ['Policy', '{'],
      ['DeliveryPolicy', '{"http":{"defaultHealthyRetryPolicy":{"numRetries":1000}}}'],
      ['SignatureVersion', '3'],
      ['TopicArn', 'x'],
    ]) {
      await assert.rejects(client.setTopicAttributes({ TopicArn, AttributeName, AttributeValue }), {
        name: 'InvalidParameterException',
      });
    }
  });

  it('with names that AWS refuses, and FIFO ones, are refused', async () => {
    for (const Name of ['', 'a b', 'x'.repeat(257), 'ä']) {
      await assert.rejects(client.createTopic({ Name }), invalid('Invalid parameter: Topic Name'), Name);
    }
    await assert.rejects(client.createTopic({ Name: 'a.fifo' }), invalid(/does not support FIFO topics/));
    const Attributes = { FifoTopic: 'true' };
    await assert.rejects(client.createTopic({ Name: 'a', Attributes }), invalid(/does not support FIFO/));
    await assert.rejects(
      client.getTopicAttributes({ TopicArn: 'topic' }),
      invalid('Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1'),
    );
  });
});

// The texts are those that AWS gave where LocalStack's suite was run against it (tests/aws/services/sns).
describe('topics, as AWS answered', () => {
  it('may be made again with some of their tags, and with no others', async () => {
    const tags = ['a', 'b'].map((Key) => ({ Key, Value: '1' }));
    const { TopicArn } = await client.createTopic({ Name: 'again', Tags: tags });
    for (const Tags of [tags, tags.slice(0, 1), [], undefined]) {
      assert.equal((await client.createTopic({ Name: 'again', Tags })).TopicArn, TopicArn);
    }
    for (const tag of [
      { Key: 'a', Value: '2' },
      { Key: 'c', Value: '1' },
    ]) {
      await assert.rejects(
        client.createTopic({ Name: 'again', Tags: [tag] }),
        invalid('Invalid parameter: Tags Reason: Topic already exists with different tags'),
      );
    }
    await assert.rejects(
      client.tagResource({ ResourceArn: TopicArn, Tags: [tags[0]!, tags[0]!] }),
      invalid('Invalid parameter: Duplicated keys are not allowed.'),
    );
  });

  it('take permissions and policies about a topic alone', async () => {
    const { TopicArn } = await client.createTopic({ Name: 'permissions' });
    const add = (ActionName: string, account = '123456789012') =>
      client.addPermission({ TopicArn, Label: 'l', AWSAccountId: [account], ActionName: [ActionName] });
    const outOfScope = invalid('Invalid parameter: Policy statement action out of service scope!');
    for (const action of ['NotExistingAction', '*', 'CreateTopic', '']) {
      await assert.rejects(add(action), outOfScope, action);
    }
    const notFound = invalid('Invalid parameter: Policy Error: PrincipalNotFound');
    for (const account of ['me', '1', '*']) await assert.rejects(add('Publish', account), notFound, account);
    const set = (statement: object) =>
      client.setTopicAttributes({
        ...{ TopicArn, AttributeName: 'Policy' },
        AttributeValue: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
      });
    const statement = { Effect: 'Allow', Principal: '*', Action: 'SNS:Publish', Resource: TopicArn };
    for (const Action of ['SNS:*', 'sns:List*', 'sqs:SendMessage', 'Publish', ['SNS:Publish', 'SNS:No'], 1]) {
      await assert.rejects(set({ ...statement, Action }), outOfScope, JSON.stringify(Action));
    }
    for (const AWS of ['sns.amazonaws.com', 'me', ['*', 'me']]) {
      await assert.rejects(set({ ...statement, Principal: { AWS } }), notFound);
    }
    for (const other of [{ Effect: 'Maybe' }, { Action: undefined }, { Principal: 'me' }]) {
      await assert.rejects(set({ ...statement, ...other }), invalid('Invalid parameter: Policy Error: null'));
    }
    for (const Action of ['sns:publish', ['SNS:Publish', 'SNS:Receive'], 'SNS:Pub*', 'SNS:?ublish']) {
      await set({ ...statement, Action });
    }
    await set({ ...statement, Principal: { Service: 's3.amazonaws.com' } });
    await set({ ...statement, Principal: { AWS: ['123456789012', 'arn:aws:iam::123456789012:role/r'] } });
  });

  it('never become FIFO topics, and have the attributes that there are', async () => {
    const { TopicArn } = await client.createTopic({ Name: 'standard', Attributes: { FifoTopic: 'false' } });
    const { Attributes } = await client.getTopicAttributes({ TopicArn });
    assert.equal(Attributes!.FifoTopic, undefined);
    assert.equal((await client.getDataProtectionPolicy({ ResourceArn: TopicArn })).DataProtectionPolicy, '');
    assert.deepEqual((await client.listPlatformApplications({})).PlatformApplications, []);
    for (const [AttributeName, AttributeValue, message] of [
      ['FifoTopic', 'false', 'Invalid parameter: AttributeName'],
      ['HTTPSuccessFeedbackSampleRate', '101', 'Invalid parameter: HTTPSuccessFeedbackSampleRate'],
      ['LambdaFailureFeedbackRoleArn', 'x', 'Invalid parameter: LambdaFailureFeedbackRoleArn'],
      ['LambdaFailureFeedbackSampleRate', '1', 'Invalid parameter: AttributeName'],
    ]) {
      await assert.rejects(
        client.setTopicAttributes({ TopicArn, AttributeName, AttributeValue }),
        invalid(message!),
      );
    }
    for (const [Attributes, message] of [
      [{ Nothing: 'x' }, 'Invalid parameter: Attributes Reason: Unknown attribute Nothing'],
      [{ FifoTopic: 'maybe' }, /FifoTopic/],
    ] as const) {
      await assert.rejects(client.createTopic({ Name: 'other', Attributes }), invalid(message));
    }
  });

  it('are known to the endpoint of their region alone', async () => {
    const { TopicArn } = await client.createTopic({ Name: 'here' });
    const subscribed = { TopicArn, Protocol: 'lambda', Endpoint: FUNCTION };
    const { SubscriptionArn } = await client.subscribe(subscribed);
    const there = new SNS({
      ...{ endpoint: server.url, region: 'eu-west-1', maxAttempts: 1 },
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    try {
      const entries = [{ Id: '1', Message: 'm' }];
      for (const call of [
        there.publish({ TopicArn, Message: 'm' }),
        there.publishBatch({ TopicArn, PublishBatchRequestEntries: entries }),
        there.subscribe(subscribed),
        there.getTopicAttributes({ TopicArn }),
        there.setTopicAttributes({ TopicArn, AttributeName: 'DisplayName', AttributeValue: 'x' }),
        there.listSubscriptionsByTopic({ TopicArn }),
        there.removePermission({ TopicArn, Label: 'l' }),
        there.deleteTopic({ TopicArn }),
      ]) {
        await assert.rejects(call, invalid('Invalid parameter: TopicArn'));
      }
      await assert.rejects(there.publish({ TargetArn: TopicArn, Message: 'm' }), invalid(/TargetArn/));
      await assert.rejects(there.listTagsForResource({ ResourceArn: TopicArn }), invalid(/ResourceArn/));
      await assert.rejects(there.getSubscriptionAttributes({ SubscriptionArn }), {
        name: 'NotFoundException',
      });
    } finally {
      there.destroy();
    }
    await client.deleteTopic({ TopicArn });
  });
});

describe('subscriptions', () => {
  it('of functions are confirmed at once, and are the same when asked for again', async () => {
    const { TopicArn } = await client.createTopic({ Name: 'subscribed' });
    const wanted = { TopicArn, Protocol: 'lambda', Endpoint: FUNCTION };
    const { SubscriptionArn } = await client.subscribe({
      ...wanted,
      Attributes: { RawMessageDelivery: 'false' },
    });
    assert.ok(SubscriptionArn!.startsWith(`${TopicArn}:`));
    assert.equal((await client.subscribe(wanted)).SubscriptionArn, SubscriptionArn);
    await assert.rejects(
      client.subscribe({ ...wanted, Attributes: { RawMessageDelivery: 'true' } }),
      invalid('Invalid parameter: Attributes Reason: Subscription already exists with different attributes'),
    );
    const { Subscriptions } = await client.listSubscriptions({});
    assert.deepEqual(Subscriptions, [
      { SubscriptionArn, Owner: '000000000000', Protocol: 'lambda', Endpoint: FUNCTION, TopicArn },
    ]);
    const set = (AttributeName: string, AttributeValue: string) =>
      client.setSubscriptionAttributes({ SubscriptionArn, AttributeName, AttributeValue });
    await set('RedrivePolicy', JSON.stringify({ deadLetterTargetArn: QUEUE }));
    await assert.rejects(set('RedrivePolicy', '{"deadLetterTargetArn":"x"}'), invalid(/RedrivePolicy/));
    await assert.rejects(set('FilterPolicy', '{"a":{"b":["c"]}}'), invalid(/FilterPolicy/));
    await assert.rejects(set('FilterPolicyScope', 'Nowhere'), invalid(/FilterPolicyScope/));
    await assert.rejects(set('Nothing', 'x'), invalid('Invalid parameter: AttributeName'));
    for (const value of ['maybe', '']) {
      const message = `RawMessageDelivery: Invalid value [${value}]. Must be true or false.`;
      await assert.rejects(set('RawMessageDelivery', value), invalid(`Invalid parameter: ${message}`));
      await assert.rejects(
        client.subscribe({ ...wanted, Attributes: { RawMessageDelivery: value } }),
        invalid(`Invalid parameter: Attributes Reason: ${message}`),
      );
    }
    await set('RawMessageDelivery', 'TrUe');
    const { Attributes } = await client.getSubscriptionAttributes({ SubscriptionArn });
    assert.deepEqual(
      [Attributes!.PendingConfirmation, Attributes!.ConfirmationWasAuthenticated, Attributes!.Protocol],
      ['false', 'true', 'lambda'],
    );
    assert.equal(Attributes!.RawMessageDelivery, 'true');
    await client.unsubscribe({ SubscriptionArn });
    await client.unsubscribe({ SubscriptionArn });
    await assert.rejects(client.getSubscriptionAttributes({ SubscriptionArn }), {
      name: 'NotFoundException',
    });
  });

  it('by e-mail stay pending; what nothing here would take is refused by name', async () => {
    const { TopicArn } = await client.createTopic({ Name: 'mail' });
    const mail = await client.subscribe({ TopicArn, Protocol: 'email', Endpoint: 'a@example.com' });
    assert.equal(mail.SubscriptionArn, 'pending confirmation');
    const { Subscriptions } = await client.listSubscriptionsByTopic({ TopicArn });
    assert.equal(Subscriptions![0]!.SubscriptionArn, 'PendingConfirmation');
    for (const [Protocol, Endpoint, message] of [
      ['sms', '+15555550100', /does not support subscriptions by sms/],
      ['lambda', 'names', 'Invalid parameter: Lambda endpoint ARN'],
      ['http', 'https://example.com', /must match the specified protocol/],
      ['http', 'http://', /must match the specified protocol/],
      ['https', 'https://example.com/\r\nx', /must match the specified protocol/],
      ['pigeon', 'coo', 'Invalid parameter: Amazon SNS does not support this protocol string: pigeon'],
    ] as const) {
      await assert.rejects(client.subscribe({ TopicArn, Protocol, Endpoint }), invalid(message as RegExp));
      const elsewhere = { TopicArn: `${TopicArn}-not`, Protocol, Endpoint };
      await assert.rejects(client.subscribe(elsewhere), { name: 'NotFoundException' });
    }
    await client.deleteTopic({ TopicArn });
    assert.deepEqual((await client.listSubscriptions({})).Subscriptions, []);
  });

  it('never show a password', async () => {
    const { TopicArn } = await client.createTopic({ Name: 'secret' });
    await client.subscribe({ TopicArn, Protocol: 'http', Endpoint: 'http://user:pass@127.0.0.1:9/x' });
    const { Subscriptions } = await client.listSubscriptionsByTopic({ TopicArn });
    assert.equal(Subscriptions![0]!.Endpoint, 'http://user:****@127.0.0.1:9/x');
    await client.deleteTopic({ TopicArn });
  });
});

describe('messages', () => {
  it('that AWS refuses are refused with its words', async () => {
    const { TopicArn } = await client.createTopic({ Name: 'refusing' });
    const attribute = (DataType: string, StringValue: string) => ({
      MessageAttributes: { a: { DataType, StringValue } },
    });
    for (const [input, message] of [
      [{ Message: '' }, 'Invalid parameter: Empty message'],
      [{ Message: 'x'.repeat(262_145) }, 'Invalid parameter: Message too long'],
      [{ Message: 'x', Subject: 'a\nb' }, 'Invalid parameter: Subject'],
      [{ Message: 'x', Subject: 'a'.repeat(101) }, 'Invalid parameter: Subject'],
      [
        { Message: '{', MessageStructure: 'json' },
        'Invalid parameter: Message Structure - JSON message body failed to parse',
      ],
      [
        { Message: '{}', MessageStructure: 'json' },
        'Invalid parameter: Message Structure - No default entry in JSON message body',
      ],
    ] as const) {
      await assert.rejects(client.publish({ TopicArn, ...input }), invalid(message));
    }
    for (const input of [attribute('Number', 'x'), attribute('Date', 'x'), attribute('String', '')]) {
      await assert.rejects(client.publish({ TopicArn, Message: 'x', ...input }), {
        name: 'InvalidParameterValueException',
      });
    }
    await assert.rejects(client.publish({ Message: 'x' }), invalid(/TopicArn or TargetArn/));
    await assert.rejects(
      client.publish({ TopicArn: '', Message: 'x' }),
      invalid('Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1'),
    );
    await assert.rejects(
      client.publish({ TargetArn: 'arn:aws:sns:us-east-1:000000000000:endpoint/APNS/a/b', Message: 'x' }),
      invalid('Invalid parameter: TargetArn Reason: No endpoint found for the target arn specified'),
    );
    await assert.rejects(client.publish({ TopicArn: `${TopicArn}x`, Message: 'x' }), {
      name: 'NotFoundException',
    });
    await assert.rejects(
      client.publish({ PhoneNumber: '+15555550100', Message: 'x' }),
      invalid(/text messages/),
    );
  });

  it('come in batches, each refused by itself or all together', async () => {
    const { TopicArn } = await client.createTopic({ Name: 'batch' });
    await client.subscribe({ TopicArn, Protocol: 'lambda', Endpoint: FUNCTION });
    const batch = (...PublishBatchRequestEntries: { Id: string; Message: string; Subject?: string }[]) =>
      client.publishBatch({ TopicArn, PublishBatchRequestEntries });
    const before = sent.length;
    const { Successful, Failed } = await batch(
      { Id: 'a', Message: 'one' },
      { Id: 'b', Message: 'two', Subject: '\n' },
      { Id: 'c', Message: 'three' },
    );
    assert.deepEqual(
      Successful!.map(({ Id }) => Id),
      ['a', 'c'],
    );
    assert.deepEqual(Failed, [
      { Id: 'b', Code: 'InvalidParameter', Message: 'Invalid parameter: Subject', SenderFault: true },
    ]);
    const entry = (Id: string, Message = 'x') => ({ Id, Message });
    const ids = Array.from({ length: 11 }, (_, index) => entry(String(index)));
    await assert.rejects(batch(...ids), { name: 'TooManyEntriesInBatchRequestException' });
    await assert.rejects(batch(), { name: 'EmptyBatchRequestException' });
    await assert.rejects(batch(entry('a'), entry('a')), { name: 'BatchEntryIdsNotDistinctException' });
    await assert.rejects(batch(entry('a b')), { name: 'InvalidBatchEntryIdException' });
    const long = 'x'.repeat(140_000);
    await assert.rejects(batch(entry('a', long), entry('b', long)), { name: 'BatchRequestTooLongException' });
    await sns.idle();
    assert.deepEqual(sent.slice(before), ['one', 'three']);
  });
});

describe('through the AWS CLI', { skip: WITHOUT_PYTHON_CLIENTS }, () => {
  const cli = (...args: string[]) =>
    run(
      AWS_CLI,
      ['--endpoint-url', server.url, 'sns', ...args, '--output', 'text'],
      awsEnvironment(server.url),
    );

  it('makes a topic, subscribes, publishes and misses a topic', async () => {
    const made = await cli('create-topic', '--name', 'cli', '--tags', 'Key=a,Value=1');
    const arn = made.stdout.trim();
    assert.equal(arn, 'arn:aws:sns:us-east-1:000000000000:cli', made.stderr);
    const topic = ['--topic-arn', arn];
    await cli('subscribe', ...topic, '--protocol', 'lambda', '--notification-endpoint', FUNCTION);
    const attributes = '{"kind":{"DataType":"String","StringValue":"x"}}';
    const published = await cli('publish', ...topic, '--message', 'hi', '--message-attributes', attributes);
    assert.match(published.stdout.trim(), /^[0-9a-f-]{36}$/, published.stderr);
    const listed = await cli('list-subscriptions-by-topic', ...topic, '--query', 'Subscriptions[].Endpoint');
    assert.equal(listed.stdout.trim(), FUNCTION);
    const missed = await cli('publish', '--topic-arn', `${arn}x`, '--message', 'hi');
    assert.match(missed.stderr, /\(NotFound\).*Topic does not exist/);
  });
});

describe('through boto3', { skip: WITHOUT_PYTHON_CLIENTS }, () => {
  it('publishes, filters and reads errors by their classes', async () => {
    const script = pathOfTest('conformance/sns_boto3.py');
    const { code, stdout, stderr } = await run(PYTHON, [script, server.url], awsEnvironment(server.url));
    assert.equal(code, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), {
      topics: ['boto'],
      attributes: { FilterPolicy: '{"kind": ["x"]}', FilterPolicyScope: 'MessageAttributes' },
      batch: { Successful: ['1'], Failed: ['2'] },
      missing: { class: 'NotFoundException', code: 'NotFound', status: 404 },
      bad: { class: 'InvalidParameterValueException', code: 'ParameterValueInvalid', status: 400 },
      subscriptions: 1,
    });
    await sns.idle();
    assert.deepEqual(
      sent.filter((text) => text.startsWith('boto ')),
      ['boto wanted'],
    );
  });
});
