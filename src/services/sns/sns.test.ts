// What subscribers receive: documents, signatures, retries and dead letters, through HTTP and the SDK's own client.

import assert from 'node:assert/strict';
import { createVerify, X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { NOTHING_WAITS, waitingIn } from '../../control/outbox.fixture.ts';
import { OperationalError } from '../../kernel/errors.ts';
import { openStore } from '../../store/store.ts';
import { Fault } from '../../wire/fault.ts';
import { SCOPE, type Subscriber, startSubscriber, startTestSns, subscribeHttp } from './sns.fixture.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:names';
const ATTRIBUTES = {
  kind: { DataType: 'String', StringValue: 'failover' },
  bytes: { DataType: 'Binary', BinaryValue: Buffer.from('ab') },
};

describe('an HTTP subscriber', () => {
  it('that does not confirm within two days is removed and can subscribe again', async (test) => {
    let now = Date.UTC(2026, 0, 15);
    const { client } = await startTestSns(test, { clock: { now: () => now } });
    const subscriber = await startSubscriber(test);
    const { TopicArn } = await client.createTopic({ Name: 'demo' });
    const ask = (path: string) =>
      client.subscribe({
        ...{ TopicArn, Protocol: 'http', Endpoint: subscriber.url + path },
        ReturnSubscriptionArn: true,
      });
    const [one, other] = [await ask('/one'), await ask('/other')];
    await subscriber.until(2);
    const { Token } = subscriber.json(0);
    now += 2 * 24 * 60 * 60 * 1000 + 1;
    const refused = { name: 'InvalidParameterException', message: 'Invalid parameter: Token' };
    await assert.rejects(client.confirmSubscription({ TopicArn, Token }), refused);
    const again = await ask('/one');
    assert.notEqual(again.SubscriptionArn, one.SubscriptionArn);
    const { Attributes } = await client.getTopicAttributes({ TopicArn });
    assert.equal(Attributes!.SubscriptionsPending, '1');
    const { SubscriptionArn } = other;
    await assert.rejects(client.getSubscriptionAttributes({ SubscriptionArn }), {
      name: 'NotFoundException',
    });
  });

  it('receives the request to confirm, and messages only after it has confirmed', async (test) => {
    const sns = await startTestSns(test);
    const subscriber = await startSubscriber(test);
    const { client } = sns;
    const { TopicArn } = await client.createTopic({ Name: 'demo' });
    const asked = await client.subscribe({ TopicArn, Protocol: 'http', Endpoint: subscriber.url });
    assert.equal(asked.SubscriptionArn, 'pending confirmation');
    await subscriber.until(1);
    await client.publish({ TopicArn, Message: 'too early' });
    const { headers } = subscriber.got[0]!;
    const ask = subscriber.json(0);
    assert.equal(headers['x-amz-sns-message-type'], 'SubscriptionConfirmation');
    assert.equal(headers['x-amz-sns-topic-arn'], TopicArn);
    assert.equal(headers['content-type'], 'text/plain; charset=UTF-8');
    assert.deepEqual(Object.keys(ask).sort(), [
      ...['Message', 'MessageId', 'Signature', 'SignatureVersion', 'SigningCertURL', 'SubscribeURL'],
      ...['Timestamp', 'Token', 'TopicArn', 'Type'],
    ]);
    assert.match(ask.Message!, /^You have chosen to subscribe to the topic arn:aws:sns:/);
    for (const [Token, message] of [
      ['other', 'Invalid token'],
      ['ab'.repeat(100), 'Invalid parameter: Token'],
    ]) {
      const name = 'InvalidParameterException';
      await assert.rejects(client.confirmSubscription({ TopicArn, Token }), { name, message });
      const elsewhere = { TopicArn: `${TopicArn}-not`, Token };
      await assert.rejects(client.confirmSubscription(elsewhere), { name, message });
    }
    const { SubscriptionArn } = await client.confirmSubscription({ TopicArn, Token: ask.Token });
    const { MessageId } = await client.publish({
      ...{ TopicArn, Message: 'hello', Subject: 'greeting', MessageAttributes: ATTRIBUTES },
    });
    await subscriber.until(2);
    const { Timestamp, Signature, SigningCertURL, UnsubscribeURL, ...rest } = subscriber.json(1);
    assert.deepEqual(rest, {
      ...{ Type: 'Notification', MessageId, TopicArn, Subject: 'greeting', Message: 'hello' },
      SignatureVersion: '1',
      MessageAttributes: {
        kind: { Type: 'String', Value: 'failover' },
        bytes: { Type: 'Binary', Value: 'YWI=' },
      },
    });
    assert.match(Timestamp!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.ok(Signature && SigningCertURL?.startsWith(sns.url));
    assert.equal(subscriber.got[1]!.headers['x-amz-sns-subscription-arn'], SubscriptionArn);
    assert.equal((await fetch(UnsubscribeURL!)).status, 200);
    await client.publish({ TopicArn, Message: 'too late' });
    await sns.sns.idle();
    assert.equal(subscriber.got.length, 2);
    assert.equal((await client.getTopicAttributes({ TopicArn })).Attributes!.SubscriptionsDeleted, '1');
  });

  it('that asked for authentication can only be unsubscribed by a signed request', async (test) => {
    const { client, url } = await startTestSns(test);
    const subscriber = await startSubscriber(test);
    const { TopicArn } = await client.createTopic({ Name: 'authenticated' });
    await client.subscribe({ TopicArn, Protocol: 'http', Endpoint: subscriber.url });
    await subscriber.until(1);
    const { Token } = subscriber.json(0);
    const asked = { TopicArn: TopicArn!, Token: Token!, AuthenticateOnUnsubscribe: 'true' };
    const link = `${url}/?${new URLSearchParams({ Action: 'ConfirmSubscription', Version: '2010-03-31', ...asked })}`;
    const refused = await fetch(link);
    assert.equal(refused.status, 403);
    assert.match(await refused.text(), /<Code>AuthorizationError<\/Code>/);
    const { SubscriptionArn } = await client.confirmSubscription(asked);
    await client.publish({ TopicArn, Message: 'hello' });
    await subscriber.until(2);
    const { UnsubscribeURL } = subscriber.json(1);
    assert.equal((await fetch(UnsubscribeURL!)).status, 403);
    await client.getSubscriptionAttributes({ SubscriptionArn });
    await client.unsubscribe({ SubscriptionArn });
    await assert.rejects(client.getSubscriptionAttributes({ SubscriptionArn }), {
      name: 'NotFoundException',
    });
  });

  for (const [version, algorithm] of [
    ['1', 'RSA-SHA1'],
    ['2', 'RSA-SHA256'],
  ] as const) {
    it(`can verify signatures of version ${version} with the certificate`, async (test) => {
      const sns = await startTestSns(test);
      const subscriber = await startSubscriber(test);
      const Attributes = { SignatureVersion: version };
      const { TopicArn } = await sns.client.createTopic({ Name: 'signed', Attributes });
      await subscribeHttp(sns, subscriber, TopicArn!);
      await sns.client.publish({ TopicArn, Message: 'été\nœuf', Subject: 'S' });
      await subscriber.until(2);
      const pem = await (await fetch(subscriber.json(1).SigningCertURL!)).text();
      const certificate = new X509Certificate(pem);
      assert.ok(certificate.verify(certificate.publicKey));
      assert.equal(certificate.subject, 'CN=sns.amazonaws.com');
      const names = [
        ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
        ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
      ];
      for (const [index, members] of names.entries()) {
        const envelope = subscriber.json(index);
        const text = members.map((name) => `${name}\n${envelope[name]}\n`).join('');
        const verify = (signed: string) =>
          createVerify(algorithm).update(signed).verify(certificate.publicKey, envelope.Signature!, 'base64');
        assert.ok(verify(text), envelope.Type);
        assert.ok(!verify(`${text}x`));
      }
      assert.equal((await fetch(`${sns.url}/SimpleNotificationService-${'0'.repeat(32)}.pem`)).status, 404);
    });
  }

  it('that fails twice still receives each message and does not delay the others', async (test) => {
    const sns = await startTestSns(test);
    const subscriber = await startSubscriber(test);
    const { TopicArn } = await sns.client.createTopic({ Name: 'flaky' });
    await subscribeHttp(sns, subscriber, TopicArn!);
    subscriber.answers.push(503, 500);
    for (const Message of ['one', 'two', 'three']) await sns.client.publish({ TopicArn, Message });
    await subscriber.until(6);
    const messages = subscriber.got.slice(1).map(({ body }) => JSON.parse(body).Message);
    assert.deepEqual(new Set(messages), new Set(['one', 'two', 'three']));
    await sns.sns.idle();
    assert.deepEqual(waitingIn(sns.store), NOTHING_WAITS);
    assert.deepEqual(sns.sns.deadLetters(SCOPE), []);
  });

  it('that always fails is given up, and the message becomes a dead letter', async (test) => {
    const sns = await startTestSns(test);
    const subscriber = await startSubscriber(test);
    const { TopicArn } = await sns.client.createTopic({ Name: 'dead' });
    const target = 'arn:aws:sqs:us-east-1:000000000000:dead';
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: target });
    const SubscriptionArn = await subscribeHttp(sns, subscriber, TopicArn!, { RedrivePolicy });
    subscriber.answers.push(500, 500, 429, 500);
    await sns.client.publish({ TopicArn, Message: 'lost' });
    await subscriber.until(5);
    // AWS: a 4xx answer of the endpoint and a redirect are final.
    subscriber.answers.push(403, 302);
    await sns.client.publish({ TopicArn, Message: 'refused' });
    await sns.client.publish({ TopicArn, Message: 'redirected' });
    await subscriber.until(7);
    await sns.sns.idle();
    const letters = sns.sns.deadLetters(SCOPE);
    assert.deepEqual(
      letters.map(({ content, attempts, reason }) => [content.text, attempts, reason]),
      [
        ['lost', 4, 'the endpoint answered 500'],
        ['refused', 1, 'the endpoint answered 403'],
        ['redirected', 1, 'the endpoint answered 302'],
      ],
    );
    const { messageId, ...about } = letters[0]!.about;
    assert.equal(messageId, letters[0]!.content.id);
    assert.deepEqual(about, {
      ...{ subscriptionArn: SubscriptionArn, targetArn: target, endpoint: subscriber.url },
    });
    assert.deepEqual(waitingIn(sns.store), NOTHING_WAITS);
  });

  it('that hangs delays neither the others nor the stop, and gets the message from the next run', async (test) => {
    const store = openStore(':memory:');
    const sns = await startTestSns(test, { store });
    const [hanging, quick] = [await startSubscriber(test), await startSubscriber(test)];
    const { TopicArn } = await sns.client.createTopic({ Name: 'hanging' });
    await subscribeHttp(sns, hanging, TopicArn!);
    await subscribeHttp(sns, quick, TopicArn!);
    hanging.answer = () => {};
    await sns.client.publish({ TopicArn, Message: 'one' });
    await sns.client.publish({ TopicArn, Message: 'two' });
    await Promise.all([hanging.until(2), quick.until(3)]);
    await sns.sns.stop();
    delete hanging.answer;
    await startTestSns(test, { store });
    await hanging.until(4);
    const messagesOf = ({ got }: Subscriber) => got.slice(1).map(({ body }) => JSON.parse(body).Message);
    assert.deepEqual(messagesOf(hanging), ['one', 'one', 'two']);
    // The stop may have interrupted the last answer.
    assert.deepEqual(new Set(messagesOf(quick)), new Set(['one', 'two']));
  });

  it('counts as having answered even if its response body never ends', async (test) => {
    const sns = await startTestSns(test);
    const subscriber = await startSubscriber(test);
    const { TopicArn } = await sns.client.createTopic({ Name: 'endless' });
    await subscribeHttp(sns, subscriber, TopicArn!);
    const ended = new Promise<void>((resolve) => {
      subscriber.answer = (response) => {
        const chunk = Buffer.alloc(16 * 1024);
        const pour = () => {
          while (response.write(chunk));
        };
        response.on('drain', pour).on('error', () => {});
        response.on('close', () => resolve());
        pour();
      };
    });
    await sns.client.publish({ TopicArn, Message: 'm' });
    await ended;
    await sns.sns.idle();
    assert.deepEqual(waitingIn(sns.store), NOTHING_WAITS);
    assert.deepEqual(sns.sns.deadLetters(SCOPE), []);
  });

  it('receives what its filter and its attributes say', async (test) => {
    const sns = await startTestSns(test);
    const raw = await startSubscriber(test);
    const { TopicArn } = await sns.client.createTopic({ Name: 'filtered' });
    const SubscriptionArn = await subscribeHttp(sns, raw, TopicArn!, {
      RawMessageDelivery: 'true',
      FilterPolicy: JSON.stringify({ kind: ['failover'] }),
      DeliveryPolicy: JSON.stringify({ requestPolicy: { headerContentType: 'application/json' } }),
    });
    await sns.client.publish({ TopicArn, Message: 'no' });
    await sns.client.publish({
      ...{ TopicArn, MessageStructure: 'json', MessageAttributes: ATTRIBUTES },
      Message: JSON.stringify({ default: 'd', http: '{"for":"http"}', lambda: 'l' }),
    });
    await raw.until(2);
    const { headers, body } = raw.got[1]!;
    assert.equal(body, '{"for":"http"}');
    assert.equal(headers['x-amz-sns-rawdelivery'], 'true');
    assert.equal(headers['content-type'], 'application/json');
    await sns.client.setSubscriptionAttributes({
      ...{ SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue: '{}' },
    });
    await sns.client.publish({ TopicArn, Message: 'all' });
    await raw.until(3);
    assert.equal(raw.got[2]!.body, 'all');
  });
});

describe('a function', () => {
  it('is invoked with the event that AWS sends, and again if Lambda fails', async (test) => {
    const sns = await startTestSns(test);
    const { TopicArn } = await sns.client.createTopic({ Name: 'demo' });
    const { SubscriptionArn } = await sns.client.subscribe({
      ...{ TopicArn, Protocol: 'lambda', Endpoint: FUNCTION },
    });
    sns.lambdaFailures.push(
      new OperationalError('CommandFailed', 'away'),
      new Fault('ServiceException', 'busy'),
    );
    const { MessageId } = await sns.client.publish({
      TopicArn,
      Message: '{"a":1}',
      MessageAttributes: ATTRIBUTES,
    });
    await sns.sns.idle();
    const [{ event, ...call } = assert.fail('not called')] = sns.invocations;
    assert.deepEqual(call, { FunctionName: FUNCTION, InvocationType: 'Event' });
    assert.equal(event.Records.length, 1);
    const { Sns: notification, ...record } = event.Records[0]!;
    assert.deepEqual(record, {
      ...{ EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: SubscriptionArn },
    });
    const { Timestamp, Signature, SigningCertUrl, UnsubscribeUrl, ...rest } = notification;
    assert.ok(Timestamp && Signature && SigningCertUrl && UnsubscribeUrl);
    assert.deepEqual(rest, {
      ...{ Type: 'Notification', MessageId, TopicArn, Subject: null, Message: '{"a":1}' },
      SignatureVersion: '1',
      MessageAttributes: {
        kind: { Type: 'String', Value: 'failover' },
        bytes: { Type: 'Binary', Value: 'YWI=' },
      },
    });
  });

  it('that does not exist is not retried', async (test) => {
    const sns = await startTestSns(test);
    const { TopicArn } = await sns.client.createTopic({ Name: 'demo' });
    await sns.client.subscribe({ TopicArn, Protocol: 'lambda', Endpoint: FUNCTION });
    sns.lambdaFailures.push(new Fault('ResourceNotFoundException', 'Function not found'));
    await sns.client.publish({ TopicArn, Message: 'm' });
    await sns.sns.idle();
    assert.deepEqual(sns.invocations, []);
    assert.equal(sns.sns.deadLetters(SCOPE)[0]!.reason, 'ResourceNotFoundException: Function not found');
  });

  it('receives a hundred messages in the order of publishing', async (test) => {
    const sns = await startTestSns(test);
    const { TopicArn } = await sns.client.createTopic({ Name: 'demo' });
    await sns.client.subscribe({ TopicArn, Protocol: 'lambda', Endpoint: FUNCTION });
    const wanted = Array.from({ length: 100 }, (_, index) => String(index));
    for (let at = 0; at < 100; at += 10) {
      const PublishBatchRequestEntries = wanted
        .slice(at, at + 10)
        .map((Message) => ({ Id: Message, Message }));
      await sns.client.publishBatch({ TopicArn, PublishBatchRequestEntries });
    }
    await sns.sns.idle();
    assert.deepEqual(
      sns.invocations.map(({ event }) => event.Records[0]!.Sns.Message),
      wanted,
    );
  });
});
