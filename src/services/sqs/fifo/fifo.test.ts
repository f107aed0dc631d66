// FIFO queues over time, with a clock that the test advances.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { silentLog } from '../../../kernel/log.ts';
import { openStore, type Store } from '../../../store/store.ts';
import { type Client, createClient } from '../../../wire/client.ts';
import type { Sdk } from '../sdk.ts';
import { createSqs, type SqsService } from '../service.ts';

const scope = { accountId: '000000000000', region: 'us-east-1' };
const SECOND = 1_000;
const FIFO = { FifoQueue: 'true', ContentBasedDeduplication: 'true' };

let now = 0;
let sqs: SqsService;
let client: Client<Sdk>;
let store: Store;
let QueueUrl: string;

function open(path = ':memory:'): void {
  store = openStore(path);
  const baseUrl = () => 'http://127.0.0.1:4566';
  sqs = createSqs({ store, clock: { now: () => now }, log: silentLog, baseUrl });
  client = createClient<Sdk>('sqs', { inProcess: sqs.service });
}

async function queue(QueueName: string, Attributes: Record<string, string> = FIFO): Promise<string> {
  return (await client.call('CreateQueue', { QueueName, Attributes }, scope)).QueueUrl!;
}

const send = (MessageBody: string, MessageGroupId = 'g', more: object = {}) =>
  client.call('SendMessage', { QueueUrl, MessageBody, MessageGroupId, ...more }, scope);

async function receive(most = 10, more: object = {}, url = QueueUrl) {
  const MessageSystemAttributeNames = ['All' as const];
  const input = { QueueUrl: url, MaxNumberOfMessages: most, MessageSystemAttributeNames, ...more };
  return (await client.call('ReceiveMessage', input, scope)).Messages ?? [];
}

const bodies = async (most = 10, more: object = {}, url = QueueUrl) =>
  (await receive(most, more, url)).map(({ Body }) => Body);

const remove = ({ ReceiptHandle = '' }: { ReceiptHandle?: string | undefined }) =>
  client.call('DeleteMessage', { QueueUrl, ReceiptHandle }, scope);

async function counts(): Promise<string> {
  const { Attributes = {} } = await client.call(
    'GetQueueAttributes',
    { QueueUrl, AttributeNames: ['All'] },
    scope,
  );
  const of = (suffix: string) => Attributes[`ApproximateNumberOfMessages${suffix}` as 'QueueArn'];
  return `${of('')} visible, ${of('Delayed')} delayed, ${of('NotVisible')} in flight`;
}

const set = (Attributes: Record<string, string>) =>
  client.call('SetQueueAttributes', { QueueUrl, Attributes }, scope);

beforeEach(async () => {
  now = Date.UTC(2026, 0, 1);
  open();
  QueueUrl = await queue('jobs.fifo');
});

describe('a group', () => {
  it('is received in order, and blocked while one of its messages is in flight', async () => {
    for (const body of ['a1', 'a2', 'a3']) await send(body, 'a');
    await send('b1', 'b/1');
    await send('c1', 'b');
    const [first] = await receive(1);
    assert.equal(first!.Body, 'a1');
    assert.deepEqual(await bodies(1), ['b1'], 'the first of the next group');
    assert.deepEqual(await bodies(), ['c1']);
    assert.deepEqual(await bodies(), []);
    assert.equal(await counts(), '2 visible, 0 delayed, 3 in flight');
    await remove(first!);
    assert.deepEqual(await bodies(), ['a2', 'a3']);
    now += 30 * SECOND;
    assert.deepEqual(await bodies(), ['a2', 'a3', 'b1', 'c1'], 'again in order after the timeout');
  });

  it('stays blocked while any of several messages is in flight', async () => {
    for (const body of ['1', '2', '3']) await send(body);
    const [one, two] = await receive(2);
    await client.call(
      'ChangeMessageVisibility',
      { QueueUrl, ReceiptHandle: one!.ReceiptHandle!, VisibilityTimeout: 0 },
      scope,
    );
    assert.deepEqual(await bodies(), []);
    await remove(two!);
    assert.deepEqual(await bodies(), ['1', '3']);
  });

  it('wakes a receiver that waits for it', async () => {
    await send('1');
    await send('2');
    const [first] = await receive(1);
    const waiting = bodies(1, { WaitTimeSeconds: 20 });
    await remove(first!);
    assert.deepEqual(await waiting, ['2']);
  });

  it('keeps its order over a restart, even if the clock was set back', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sqs-'));
    try {
      const path = join(directory, 'state.sqlite');
      open(path);
      QueueUrl = await queue('kept.fifo');
      const before = await send('1');
      await sqs.stop();
      store.close();
      now -= 60 * SECOND;
      open(path);
      const after = await send('2');
      assert.ok(after.SequenceNumber! > before.SequenceNumber!);
      assert.match(after.SequenceNumber!, /^\d{20}$/);
      assert.deepEqual((await send('1')).MessageId, before.MessageId, 'it is still a duplicate');
      now += 60 * SECOND;
      assert.deepEqual(await bodies(), ['1', '2']);
      store.close();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

describe('a duplicate', () => {
  it('within five minutes is accepted and not delivered, even after the first was deleted', async () => {
    const first = await send('same');
    const [message] = await receive();
    await remove(message!);
    now += 299 * SECOND;
    const second = await send('same');
    assert.deepEqual(second, first);
    assert.deepEqual(await bodies(), []);
    now += SECOND;
    assert.notEqual((await send('same')).MessageId, first.MessageId);
    assert.deepEqual(await bodies(), ['same']);
  });

  it('is told by its id before its content, in the queue or in its group', async () => {
    await send('one', 'g', { MessageDeduplicationId: 'x' });
    await send('two', 'h', { MessageDeduplicationId: 'x' });
    assert.equal(await counts(), '1 visible, 0 delayed, 0 in flight');
    await set({ DeduplicationScope: 'messageGroup', FifoThroughputLimit: 'perMessageGroupId' });
    for (const group of ['g', 'h', 'h']) await send('three', group, { MessageDeduplicationId: 'y' });
    const [first, ...others] = await receive();
    assert.equal(first!.Attributes!.MessageDeduplicationId, 'x');
    assert.deepEqual(
      others.map(({ Attributes }) => Attributes!.MessageGroupId),
      ['g', 'h'],
    );
  });

  it('is forgotten at a purge, and by the sweeper after five minutes', async () => {
    await send('again');
    await client.call('PurgeQueue', { QueueUrl }, scope);
    await send('again');
    assert.deepEqual(await bodies(), ['again']);
    now += 300 * SECOND;
    await sqs.sweep();
    assert.deepEqual(store.collection('sqs/sent-before', { age: () => undefined }).count(scope), 0);
  });
});

describe('a receive', () => {
  it('with the same attempt id gets the same messages again until one of them is touched', async () => {
    for (const body of ['1', '2', '3']) await send(body);
    const attempt = { ReceiveRequestAttemptId: 'try-1' };
    const first = await receive(2, attempt);
    now += 20 * SECOND;
    const second = await receive(2, attempt);
    assert.deepEqual(
      second.map(({ ReceiptHandle }) => ReceiptHandle),
      first.map(({ ReceiptHandle }) => ReceiptHandle),
    );
    assert.equal(second[0]!.Attributes!.ApproximateReceiveCount, '1');
    now += 20 * SECOND;
    assert.deepEqual(await bodies(), [], 'they are hidden anew');
    await remove(first[0]!);
    assert.deepEqual(await receive(2, attempt), []);
  });

  it('cannot delete or hide what is visible again', async () => {
    await send('slow');
    const [message] = await receive();
    now += 30 * SECOND;
    await assert.rejects(remove(message!), /The receipt handle has expired\./);
    await assert.rejects(
      client.call(
        'ChangeMessageVisibility',
        { QueueUrl, ReceiptHandle: message!.ReceiptHandle!, VisibilityTimeout: 5 },
        scope,
      ),
      /not available for visibility timeout change/,
    );
  });
});

it('the queue’s delay holds for messages that are there already', async () => {
  await set({ DelaySeconds: '10' });
  await send('1');
  assert.equal(await counts(), '0 visible, 1 delayed, 0 in flight');
  assert.deepEqual(await bodies(), []);
  await set({ DelaySeconds: '0' });
  assert.deepEqual(await bodies(), ['1']);
});

it('dead letters go to a FIFO queue, and return to their group', async () => {
  const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
  const policy = (target: string) => JSON.stringify({ deadLetterTargetArn: arn(target), maxReceiveCount: 1 });
  await queue('standard', {});
  await assert.rejects(set({ RedrivePolicy: policy('standard') }), /must be same type/);
  const dead = await queue('dead.fifo');
  await set({ RedrivePolicy: policy('dead.fifo') });
  await send('poison');
  await send('good');
  assert.deepEqual(await bodies(1), ['poison']);
  now += 30 * SECOND;
  assert.deepEqual(await bodies(), ['good'], 'it is out of the way of its group');
  const [letter] = await receive(1, { VisibilityTimeout: 0 }, dead);
  assert.deepEqual(
    [letter!.Body, letter!.Attributes!.MessageGroupId, letter!.Attributes!.DeadLetterQueueSourceArn],
    ['poison', 'g', arn('jobs.fifo')],
  );
  now += 30 * SECOND;
  await client.call('StartMessageMoveTask', { SourceArn: arn('dead.fifo') }, scope);
  await sqs.stop();
  assert.equal(await counts(), '2 visible, 0 delayed, 0 in flight');
});

it('messages expire, and with the last of them the group', async () => {
  await set({ MessageRetentionPeriod: '60' });
  await send('old', 'a');
  await send('older', 'b');
  now += 30 * SECOND;
  await send('young', 'a');
  now += 31 * SECOND;
  await sqs.sweep();
  assert.equal(await counts(), '1 visible, 0 delayed, 0 in flight');
  assert.deepEqual(await bodies(), ['young']);
});

it('what FIFO queues do not take is refused by name', async () => {
  const other = { QueueName: 'plain', Attributes: FIFO };
  const cases: [() => Promise<unknown>, RegExp][] = [
    [() => client.call('CreateQueue', other, scope), /must end with \.fifo suffix/],
    [() => queue('x.fifo', {}), /Can only include alphanumeric/],
    [() => queue('x', { FifoQueue: 'false' }), /Unknown Attribute FifoQueue/],
    [() => queue('x', { ContentBasedDeduplication: 'true' }), /Unknown Attribute ContentBased/],
    [() => queue('x.fifo', { ...FIFO, DeduplicationScope: 'x' }), /parameter DeduplicationScope/],
    [() => set({ FifoThroughputLimit: 'perMessageGroupId' }), /allowed only when/],
    [() => set({ FifoQueue: 'false' }), /Modifying queue type is not supported/],
    [() => send('x', 'g', { MessageGroupId: undefined }), /must contain the parameter MessageGroupId/],
    [() => send('x', 'a b'), /1 to 128 in length/],
    [() => send('x', 'g', { DelaySeconds: 1 }), /not valid for this queue type/],
    [() => receive(1, { ReceiveRequestAttemptId: 'é' }), /1 to 128 in length/],
  ];
  for (const [call, message] of cases) await assert.rejects(call(), message);
  await send('x', 'g', { DelaySeconds: 0 });
  await set({ FifoQueue: 'true', ContentBasedDeduplication: 'false' });
  await assert.rejects(send('y'), /MessageDeduplicationId provided explicitly/);
  const entries = [{ MessageDeduplicationId: 'd' }, {}].map((ids, index) => ({
    ...{ Id: `${index}`, MessageBody: 'z', MessageGroupId: 'h', ...ids },
  }));
  const batch = client.call('SendMessageBatch', { QueueUrl, Entries: entries }, scope);
  await assert.rejects(batch, /MessageDeduplicationId provided explicitly/, 'the whole batch fails');
  assert.equal(await counts(), '1 visible, 0 delayed, 0 in flight');
  QueueUrl = await queue('standard', {});
  await assert.rejects(receive(1, { ReceiveRequestAttemptId: 'x' }), /not valid for this queue type/);
});
