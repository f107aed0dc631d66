// A delivery that is closed leaves nothing behind: no timer, no call, no read of its source.

import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import type { AwsCalls } from '../sink.ts';
import { change, deliveryOf, mapping, scriptedSink, sourceOf } from './delivery.fixture.ts';

/** Counts the timers that are set and neither fired nor cleared. */
function liveTimers(context: TestContext): () => number {
  const live = new Set<unknown>();
  const { setTimeout: start, clearTimeout: stop } = globalThis;
  context.mock.method(globalThis, 'setTimeout', (fire: () => void, ms: number) => {
    const timer = start(() => {
      live.delete(timer);
      fire();
    }, ms);
    live.add(timer);
    return timer;
  });
  context.mock.method(globalThis, 'clearTimeout', (timer: NodeJS.Timeout) => {
    live.delete(timer);
    stop(timer);
  });
  return () => live.size;
}

it('a closed delivery has no timers left, of retries, windows, time limits or dead letters', async (context) => {
  const timers = liveTimers(context);
  const calls: AwsCalls = {
    call: async () => {
      throw new Error('no queue');
    },
  };
  const seen = Promise.withResolvers<void>();
  const names = new Set<string>();
  const sink = scriptedSink(async ([message], signal) => {
    names.add(message!.lane);
    if (names.size === 3) seen.resolve();
    if (message!.lane === 'hangs') {
      return await new Promise((_resolve, reject) => signal.addEventListener('abort', reject));
    }
    return [{ index: 0, mayRetry: message!.lane === 'retried', reason: 'no' }];
  });
  let isClosed = false;
  sink.sink.close = async () => void (isClosed = true);
  const { source, acknowledged } = sourceOf([
    ['retried', 'dead', 'hangs'].map((key) => change(key)),
    [change('later')],
  ]);
  const delivery = deliveryOf(
    source,
    sink.sink,
    {
      mappings: [
        mapping({
          batch: { size: 1, windowMs: 0, parallel: 3 },
          deadLetters: { kind: 'sqs', arn: 'arn:aws:sqs:us-west-2:000000000000:dead' },
        }),
      ],
    },
    { calls, limits: { changes: 1, bytes: 1_000_000 } },
  );
  const ended = delivery.run();
  await seen.promise;
  assert.ok(timers() > 0);
  await Promise.all([delivery.close(), delivery.close()]);
  await ended;
  assert.equal(timers(), 0);
  assert.ok(isClosed);
  assert.deepEqual(acknowledged, []);
});

it('the bytes that are read and not delivered are bounded as well', async () => {
  const large = () => change('large', { value: { type: 'string', value: Buffer.alloc(10_000) } });
  const { source, read } = sourceOf([[large()], [large()], [large()]]);
  const { sink } = scriptedSink(
    (_messages, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', reject)),
  );
  const delivery = deliveryOf(source, sink, {}, { limits: { changes: 100, bytes: 15_000 } });
  const ended = delivery.run();
  while (delivery.counts().read < 2) await new Promise((resolve) => setImmediate(resolve));
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  await delivery.close();
  await ended;
  assert.deepEqual(read, [0, 1]);
});
