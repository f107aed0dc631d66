// A batcher gathers items, sends them in order, bounds what waits, and loses what it cannot send.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { OperationalError } from '../kernel/errors.ts';
import { type Log, silentLog } from '../kernel/log.ts';
import { type BatchPolicy, createBatcher } from './batcher.ts';
import { fakeTime } from './outbox.fixture.ts';

const POLICY: BatchPolicy = { gatherMs: 100, mostWaiting: 10, mostItems: 3 };

function open(policy: Partial<BatchPolicy> = {}, send?: () => Promise<void>) {
  const sent: [string, string[]][] = [];
  const warnings: object[] = [];
  const log: Log = { ...silentLog, warn: (fields) => warnings.push(fields), child: () => log };
  const batcher = createBatcher<{ key: string }, string>({
    ...{ what: 'letters', policy: { ...POLICY, ...policy }, log },
    keyOf: ({ key }) => key,
    sizeOf: ({ length }) => length,
    async send({ key }, batch) {
      sent.push([key, [...batch]]);
      await send?.();
    },
  });
  return { batcher, sent, warnings };
}

const A = { key: 'a' };
const B = { key: 'b' };

it('gathers items for a while, and sends those of one target together and in order', async (test) => {
  const pass = fakeTime(test);
  const { batcher, sent } = open();
  batcher.add(A, ['1']);
  await pass(60);
  batcher.add(B, ['x']);
  batcher.add({ key: 'a' }, ['2', '3', '4']);
  await pass(39);
  assert.deepEqual(sent, []);
  await pass(1);
  assert.deepEqual(sent, [
    ['a', ['1', '2', '3']],
    ['a', ['4']],
    ['b', ['x']],
  ]);
  batcher.add(A, ['5']);
  await pass(100);
  assert.deepEqual(sent.at(-1), ['a', ['5']]);
});

it('splits batches by the size of their items, and sends a too large item alone', async () => {
  const { batcher, sent } = open({ mostSize: 4 });
  batcher.add(A, ['12', '34', '5', '123456', '7']);
  await batcher.flush();
  assert.deepEqual(
    sent.map(([, batch]) => batch),
    [['12', '34'], ['5'], ['123456'], ['7']],
  );
});

it('sends one batch at a time, and logs how many items it loses when too many wait', async () => {
  let end = () => {};
  let under = 0;
  const { batcher, sent, warnings } = open({}, async () => {
    assert.equal(++under, 1);
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    under--;
  });
  const step = async () => {
    end();
    await new Promise((resolve) => setImmediate(resolve));
  };
  assert.ok(batcher.add(A, ['1', '2', '3', '4', '5', '6']));
  const flushed = batcher.flush();
  await step();
  // Items that are being sent count.
  assert.ok(!batcher.add(B, ['1', '2', '3', '4', '5', '6', '7', '8']));
  assert.ok(!batcher.add(B, ['1', '2', '3', '4', '5', '6', '7', '8']));
  assert.ok(batcher.add(B, ['1', '2']));
  await step();
  await step();
  await flushed;
  assert.ok(batcher.add(B, ['3', '4', '5', '6', '7', '8', '9', '10']));
  const stopped = batcher.stop();
  for (let batch = 0; batch < 5; batch++) await step();
  await stopped;
  assert.deepEqual(
    sent
      .slice(2)
      .flatMap(([, batch]) => batch)
      .join(' '),
    '1 2 3 4 5 6 7 8 9 10',
  );
  assert.deepEqual(warnings, [{ to: 'b' }, { lost: 16 }]);
});

it('a batch that fails is lost, and the next one is sent', async () => {
  let failures = 1;
  const { batcher, sent, warnings } = open({}, async () => {
    if (failures-- > 0) throw new Error('away');
  });
  batcher.add(A, ['1', '2', '3', '4']);
  await batcher.flush();
  assert.equal(sent.length, 2);
  assert.deepEqual(
    warnings.map((fields) => ({ ...fields, err: undefined })),
    [{ lost: 3, to: 'a', err: undefined }],
  );
});

it('sends nothing more once the receiver is not running, nor after the stop', async () => {
  const { batcher, sent, warnings } = open({}, async () => {
    throw new OperationalError('NotRunning', 'none');
  });
  batcher.add(A, ['1', '2', '3', '4']);
  batcher.add(B, ['5']);
  await batcher.flush();
  assert.equal(sent.length, 1);
  assert.ok(batcher.isOff);
  assert.ok(!batcher.add(A, ['6']));
  await batcher.flush();
  assert.equal(sent.length, 1);
  assert.equal(warnings.length, 1);

  const other = open();
  other.batcher.add(A, ['last']);
  await other.batcher.stop();
  other.batcher.add(A, ['too late']);
  await other.batcher.flush();
  assert.deepEqual(other.sent, [['a', ['last']]]);
});
