import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStartRetries } from './start-retries.ts';

test('the pauses grow after the third attempt, up to ten seconds, until the node serves', () => {
  let time = 1_000;
  const retries = createStartRetries(() => time);
  const pauses = Array.from({ length: 12 }, () => {
    retries.attempted('a');
    const wait = retries.waitMs('a');
    time += wait;
    return wait;
  });
  assert.deepEqual(pauses, [0, 0, 250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000, 10_000]);
  assert.equal(retries.waitMs('b'), 0);
  retries.attempted('a');
  retries.reset('a');
  assert.equal(retries.waitMs('a'), 0);
});
