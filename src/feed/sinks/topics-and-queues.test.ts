// The sinks of topics and of queues, against Millpond's own SNS and SQS.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { startTestSns } from '../../services/sns/sns.fixture.ts';
import { createSqs } from '../../services/sqs/service.ts';
import { openStore } from '../../store/store.ts';
import { CallFailed } from '../sink.ts';
import { createQueueSink } from './queue-sink.ts';
import { callsTo, message, patient, recordedCalls } from './sinks.fixture.ts';
import { createTopicSink } from './topic-sink.ts';

it('changes arrive in a queue, which is named by its URL, its name or its ARN', async (context) => {
  const store = openStore(':memory:');
  context.after(() => store.close());
  const baseUrl = () => 'http://127.0.0.1:4566';
  const { service } = createSqs({ store, clock: systemClock, log: silentLog, baseUrl });
  const calls = callsTo({ sqs: service });
  const { QueueUrl } = (await calls.call('sqs', 'CreateQueue', { QueueName: 'jobs' })) as {
    QueueUrl: string;
  };
  const names = [QueueUrl, 'jobs', 'arn:aws:sqs:us-east-1:000000000000:jobs'];
  for (const name of names) {
    const payload = { name, odd: '\u0001\uffff\ud800é' };
    assert.deepEqual(await createQueueSink(name, calls).deliver([message('a', payload)], patient()), []);
  }
  const { Messages } = (await calls.call('sqs', 'ReceiveMessage', {
    ...{ QueueUrl, MaxNumberOfMessages: 10 },
  })) as { Messages: { Body: string }[] };
  assert.deepEqual(Messages.map(({ Body }) => JSON.parse(Body).name).sort(), names.toSorted());
  assert.equal(JSON.parse(Messages[0]!.Body).odd, '\u0001\uffff\ud800é');

  const [failure] = await createQueueSink('missing', calls).deliver([message('a')], patient());
  assert.equal(failure!.mayRetry, true);
  assert.match(failure!.reason, /NonExistentQueue|QueueDoesNotExist/);
});

it('changes are published to a topic, ten at a time', async (context) => {
  const { client, sns } = await startTestSns(context);
  const { TopicArn } = await client.createTopic({ Name: 'changes' });
  const sink = createTopicSink(TopicArn!, callsTo({ sns: sns.service }));
  const messages = Array.from({ length: sink.limits.messages }, (_, index) =>
    message(`key${index}`, { index }),
  );
  assert.deepEqual(await sink.deliver(messages, patient()), []);
  const missing = createTopicSink(`${TopicArn}-not`, callsTo({ sns: sns.service }));
  const [failure] = await missing.deliver([message('a')], patient());
  assert.equal(failure!.mayRetry, true);
  assert.match(failure!.reason, /^NotFound/);
});

it('FIFO topics and queues keep the order of a key, and know what they have already got', async () => {
  const calls = recordedCalls(({ operation }) =>
    operation === 'GetQueueUrl' ? { QueueUrl: 'http://sqs.example/q.fifo' } : {},
  );
  const messages = [
    message('a', 1, { sequence: '5' }),
    message('b', 2, { sequence: '5' }),
    message('a', 3, { sequence: '6' }),
  ];
  await createQueueSink('q.fifo', calls).deliver(messages, patient());
  await createTopicSink('arn:aws:sns:us-east-1:000000000000:t.fifo', calls).deliver(messages, patient());
  const { Entries } = calls.made[1]!.input;
  const { PublishBatchRequestEntries } = calls.made[2]!.input;
  for (const entries of [Entries, PublishBatchRequestEntries]) {
    const [first, second, third] = entries as { MessageGroupId: string; MessageDeduplicationId: string }[];
    assert.equal(first!.MessageGroupId, third!.MessageGroupId);
    assert.notEqual(first!.MessageGroupId, second!.MessageGroupId);
    const identifiers = entries.map((entry: typeof first) => entry!.MessageDeduplicationId);
    assert.equal(new Set(identifiers).size, 3);
    assert.ok(identifiers.every((identifier: string) => /^[\w-]{1,128}$/.test(identifier)));
  }
});

it('an entry of a batch that fails is a failure of its message; its code says whether it may pass', async () => {
  const Failed = [
    { Id: '1', Code: 'InternalError', SenderFault: false, Message: 'later' },
    { Id: '2', Code: 'InvalidMessageContents', SenderFault: true, Message: 'never' },
    { Id: '3', Code: 'KmsThrottled', SenderFault: true },
  ];
  const calls = recordedCalls(() => ({ Failed }));
  const messages = ['a', 'b', 'c', 'd'].map((lane) => message(lane));
  const expected = [
    { index: 1, mayRetry: true, reason: 'InternalError: later' },
    { index: 2, mayRetry: false, reason: 'InvalidMessageContents: never' },
    { index: 3, mayRetry: true, reason: 'KmsThrottled:' },
  ];
  assert.deepEqual(await createQueueSink('http://q', calls).deliver(messages, patient()), expected);
  assert.deepEqual(await createTopicSink('arn', calls).deliver(messages, patient()), expected);

  const throttled = recordedCalls(() => Promise.reject(new CallFailed('ThrottledException', 'x', true)));
  const failures = await createTopicSink('arn', throttled).deliver(messages, patient());
  assert.ok(failures.length === 4 && failures.every(({ mayRetry }) => mayRetry));
});
