// Deliveries whose sinks fail, in virtual time: retries, halved batches, ages, time limits, outages and dead letters.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OperationalError } from '../../kernel/errors.ts';
import type { Mapping } from '../configuration/configuration.ts';
import type { AwsCalls, Failure, Message } from '../sink.ts';
import {
  change,
  deliveryOf,
  hash,
  mapping,
  type Script,
  scriptedSink,
  sourceOf,
} from './delivery.fixture.ts';
import type { ChangeRecord } from './record.ts';
import { pass, passLong, settle, stopTime } from './virtual-time.fixture.ts';

stopTime();

const all = (messages: readonly Message[], mayRetry = true): Failure[] =>
  messages.map((_message, index) => ({ index, mayRetry, reason: 'no' }));
/** All of a call's messages fail while it contains this lane. */
const poisoned =
  (lane: string): Script =>
  async (messages) =>
    messages.some((message) => message.lane === lane) ? all(messages) : [];
const changes = (keys: string) => [...keys].map((key) => change(key));
const batchOf = (size: number, retry: Partial<Mapping['retry']> = {}, more: Partial<Mapping> = {}) =>
  mapping({
    batch: { size, windowMs: 0, parallel: 1 },
    retry: { attempts: -1, maxAgeMs: -1, bisects: false, ...retry },
    ...more,
  });
const ARN = 'arn:aws:sqs:us-west-2:000000000000:dead';
const deadLetters = { kind: 'sqs', arn: ARN } as const;

/** A dead letter. */
interface Letter {
  requestContext: { functionArn: string; condition: string; approximateInvokeCount: number };
  responseContext: object;
  feed: object;
  version: string;
  message: { lane: string; payload?: ChangeRecord; payloadOmitted?: string };
}

/** Calls of SQS that note what is sent; the first `failures` of them fail. */
function queue(failures = 0) {
  const sent: Letter[] = [];
  let left = failures;
  const calls: AwsCalls = {
    async call(_service, operation, input) {
      if (operation === 'GetQueueUrl') return { QueueUrl: 'https://sqs/dead' };
      left -= 1;
      if (left >= 0) throw new Error('throttled');
      sent.push(JSON.parse((input as { MessageBody: string }).MessageBody));
      return {};
    },
  };
  return { calls, sent };
}

/** Runs a delivery of these batches to a sink. */
function started(
  batches: Parameters<typeof sourceOf>[0],
  { sink }: ReturnType<typeof scriptedSink>,
  one: Mapping,
  calls?: AwsCalls,
) {
  const source = sourceOf(batches);
  const delivery = deliveryOf(source.source, sink, { mappings: [one] }, calls ? { calls } : {});
  return { ...source, delivery, ended: delivery.run() };
}

describe('retries', () => {
  it('wait twice as long each time, from 50 ms to 30 s', async () => {
    const sink = scriptedSink(async (messages) => all(messages));
    const { delivery } = started([changes('a')], sink, mapping());
    const times: number[] = [];
    let seen = 0;
    for (let at = 0; at < 200_000; at += 50) {
      if (sink.calls.length > seen) times.push(at);
      seen = sink.calls.length;
      await (at < 1_000 ? pass(50) : passLong(50));
    }
    const gaps = times.slice(1).map((time, index) => time - times[index]!);
    for (const [index, gap] of gaps.entries()) {
      const wanted = Math.min(30_000, 50 * 2 ** index);
      assert.ok(Math.abs(gap - wanted) <= 50, `${gap} after ${index} failures`);
    }
    assert.ok(gaps.length >= 12);
    assert.deepEqual(delivery.counts().failing, ['all: no']);
    await delivery.close();
  });

  it('end after the attempts that the mapping allows, and the message is given up', async () => {
    const sink = scriptedSink(poisoned('a'));
    const { calls, sent } = queue();
    const run = started([changes('ab')], sink, batchOf(1, { attempts: 2 }, { deadLetters }), calls);
    await pass(1_000);
    await run.ended;
    assert.deepEqual(sink.calls.flat().sort(), ['a', 'a', 'a', 'b']);
    assert.deepEqual(run.acknowledged, [0]);
    const { dead, delivered, retried } = run.delivery.counts();
    assert.deepEqual({ dead, delivered, retried }, { dead: 1, delivered: 1, retried: 2 });
    const [{ requestContext, responseContext, feed, message, version }] = sent as [Letter];
    assert.deepEqual(requestContext, {
      ...{ functionArn: 'shop-orders', condition: 'RetryAttemptsExhausted', approximateInvokeCount: 3 },
    });
    assert.deepEqual(
      { responseContext, version },
      { responseContext: { errorMessage: 'no' }, version: '1.0' },
    );
    assert.deepEqual(feed, { name: 'orders', mapping: 'all', cache: 'shop' });
    assert.equal(message.payload!.key, 'a');
  });

  it('are not made of a failure that is final', async () => {
    const sink = scriptedSink(async (messages) => all(messages, false));
    const { calls, sent } = queue();
    const run = started([changes('a')], sink, batchOf(1, {}, { deadLetters }), calls);
    await run.ended;
    assert.equal(sink.calls.length, 1);
    assert.equal(sent[0]!.requestContext.condition, 'NotRetryable');
  });

  it('end when the message is too old, and one that is too old at first is not tried', async () => {
    const sink = scriptedSink(async (messages) => all(messages));
    const { calls, sent } = queue();
    const old = change('old', { at: Date.now() - 60_001 });
    const run = started([[old, change('a')]], sink, batchOf(1, { maxAgeMs: 60_000 }, { deadLetters }), calls);
    await passLong(180_000);
    await run.ended;
    assert.deepEqual(
      sent.map(({ requestContext, message }) => [message.lane, requestContext.condition]),
      [
        ['old', 'RecordAgeExceeded'],
        ['a', 'RecordAgeExceeded'],
      ],
    );
    assert.equal(sent[0]!.requestContext.approximateInvokeCount, 0);
    assert.ok(!sink.calls.flat().includes('old'));
    assert.deepEqual(run.acknowledged, [0]);
  });

  it('of several failed messages are made together, and those that were delivered are not sent again', async () => {
    let isFirst = true;
    const sink = scriptedSink(async () => {
      if (!isFirst) return [];
      isFirst = false;
      return [0, 2].map((index) => ({ index, mayRetry: true, reason: 'throttled' }));
    });
    const run = started([changes('abc')], sink, batchOf(10));
    await pass(100);
    await run.ended;
    assert.deepEqual(sink.calls, [
      ['a', 'b', 'c'],
      ['a', 'c'],
    ]);
  });
});

describe('a batch', () => {
  it('that fails is halved until the message is alone, which alone is given up', async () => {
    for (const isAllOrNothing of [true, false]) {
      const script: Script = async (messages) => {
        if (isAllOrNothing) return await poisoned('d')(messages, new AbortController().signal);
        if (messages.some(({ lane }) => lane === 'd')) throw new Error('it crashed');
        return [];
      };
      const sink = scriptedSink(script, { isAllOrNothing });
      const { calls, sent } = queue();
      const one = batchOf(8, { attempts: 1, bisects: true }, { deadLetters });
      const run = started([changes('abcdefgh')], sink, one, calls);
      await pass(1_000);
      await run.ended;
      assert.deepEqual(sink.delivered.map(({ lane }) => lane).sort(), [...'abcefgh']);
      assert.deepEqual(
        sent.map(({ message }) => message.lane),
        ['d'],
      );
      assert.deepEqual(
        sink.calls.filter((call) => call.includes('d')).map((call) => call.join('')),
        ['abcdefgh', 'abcd', 'cd', 'd', 'd'],
      );
    }
  });

  it('that is halved keeps the order of a lane that is in both halves', async () => {
    let left = 3;
    const sink = scriptedSink(
      async (messages) => {
        left -= 1;
        return left >= 0 ? all(messages) : [];
      },
      { isAllOrNothing: true },
    );
    const one = { ...batchOf(4, { bisects: true }), batch: { size: 4, windowMs: 0, parallel: 4 } };
    const run = started([changes('aaba')], sink, one);
    await pass(2_000);
    await run.ended;
    const ofA = sink.delivered.filter(({ lane }) => lane === 'a').map(({ sequence }) => Number(sequence));
    assert.deepEqual(
      ofA,
      ofA.toSorted((one, other) => one - other),
    );
    assert.equal(ofA.length, 3);
  });

  it('is not halved when the service cannot be reached', async () => {
    let left = 2;
    const sink = scriptedSink(async () => {
      left -= 1;
      if (left >= 0) throw new OperationalError('NotRunning', 'The service cannot be reached.');
      return [];
    });
    const run = started([changes('abcd')], sink, batchOf(4, { bisects: true }));
    await pass(1_000);
    await run.ended;
    assert.deepEqual(
      sink.calls.map((call) => call.length),
      [4, 4, 4],
    );
  });

  it('waits for its window, unless it is full or nothing more can come', async () => {
    const waits = { ...mapping(), batch: { size: 3, windowMs: 5_000, parallel: 1 } };
    const more = Promise.withResolvers<void>();
    const sink = scriptedSink();
    const source = {
      ...sourceOf([]).source,
      async *batches() {
        for (const keys of ['ab', 'c', 'de']) yield { changes: changes(keys), acknowledge() {} };
        await more.promise;
      },
    };
    const delivery = deliveryOf(source, sink.sink, { mappings: [waits] });
    const ended = delivery.run();
    await settle();
    assert.deepEqual(sink.calls, [['a', 'b', 'c']]);
    await pass(4_900);
    assert.equal(sink.calls.length, 1);
    await pass(200);
    assert.deepEqual(sink.calls[1], ['d', 'e']);
    more.resolve();
    await ended;
    const last = scriptedSink();
    await deliveryOf(sourceOf([changes('x')]).source, last.sink, { mappings: [waits] }).run();
    assert.deepEqual(last.calls, [['x']]);
  });

  it('is delivered in parallel with as many others as the mapping says', async () => {
    const open: (() => void)[] = [];
    const sink = scriptedSink(() => new Promise((resolve) => open.push(() => resolve([]))));
    const one = mapping({ batch: { size: 1, windowMs: 0, parallel: 3 } });
    const run = started([changes('aabcde')], sink, one);
    await settle();
    assert.deepEqual(sink.calls, [['a'], ['b'], ['c']]);
    for (let call = 0; call < 6; call++) {
      open[call]!();
      await settle();
    }
    await run.ended;
    assert.deepEqual(sink.calls.flat().sort(), [...'aabcde']);
  });
});

describe('a sink', () => {
  it('that hangs is aborted after the time limit, and its late answer changes nothing', async () => {
    const answers: ((failures: Failure[]) => void)[] = [];
    const reasons: unknown[] = [];
    const sink = scriptedSink((_messages, signal) => {
      signal.addEventListener('abort', () => reasons.push(signal.reason));
      return new Promise((resolve) => answers.push(resolve));
    });
    const run = started([changes('a')], sink, mapping({ timeoutMs: 10_000 }));
    await settle();
    await passLong(10_000);
    assert.equal(reasons.length, 1);
    assert.match(String(reasons[0]), /did not answer within 10 s/);
    assert.equal(sink.calls.length, 1);
    await passLong(2_000);
    assert.equal(sink.calls.length, 2);
    answers[0]!([]);
    await settle();
    assert.deepEqual(run.acknowledged, []);
    answers[1]!([]);
    await run.ended;
    assert.deepEqual(run.acknowledged, [0]);
  });

  it('that throws, or names messages that it was not given, fails', async () => {
    let turn = 0;
    const sink = scriptedSink((() => {
      turn += 1;
      if (turn === 1) throw new Error('at once');
      return Promise.resolve(turn === 2 ? [{ index: 7, mayRetry: false, reason: 'odd' }] : []);
    }) as Script);
    const run = started([changes('a')], sink, mapping());
    await pass(1_000);
    await run.ended;
    assert.equal(sink.calls.length, 3);
    assert.equal(run.delivery.counts().dead, 0);
  });

  it('that is gone is called once a second for new lanes at most, and gets everything soon when it is back', async () => {
    let isGone = true;
    const sink = scriptedSink(async () => {
      if (isGone) throw new OperationalError('NotRunning', 'gone');
      return [];
    });
    const keys = Array.from({ length: 2_000 }, (_, index) => change(`k${index}`));
    const run = started([keys], sink, mapping({ batch: { size: 1, windowMs: 0, parallel: 10 } }));
    await passLong(60_000);
    const before = sink.calls.length;
    assert.ok(new Set(sink.calls.flat()).size < 90, `${new Set(sink.calls.flat()).size} lanes`);
    await passLong(10_000);
    assert.ok(sink.calls.length - before < 60, `${sink.calls.length - before} calls in 10 s`);
    isGone = false;
    await passLong(2_000);
    await run.ended;
    assert.equal(new Set(sink.delivered.map(({ lane }) => lane)).size, 2_000);
  });
});

describe('dead letters', () => {
  it('that cannot be sent are tried again, and hold their batch but not their lane', async () => {
    const sink = scriptedSink(poisoned('x'));
    const { calls, sent } = queue(3);
    const one = batchOf(1, { attempts: 0 }, { deadLetters });
    const run = started([changes('x'), changes('y')], sink, one, calls);
    await settle();
    assert.deepEqual(
      sink.delivered.map(({ lane }) => lane),
      ['y'],
    );
    assert.deepEqual(run.acknowledged, [1]);
    assert.deepEqual(run.delivery.counts().failing, [`all: dead letters to ${ARN}: throttled`]);
    await pass(1_000);
    await run.ended;
    assert.deepEqual(
      { sent: sent.length, acknowledged: run.acknowledged },
      { sent: 1, acknowledged: [1, 0] },
    );
  });

  it('are counted and dropped when the mapping names no place for them', async () => {
    const run = started([changes('xy')], scriptedSink(poisoned('x')), batchOf(1, { attempts: 0 }));
    await run.ended;
    assert.equal(run.delivery.counts().dead, 1);
    assert.deepEqual(run.acknowledged, [0]);
  });

  it('say that a payload was too large for them', async () => {
    const { calls, sent } = queue();
    const large = change('x', { value: { type: 'string', value: Buffer.alloc(300_000, 'a') } });
    const run = started(
      [[large]],
      scriptedSink(poisoned('x')),
      batchOf(1, { attempts: 0 }, { deadLetters }),
      calls,
    );
    await run.ended;
    assert.equal(sent[0]!.message.payload, undefined);
    assert.match(sent[0]!.message.payloadOmitted!, /too large/);
  });

  it('go to a topic as well', async () => {
    const published: unknown[] = [];
    const calls: AwsCalls = { call: async (...call) => void published.push(call.slice(0, 2)) };
    const topic = { kind: 'sns', arn: 'arn:aws:sns:us-west-2:000000000000:dead' } as const;
    const one = batchOf(1, { attempts: 0 }, { deadLetters: topic });
    const run = started([changes('x')], scriptedSink(poisoned('x')), one, calls);
    await run.ended;
    assert.deepEqual(published, [['sns', 'Publish']]);
  });
});

describe('a table', () => {
  const table = (more: Partial<Mapping> = {}) =>
    batchOf(10, {}, { target: { kind: 'dynamodb', table: 'Carts', row: { key: {} } }, ...more });
  const state = (key: string, total: string) => change(key, { value: hash({ total }) });

  it('gets the last of several changes of a row; the others are delivered with it', async () => {
    const sink = scriptedSink();
    const source = sourceOf([[state('a', '1'), state('b', '1'), state('a', '2')]]);
    const delivery = deliveryOf(source.source, sink.sink, { mappings: [table()], value: 'after' });
    await delivery.run();
    assert.deepEqual(
      sink.delivered.map(({ row }) => row?.columns),
      [
        { total: '1', key: 'b' },
        { total: '2', key: 'a' },
      ],
    );
    assert.equal(delivery.counts().delivered, 3);
    assert.deepEqual(source.acknowledged, [0]);
  });

  it('gives up every change of a row that it refuses', async () => {
    const sink = scriptedSink(async (messages) => all(messages, false));
    const { calls, sent } = queue();
    const source = sourceOf([[state('a', '1'), state('a', '2')]]);
    const more = { mappings: [table({ deadLetters })], value: 'after' } as const;
    await deliveryOf(source.source, sink.sink, more, { calls }).run();
    assert.deepEqual(
      sent.map(({ message }) => (message.payload!.value as { total: string }).total),
      ['1', '2'],
    );
  });
});

it('what was not acknowledged comes again after a crash, in order', async () => {
  const batches = [changes('ab'), changes('a')];
  const first = scriptedSink(async (messages) => (messages[0]!.lane === 'a' ? all(messages) : []));
  const crashed = started(batches, first, mapping());
  await pass(100);
  const closed = crashed.delivery.close();
  await pass(600);
  await closed;
  assert.deepEqual(crashed.acknowledged, []);
  const second = scriptedSink();
  const again = started(batches, second, mapping());
  await again.ended;
  assert.deepEqual(
    second.delivered.map(({ sequence }) => sequence),
    batches.flat().map(({ sequence }) => sequence),
  );
  assert.deepEqual(again.acknowledged, [0, 1]);
});
