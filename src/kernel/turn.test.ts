import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inSlices, inTurn, turnEnd } from './turn.ts';

function work(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

test('work that arrives together runs in order, and the event loop turns in between', async () => {
  const done: number[] = [];
  let turns = 0;
  const counting = setInterval(() => turns++, 1);
  await new Promise<void>((resolve) => {
    const begin = (index: number) => {
      // The continuation after an await belongs to the same piece of work.
      void Promise.resolve().then(() => work(1));
      done.push(index);
      if (index === 99) resolve();
    };
    // All of them in one turn.
    for (let index = 0; index < 100; index++) setImmediate(() => inTurn(() => begin(index)));
  });
  clearInterval(counting);
  assert.deepEqual(
    done,
    Array.from({ length: 100 }, (_, index) => index),
  );
  assert.ok(turns >= 5, String(turns));
});

test('long work in slices lets timers fire', async () => {
  let turns = 0;
  const counting = setInterval(() => turns++, 1);
  for (let slice = 0; slice < 100; slice++) {
    work(1);
    await turnEnd();
  }
  clearInterval(counting);
  assert.ok(turns >= 5, String(turns));
});

test('a generator runs to its end, with turns of the event loop in between', async () => {
  let turns = 0;
  const counting = setInterval(() => turns++, 1);
  function* steps() {
    for (let step = 0; step < 100; step++) {
      work(1);
      yield;
    }
    return 'done';
  }
  const results = await Promise.all([inSlices(steps()), inSlices(steps())]);
  clearInterval(counting);
  assert.deepEqual(results, ['done', 'done']);
  assert.ok(turns >= 10, String(turns));
});
