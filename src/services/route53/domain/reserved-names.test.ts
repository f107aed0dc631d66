import assert from 'node:assert/strict';
import { it } from 'node:test';
import { reservedNames } from './reserved-names.ts';

it('reserves the names of this Millpond and of AWS, and no others', () => {
  const { ownerOf } = reservedNames(['redis.test']);
  const owners = (names: string[], isPrivate: boolean) => names.map((name) => ownerOf(name, isPrivate));
  assert.deepEqual(owners(['redis.test.', 'a.redis.test.'], true), ['Millpond', 'Millpond']);
  assert.deepEqual(owners(['myredis.test.', 'a.test.', 'com.test.'], false), Array(3).fill(undefined));
  assert.deepEqual(owners(['internal.', 'corp.', 'local.'], true), Array(3).fill(undefined));
  assert.deepEqual(owners(['internal.', 'corp.', 'de.'], false), ['AWS', 'AWS', 'AWS']);
  assert.deepEqual(owners(['de.', 'com.', 'xn--p1ai.'], true), ['AWS', 'AWS', 'AWS']);
});
