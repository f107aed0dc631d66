// The lanes of an outbox work in order, take turns, and stay within their bounds.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  FAILED,
  fakeTime,
  NOTHING_WAITS,
  open,
  openHeld,
  reasons,
  SCOPE,
  settled,
  waitingIn,
} from './outbox.fixture.ts';
import { DONE } from './outbox.ts';

describe('lanes', () => {
  it('keep their order and their bound', async (test) => {
    const { outbox, begun, end } = openHeld(test, { policy: { perLane: 2 } });
    outbox.start();
    for (const content of ['1', '2', '3', '4']) outbox.append(SCOPE, ['a'], content);
    await settled();
    assert.deepEqual(begun, ['1', '2']);
    await end('2');
    assert.deepEqual(begun, ['1', '2', '3']);
  });

  it('that are stuck do not delay others', async (test) => {
    const { outbox, begun, end } = openHeld(test, { policy: { mostAtOnce: 2 } });
    outbox.start();
    outbox.append(SCOPE, ['stuck'], 'stuck');
    for (const content of ['1', '2', '3']) outbox.append(SCOPE, ['a'], content);
    await settled();
    for (const content of ['1', '2', '3']) await end(content);
    assert.deepEqual(begun, ['stuck', '1', '2', '3']);
  });

  it('take turns when there are more lanes than concurrent attempts', async (test) => {
    const { outbox, begun, end } = openHeld(test, { policy: { mostAtOnce: 1 } });
    outbox.start();
    for (const lane of ['a', 'b', 'c'])
      for (const number of [1, 2]) outbox.append(SCOPE, [lane], lane + number);
    await settled();
    for (const content of ['a1', 'b1', 'c1', 'a2', 'b2', 'c2']) await end(content);
    assert.deepEqual(begun, ['a1', 'b1', 'c1', 'a2', 'b2', 'c2']);
  });

  it('of the same name are separate in each account and region', async (test) => {
    const { outbox, begun } = openHeld(test);
    outbox.start();
    outbox.append(SCOPE, ['a'], 'here');
    outbox.append({ ...SCOPE, region: 'eu-west-1' }, ['a'], 'there');
    await settled();
    assert.deepEqual(begun, ['here', 'there']);
  });

  it('that are full turn a new entry into a dead letter at once, in this lane alone', async (test) => {
    const { outbox, begun } = openHeld(test, { policy: { mostWaiting: 2 } });
    for (const content of ['1', '2']) outbox.append(SCOPE, ['a'], content);
    assert.ok(outbox.isFull(SCOPE, 'a'));
    outbox.append(SCOPE, ['a', 'b'], '3');
    assert.deepEqual(reasons(outbox), [['3', 0, '2 wait already']]);
    outbox.start();
    await settled();
    assert.deepEqual(begun, ['1', '3']);
  });

  it('that are dropped are empty, and running attempts are not retried', async (test) => {
    const pass = fakeTime(test);
    const { store, outbox, begun, end } = openHeld(test, { policy: { perLane: 2 } });
    outbox.start();
    for (const content of ['1', '2', '3']) outbox.append(SCOPE, ['a'], content);
    await settled();
    await end('2', FAILED);
    outbox.drop(SCOPE, 'a');
    assert.deepEqual(waitingIn(store), NOTHING_WAITS);
    await end('1', FAILED);
    await end('3', FAILED);
    await pass(60_000);
    assert.deepEqual(begun, ['1', '2', '3']);
    assert.deepEqual(reasons(outbox), []);
    outbox.append(SCOPE, ['a'], 'new');
    await settled();
    assert.equal(begun.at(-1), 'new');
  });

  it('yield to the event loop however fast their attempts are', async (test) => {
    const { outbox } = open(test, { attempt: async () => DONE, policy: { mostWaiting: 10_000 } });
    for (let number = 0; number < 5_000; number++) outbox.append(SCOPE, ['a'], String(number));
    let turns = 0;
    const counting = setInterval(() => turns++, 1);
    outbox.start();
    await outbox.idle();
    clearInterval(counting);
    assert.ok(turns > 2, `${turns} turns`);
  });
});
