// What happens to messages over time, with a clock that the test advances.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { silentLog } from '../../kernel/log.ts';
import { openStore, type Store } from '../../store/store.ts';
import { type Client, createClient } from '../../wire/client.ts';
import type { Sdk } from './sdk.ts';
import { createSqs, type SqsService } from './service.ts';

const scope = { accountId: '000000000000', region: 'us-east-1' };
const SECOND = 1_000;

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

async function queue(QueueName: string, Attributes: Record<string, string> = {}): Promise<string> {
  return (await client.call('CreateQueue', { QueueName, Attributes }, scope)).QueueUrl!;
}

const send = (MessageBody: string, more: object = {}, url = QueueUrl) =>
  client.call('SendMessage', { QueueUrl: url, MessageBody, ...more }, scope);

async function receive(more: object = {}, url = QueueUrl) {
  const input = { QueueUrl: url, MaxNumberOfMessages: 10, ...more };
  return (await client.call('ReceiveMessage', input, scope)).Messages ?? [];
}

const bodies = async (more: object = {}, url = QueueUrl) =>
  (await receive(more, url)).map(({ Body }) => Body);

async function counts(url = QueueUrl): Promise<string> {
  const { Attributes } = await client.call(
    'GetQueueAttributes',
    { QueueUrl: url, AttributeNames: ['All'] },
    scope,
  );
  const of = (suffix: string) => Attributes?.[`ApproximateNumberOfMessages${suffix}` as 'QueueArn'];
  return `${of('')} visible, ${of('Delayed')} delayed, ${of('NotVisible')} in flight`;
}

beforeEach(async () => {
  now = Date.UTC(2026, 0, 1);
  open();
  QueueUrl = await queue('jobs');
});

describe('a message', () => {
  it('is hidden while it is in flight, and due again after its visibility timeout', async () => {
    for (const body of ['a', 'b', 'c']) await send(body);
    assert.deepEqual(await bodies({ MaxNumberOfMessages: 2 }), ['a', 'b']);
    assert.equal(await counts(), '1 visible, 0 delayed, 2 in flight');
    assert.deepEqual(await bodies(), ['c']);
    assert.deepEqual(await bodies(), []);
    now += 30 * SECOND;
    assert.deepEqual(await bodies({ VisibilityTimeout: 5 }), ['a', 'b', 'c']);
    now += 5 * SECOND;
    const [first] = await receive({ MaxNumberOfMessages: 1, MessageSystemAttributeNames: ['All'] });
    assert.equal(first!.Attributes!.ApproximateReceiveCount, '3');
  });

  it('is delayed by its own delay, or by the queue’s if it has none', async () => {
    const slow = await queue('slow', { DelaySeconds: '60' });
    await send('usual', {}, slow);
    await send('at once', { DelaySeconds: 0 }, slow);
    assert.equal(await counts(slow), '1 visible, 1 delayed, 0 in flight');
    assert.deepEqual(await bodies({}, slow), ['at once']);
    now += 60 * SECOND;
    assert.deepEqual(await bodies({}, slow), ['at once', 'usual']);
  });

  it('is deleted by its newest handle only', async () => {
    await send('once');
    const [first] = await receive({ VisibilityTimeout: 0 });
    now += 1;
    const [second] = await receive();
    const remove = (ReceiptHandle = '') => client.call('DeleteMessage', { QueueUrl, ReceiptHandle }, scope);
    await remove(first!.ReceiptHandle);
    assert.equal(await counts(), '0 visible, 0 delayed, 1 in flight', 'an old handle deletes nothing');
    await remove(second!.ReceiptHandle);
    assert.equal(await counts(), '0 visible, 0 delayed, 0 in flight');
    await remove(second!.ReceiptHandle);
    await assert.rejects(remove('nonsense'), { name: 'ReceiptHandleIsInvalid' });
  });

  it('can be hidden for longer or made visible at once, up to twelve hours after it was received', async () => {
    await send('job');
    const [{ ReceiptHandle = '' } = {}] = await receive();
    const hide = (VisibilityTimeout: number) =>
      client.call('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout }, scope);
    await hide(3_600);
    now += 3_599 * SECOND;
    assert.deepEqual(await bodies(), []);
    await assert.rejects(hide(43_200), /beyond the limit \[43200 seconds\]/);
    await hide(0);
    assert.deepEqual(await bodies(), ['job']);
    await assert.rejects(hide(1), /not available for visibility timeout change/, 'it was received again');
  });

  it('expires after its retention period, whether or not anyone receives', async () => {
    const brief = await queue('brief', { MessageRetentionPeriod: '60' });
    await send('old', {}, brief);
    now += 59 * SECOND;
    await send('young', {}, brief);
    now += 2 * SECOND;
    assert.deepEqual(await bodies({}, brief), ['young']);
    now += 60 * SECOND;
    await sqs.sweep();
    assert.equal(await counts(brief), '0 visible, 0 delayed, 0 in flight');
  });

  it('survives a restart of Millpond and keeps its place', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sqs-'));
    try {
      const path = join(directory, 'state.sqlite');
      open(path);
      QueueUrl = await queue('kept');
      await send('a');
      await send('b');
      const [{ ReceiptHandle = '' } = {}] = await receive({ MaxNumberOfMessages: 1 });
      await sqs.stop();
      store.close();

      open(path);
      sqs.start();
      assert.deepEqual(await bodies(), ['b']);
      await client.call('DeleteMessage', { QueueUrl, ReceiptHandle }, scope);
      now += 30 * SECOND;
      assert.deepEqual(await bodies(), ['b']);
      await sqs.stop();
      store.close();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

describe('dead letters', () => {
  const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
  const policy = (target: string, maxReceiveCount: number) => ({
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: arn(target), maxReceiveCount }),
  });

  it('a message that was received too often goes to the dead-letter queue, and a move task returns it', async () => {
    const dead = await queue('dead');
    const source = await queue('source', policy('dead', 2));
    const { MessageId } = await send('poison', {}, source);
    for (let receives = 0; receives < 2; receives++) {
      assert.deepEqual(await bodies({}, source), ['poison']);
      now += 30 * SECOND;
    }
    assert.deepEqual(await bodies({}, source), []);
    const [letter] = await receive({ MessageSystemAttributeNames: ['All'], VisibilityTimeout: 0 }, dead);
    assert.equal(letter!.MessageId, MessageId);
    assert.equal(letter!.Attributes!.DeadLetterQueueSourceArn, arn('source'));
    assert.equal(letter!.Attributes!.ApproximateReceiveCount, '3');
    const { queueUrls } = await client.call('ListDeadLetterSourceQueues', { QueueUrl: dead }, scope);
    assert.deepEqual(queueUrls, [source]);

    now += 1;
    await client.call('StartMessageMoveTask', { SourceArn: arn('dead') }, scope);
    const back = await receive({ WaitTimeSeconds: 20, MessageSystemAttributeNames: ['All'] }, source);
    assert.deepEqual(
      back.map(({ Body }) => Body),
      ['poison'],
    );
    assert.equal(back[0]!.Attributes!.ApproximateReceiveCount, '1', 'it begins anew');
    await sqs.stop();
    const { Results } = await client.call('ListMessageMoveTasks', { SourceArn: arn('dead') }, scope);
    assert.equal(Results![0]!.ApproximateNumberOfMessagesMoved, 1);
  });

  it('a move task can be cancelled, and a queue has one at a time', async () => {
    const dead = await queue('dead');
    await queue('source', policy('dead', 1));
    for (let count = 0; count < 3; count++) await send('letter', {}, dead);
    const task = { SourceArn: arn('dead'), DestinationArn: arn('jobs'), MaxNumberOfMessagesPerSecond: 1 };
    const { TaskHandle = '' } = await client.call('StartMessageMoveTask', task, scope);
    await assert.rejects(client.call('StartMessageMoveTask', task, scope), /already a task running/);
    await client.call('CancelMessageMoveTask', { TaskHandle }, scope);
    await assert.rejects(client.call('CancelMessageMoveTask', { TaskHandle }, scope), /Task does not exist/);
    await sqs.stop();
    assert.notEqual(await counts(dead), '0 visible, 0 delayed, 0 in flight');
  });

  it('the dead-letter queue must exist and allow the source', async () => {
    await assert.rejects(queue('lonely', policy('nowhere', 1)), /Dead letter target does not exist/);
    await queue('closed', { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' });
    await assert.rejects(queue('sender', policy('closed', 1)), /does not have permission/);
    await assert.rejects(queue('bad', policy('jobs', 0)), /valid values are from 1 to 1000/);
    const none = { SourceArn: arn('jobs') };
    await assert.rejects(
      client.call('StartMessageMoveTask', none, scope),
      /configured as a Dead Letter Queue/,
    );
  });

  it('a queue that is its own dead-letter queue still delivers', async () => {
    const own = await queue('own', policy('own', 1));
    await send('again', {}, own);
    for (let receives = 0; receives < 3; receives++) {
      assert.deepEqual(await bodies({}, own), ['again']);
      now += 30 * SECOND;
    }
  });
});

describe('a receiver that waits', () => {
  it('is answered when a message arrives', async () => {
    const waiting = bodies({ WaitTimeSeconds: 20 });
    await send('now');
    assert.deepEqual(await waiting, ['now']);
  });

  it('gets an empty answer when Millpond stops or the queue is deleted', async () => {
    const waiting = bodies({ WaitTimeSeconds: 20 });
    await sqs.stop();
    assert.deepEqual(await waiting, []);
    open();
    QueueUrl = await queue('jobs');
    const doomed = bodies({ WaitTimeSeconds: 20 });
    await client.call('DeleteQueue', { QueueUrl }, scope);
    await assert.rejects(doomed, { name: 'QueueDoesNotExist' });
  });

  it('that has disconnected receives nothing', async () => {
    const listeners = new Set<() => void>();
    const gone = { isGone: false };
    const waiting = sqs.service.operations.ReceiveMessage!(
      { QueueUrl, WaitTimeSeconds: 20 },
      {
        ...scope,
        ...{ service: 'sqs', operation: 'ReceiveMessage', requestId: 'r' },
        client: {
          get isGone() {
            return gone.isGone;
          },
          onGone(listener) {
            listeners.add(listener);
            return () => listeners.delete(listener);
          },
        },
      },
    );
    gone.isGone = true;
    for (const listener of listeners) listener();
    assert.deepEqual(await waiting, {});
    assert.equal(listeners.size, 0);
    await send('kept');
    assert.equal(await counts(), '1 visible, 0 delayed, 0 in flight');
  });
});

it('a policy longer than AWS’s limit is refused before it is read', async () => {
  const policy = (length: number) => `{"Statement":[${' '.repeat(length - 16)}]}`;
  const set = (Policy: string) =>
    client.call('SetQueueAttributes', { QueueUrl, Attributes: { Policy } }, scope);
  await set(policy(8_192));
  await assert.rejects(set(policy(8_193)), { name: 'InvalidAttributeValue' });
});

describe('a purge', () => {
  it('deletes all messages, at most once a minute', async () => {
    for (let count = 0; count < 3; count++) await send('x');
    await client.call('PurgeQueue', { QueueUrl }, scope);
    assert.equal(await counts(), '0 visible, 0 delayed, 0 in flight');
    await assert.rejects(client.call('PurgeQueue', { QueueUrl }, scope), { name: 'PurgeQueueInProgress' });
    now += 60 * SECOND;
    await client.call('PurgeQueue', { QueueUrl }, scope);
  });
});
