import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { it } from 'node:test';
import { type Starting, Starts } from './starts.ts';

const MOST = Math.max(2, availableParallelism());

interface Fake extends Starting {
  number: number;
  ready(): void;
}

function open() {
  const room = { is: true };
  const starts = new Starts<Fake>(() => room.is);
  const begun: Fake[] = [];
  const begin = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const fake = { number: begun.length, started: promise, ready: resolve };
    begun.push(fake);
    return fake;
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const take = (key = 'a', count = 1) => Array.from({ length: count }, () => starts.take(key, begin));
  return { starts, begun, take, turn, room };
}

it('few environments start at the same time, and the next one when one is ready', async () => {
  const { starts, begun, take, turn } = open();
  const taken = take('a', MOST + 2);
  await turn();
  assert.deepEqual([begun.length, starts.waiting], [MOST, 2]);
  begun[0]!.ready();
  await turn();
  assert.deepEqual([begun.length, starts.waiting], [MOST + 1, 1]);
  assert.equal(await taken[MOST], begun[MOST]);
});

it('an idle environment serves the invocation that has waited longest for one of its key', async () => {
  const { starts, begun, take, turn } = open();
  take('a', MOST);
  const [other] = take('b');
  const [waiting] = take('a');
  await turn();
  const idle = begun[0]!;
  assert.ok(starts.give(idle, 'a'));
  assert.equal(await waiting, idle);
  assert.ok(!starts.give(idle, 'a'));
  assert.deepEqual([begun.length, starts.waiting], [MOST, 1]);
  starts.hurry('b');
  assert.equal(await other, begun[MOST]);
});

it('an initialisation that takes long does not hold up others', async (test) => {
  test.mock.timers.enable({ apis: ['setTimeout'] });
  const { begun, take } = open();
  take('a', MOST);
  const [waiting] = take('a');
  test.mock.timers.tick(1_000);
  assert.equal(await waiting, begun[MOST]);
});

it('an invocation that gets none does not hold up the next one', async () => {
  const { starts, begun, take, turn } = open();
  take('a', MOST);
  const none = starts.take('a', () => undefined);
  const [next] = take('a');
  await turn();
  begun[0]!.ready();
  assert.equal(await none, undefined);
  assert.equal(await next, begun[MOST]);
});

it('invocations wait while there is no room for another environment', async () => {
  const { starts, begun, take, turn, room } = open();
  room.is = false;
  const [waiting] = take();
  await turn();
  assert.deepEqual([begun.length, starts.waiting], [0, 1]);
  room.is = true;
  starts.next();
  assert.equal(await waiting, begun[0]);
});
