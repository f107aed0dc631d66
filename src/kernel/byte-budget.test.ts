import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteBudget } from './byte-budget.ts';

const open = (waitMs = 1_000) => new ByteBudget({ mostBytes: 100, waitMs, freeBytes: 10 });

test('holders wait for room in the order of their requests', async () => {
  const budget = open();
  const [a, b, c, d] = [budget.hold(), budget.hold(), budget.hold(), budget.hold()];
  assert.equal(a.reserve(70), undefined);
  const ends: string[] = [];
  const waitsB = b.reserve(60)!.then((hasRoom) => ends.push(`b ${hasRoom}`));
  // There is room for 20 more, but the request of `b` came first.
  const waitsC = c.reserve(20)!.then((hasRoom) => ends.push(`c ${hasRoom}`));
  assert.equal(d.reserve(10), undefined);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(ends, []);
  a.release();
  await Promise.all([waitsB, waitsC]);
  assert.deepEqual(ends, ['b true', 'c true']);
  assert.equal(budget.used, 80);
  for (const held of [a, b, c, d, d]) held.release();
  assert.equal(budget.used, 0);
});

test('a holder that times out or gives up gets nothing, and the next one is served', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const budget = open();
  const [a, b, c, d] = [budget.hold(), budget.hold(), budget.hold(), budget.hold()];
  a.reserve(50);
  const waits = [b.reserve(90), c.reserve(90), d.reserve(20)];
  b.release();
  assert.equal(await waits[0], false);
  context.mock.timers.tick(1_000);
  assert.deepEqual(await Promise.all(waits), [false, false, true]);
  assert.equal(budget.used, 70);
});

test('growing is refused when there is no room, and a holder that is alone may exceed the budget', () => {
  const budget = open();
  const [a, b] = [budget.hold(), budget.hold()];
  assert.ok(a.grow(10));
  assert.equal(budget.used, 0);
  assert.ok(a.grow(60));
  assert.ok(b.grow(40));
  assert.ok(!b.grow(41));
  assert.ok(!a.grow(61));
  b.release();
  assert.ok(a.grow(500));
  a.release();
  assert.equal(b.reserve(1_000), undefined);
});
