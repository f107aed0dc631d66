// In a flood every sender is served in turn, excess queries are dropped and counted, and the event loop keeps turning.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { FairQueue } from './fair-queue.ts';

/** About as long as an answer from the zones takes. */
function work(ms = 0.2): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

test('a sender with one query is answered next, even when another sender has many', async () => {
  const queue = new FairQueue();
  const answered: string[] = [];
  const push = (sender: string) =>
    queue.push(sender, () => {
      work();
      answered.push(sender);
    });
  let taken = 0;
  for (let index = 0; index < 5_000; index++) if (push('flood')) taken++;
  const before = answered.length;
  assert.ok(push('one'));
  while (!answered.includes('one')) await turn();
  assert.ok(answered.indexOf('one') - before <= 1, `after ${answered.indexOf('one') - before} others`);
  while (answered.length < taken + 1) await turn();
  assert.equal(queue.dropped, 5_000 - taken);
  assert.ok(queue.dropped > 4_000);
});

test('the queue is bounded with any number of senders, and the event loop turns', async () => {
  const queue = new FairQueue();
  let answered = 0;
  let taken = 0;
  for (let index = 0; index < 10_000; index++) {
    if (queue.push(`sender ${index}`, () => work(++answered ? 0.2 : 0))) taken++;
  }
  assert.ok(taken < 2_200, String(taken));
  let turns = 0;
  while (answered < taken) {
    await turn();
    turns++;
  }
  assert.ok(turns > 20, String(turns));
});
