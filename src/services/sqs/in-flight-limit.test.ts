import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Queue } from './domain/model.ts';
import { createInFlightLimit } from './in-flight-limit.ts';

it('counts only when the limit may be reached', () => {
  const scope = { accountId: '000000000000', region: 'us-east-1' };
  const queue = { mailbox: 'm' } as Queue;
  let [inFlight, counts] = [0, 0];
  const count = () => {
    counts += 1;
    return inFlight;
  };
  const limit = createInFlightLimit(count, 10);
  for (let taken = 0; taken < 9; taken++) {
    assert.ok(!limit.isReached(scope, queue));
    limit.add(queue, 1);
    inFlight += 1;
  }
  assert.equal(counts, 1);
  limit.add(queue, 1);
  inFlight += 1;
  assert.ok(limit.isReached(scope, queue));
  inFlight = 2;
  assert.ok(!limit.isReached(scope, queue), 'the others were deleted');
  assert.equal(counts, 3);
});
