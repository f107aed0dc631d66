// Deliveries with scripted sinks in virtual time: order, batches, retries, acknowledgements and backpressure.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { OperationalError } from '../../kernel/errors.ts';
import type { Message } from '../sink.ts';
import { change, deliveryOf, mapping, type Script, scriptedSink, sourceOf } from './delivery.fixture.ts';
import { pass, settle, stopTime } from './virtual-time.fixture.ts';

stopTime();

/** Fails the first `times` calls that contain the lane. */
const failing = (lane: string, times: number): Script => {
  let left = times;
  return async (messages) => {
    const index = messages.findIndex((message) => message.lane === lane);
    if (index === -1 || left === 0) return [];
    left -= 1;
    return [{ index, mayRetry: true, reason: 'not now' }];
  };
};

const lanes = (messages: readonly Message[]) => messages.map(({ lane }) => lane);

describe('a delivery', () => {
  it('delivers every change in order and acknowledges each batch', async () => {
    const { source, acknowledged } = sourceOf([[change('a'), change('b')], [change('a')]]);
    const { sink, delivered } = scriptedSink();
    const delivery = deliveryOf(source, sink);
    await delivery.run();
    assert.deepEqual(lanes(delivered), ['a', 'b', 'a']);
    assert.deepEqual(acknowledged, [0, 1]);
    const { read, delivered: count, inFlight } = delivery.counts();
    assert.deepEqual({ read, count, inFlight }, { read: 3, count: 3, inFlight: 0 });
    await delivery.close();
  });

  it('holds back only the lane of a message that is tried again', async () => {
    const first = change('a');
    const { source, acknowledged } = sourceOf([
      [first, change('b')],
      [change('a'), change('b'), change('c')],
    ]);
    const { sink, delivered } = scriptedSink(failing('a', 2));
    const delivery = deliveryOf(source, sink);
    const ended = delivery.run();
    await settle();
    assert.deepEqual(lanes(delivered), ['b', 'c', 'b']);
    assert.deepEqual(acknowledged, []);
    await pass(50);
    assert.deepEqual(lanes(delivered), ['b', 'c', 'b']);
    await pass(100);
    await ended;
    assert.deepEqual(lanes(delivered), ['b', 'c', 'b', 'a', 'a']);
    assert.equal(delivered[3]!.sequence, first.sequence);
    assert.deepEqual(acknowledged, [0, 1]);
    assert.equal(delivery.counts().retried, 2);
    await delivery.close();
  });

  it('gives a sink at most one message of each lane, unless it delivers all or nothing', async () => {
    const changes = ['a', 'a', 'b', 'a'].map((key) => change(key));
    const ten = [mapping({ batch: { size: 10, windowMs: 0, parallel: 1 } })];
    const each = scriptedSink();
    await deliveryOf(sourceOf([changes]).source, each.sink, { mappings: ten }).run();
    assert.deepEqual(each.calls, [['a', 'b'], ['a'], ['a']]);
    const whole = scriptedSink(undefined, { isAllOrNothing: true });
    await deliveryOf(sourceOf([changes]).source, whole.sink, { mappings: ten }).run();
    assert.deepEqual(whole.calls, [['a', 'a', 'b', 'a']]);
  });

  it('reads the next batch only while there is room', async () => {
    const { source, read, acknowledged } = sourceOf([
      [change('a'), change('b')],
      [change('c')],
      [change('d')],
    ]);
    let open = () => {};
    const { sink } = scriptedSink(() => new Promise((resolve) => (open = () => resolve([]))));
    const delivery = deliveryOf(source, sink, {}, { limits: { changes: 2, bytes: 1_000_000 } });
    const ended = delivery.run();
    await settle();
    assert.deepEqual(read, [0]);
    open();
    await settle();
    assert.deepEqual(read, [0]);
    open();
    await settle();
    assert.deepEqual({ read, acknowledged }, { read: [0, 1, 2], acknowledged: [0] });
    for (let turn = 0; turn < 2; turn++) {
      open();
      await settle();
    }
    await ended;
  });

  it('ends calls and timers when it is closed, and acknowledges nothing that was not delivered', async () => {
    const { source, acknowledged } = sourceOf([[change('a')], [change('b')]]);
    const { sink } = scriptedSink(async (messages, signal) => {
      if (messages[0]!.lane === 'a') throw new OperationalError('TimedOut', 'gone');
      return await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    });
    const delivery = deliveryOf(source, sink);
    const ended = delivery.run();
    await settle();
    const closed = delivery.close();
    await pass(500);
    await closed;
    await ended;
    assert.deepEqual(acknowledged, []);
  });
});
