// What holds for every delivery, with sinks that fail, throw and hang at random, in virtual time: each message is delivered
// at least once or is a dead letter, the messages of a lane are in order, and every batch is acknowledged, once.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Change } from '../change.ts';
import type { AwsCalls, Failure } from '../sink.ts';
import { change, deliveryOf, mapping, scriptedSink, sourceOf } from './delivery.fixture.ts';
import { pass, settle, stopTime } from './virtual-time.fixture.ts';

stopTime();

/** A small generator, so that a failure repeats. */
function generator(seed: number) {
  let state = seed * 7_919 + 1;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

for (let seed = 1; seed <= 30; seed++) {
  it(`seed ${seed}`, async () => {
    const random = generator(seed);
    const below = (most: number) => Math.floor(random() * most);
    const isAllOrNothing = random() < 0.5;
    const batches: Change[][] = Array.from({ length: 12 }, () =>
      Array.from({ length: 1 + below(12) }, () => change(`key-${below(6)}`)),
    );
    let failures = 300;
    const sink = scriptedSink(
      async (messages, signal): Promise<Failure[]> => {
        if (random() < 0.2) await new Promise((resolve) => setTimeout(resolve, below(300)));
        failures -= 1;
        const kind = failures < 0 ? 9 : below(10);
        if (kind === 0) throw new Error('thrown');
        if (kind === 1) await new Promise((_resolve, reject) => signal.addEventListener('abort', reject));
        if (kind > 4) return [];
        const all = messages.map((_message, index) => ({
          index,
          mayRetry: random() < 0.9,
          reason: 'random',
        }));
        return isAllOrNothing ? all : all.filter(() => random() < 0.5);
      },
      { isAllOrNothing, limits: { messages: 1 + below(9), bytes: 5_000 } },
    );
    const dead = new Set<string>();
    const calls: AwsCalls = {
      async call(_service, _operation, input) {
        if (random() < 0.3) throw new Error('throttled');
        const { Message } = input as { Message: string };
        dead.add(JSON.parse(Message).message.sequence);
      },
    };
    const source = sourceOf(batches);
    const one = mapping({
      batch: { size: 1 + below(9), windowMs: below(3) * 50, parallel: 1 + below(4) },
      retry: { attempts: below(3) === 0 ? 2 : -1, maxAgeMs: -1, bisects: random() < 0.5 },
      timeoutMs: 500,
      deadLetters: { kind: 'sns', arn: 'arn:aws:sns:us-west-2:000000000000:dead' },
    });
    const limits = { changes: 10 + below(40), bytes: 1_000_000 };
    const delivery = deliveryOf(source.source, sink.sink, { mappings: [one] }, { calls, limits, random });
    let hasEnded = false;
    const ended = delivery.run().then(() => (hasEnded = true));
    await settle();
    for (let turn = 0; turn < 3_000 && !hasEnded; turn++) await pass(100);
    assert.ok(hasEnded, JSON.stringify(delivery.counts()));
    await ended;

    const all = batches.flat();
    assert.deepEqual(
      source.acknowledged.toSorted((one, other) => one - other),
      [...batches.keys()],
    );
    const delivered = new Set(sink.delivered.map(({ sequence }) => sequence));
    for (const { sequence } of all)
      assert.ok(delivered.has(sequence) || dead.has(sequence), `${sequence} is lost`);
    const last = new Map<string, number>();
    for (const { lane, sequence } of sink.delivered) {
      assert.ok(Number(sequence) > (last.get(lane) ?? 0), `${sequence} of ${lane} is out of order`);
      last.set(lane, Number(sequence));
    }
    const { inFlight, delivered: count, dead: given } = delivery.counts();
    assert.deepEqual({ inFlight, all: count + given }, { inFlight: 0, all: all.length });
    await delivery.close();
  });
}
