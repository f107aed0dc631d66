import assert from 'node:assert/strict';
import { it } from 'node:test';
import { reservedNames } from './reserved-names.ts';

it('keeps the names of this instance, and leaves those beside them', () => {
  const { keeperOf } = reservedNames(['redis.test']);
  const keepers = (names: string[], isPrivate: boolean) => names.map((name) => keeperOf(name, isPrivate));
  assert.deepEqual(keepers(['redis.test.', 'a.redis.test.'], true), ['Millpond', 'Millpond']);
  assert.deepEqual(keepers(['myredis.test.', 'a.test.', 'com.test.'], false), Array(3).fill(undefined));
  assert.deepEqual(keepers(['internal.', 'corp.', 'local.'], true), Array(3).fill(undefined));
  assert.deepEqual(keepers(['internal.', 'corp.', 'de.'], false), ['AWS', 'AWS', 'AWS']);
  assert.deepEqual(keepers(['de.', 'com.', 'xn--p1ai.'], true), ['AWS', 'AWS', 'AWS']);
});
