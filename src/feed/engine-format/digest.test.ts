import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Value } from '../change.ts';
import { ByteHash } from './byte-hash.ts';
import { digestOf } from './digest.ts';

const bytes = (text: string) => Buffer.from(text);

test('a digest does not depend on the order of members, and does on the order of elements', () => {
  const set = (...members: string[]): Value => ({ type: 'set', members: members.map(bytes) });
  const list = (...elements: string[]): Value => ({ type: 'list', elements: elements.map(bytes) });
  const hash = (...fields: [string, string][]): Value => ({
    type: 'hash',
    fields: fields.map(([field, value]) => [bytes(field), bytes(value)]),
  });
  const zset = (...members: [string, number][]): Value => ({
    type: 'zset',
    members: members.map(([member, score]) => [bytes(member), score]),
  });
  assert.equal(digestOf(set('a', 'b', 'c')), digestOf(set('c', 'a', 'b')));
  assert.equal(digestOf(hash(['a', '1'], ['b', '2'])), digestOf(hash(['b', '2'], ['a', '1'])));
  assert.equal(digestOf(zset(['a', 0], ['b', 2])), digestOf(zset(['b', 2], ['a', -0])));
  assert.notEqual(digestOf(list('a', 'b')), digestOf(list('b', 'a')));
});

test('values that differ have digests that differ', () => {
  const values: Value[] = [
    { type: 'none' },
    ...['', 'a', 'b', 'ab', 'abcd', 'abcde', '\0', '\0\0'].map(
      (text): Value => ({ type: 'string', value: bytes(text) }),
    ),
    ...[[], [''], ['', ''], ['ab'], ['a', 'b'], ['b', 'a'], ['a', 'a', 'b']].flatMap((texts): Value[] => [
      { type: 'list', elements: texts.map(bytes) },
      { type: 'set', members: texts.toReversed().map(bytes) },
    ]),
    { type: 'hash', fields: [[bytes('a'), bytes('b')]] },
    { type: 'hash', fields: [[bytes('b'), bytes('a')]] },
    {
      type: 'hash',
      fields: [
        [bytes('a'), bytes('a')],
        [bytes('b'), bytes('b')],
      ],
    },
    {
      type: 'hash',
      fields: [
        [bytes('a'), bytes('b')],
        [bytes('b'), bytes('a')],
      ],
    },
    { type: 'zset', members: [[bytes('a'), 1]] },
    { type: 'zset', members: [[bytes('a'), 1.0000000000000002]] },
    { type: 'zset', members: [[bytes('a'), Number.POSITIVE_INFINITY]] },
    { type: 'stream', entries: [] },
    { type: 'stream', entries: [{ id: '1-1', fields: [bytes('a'), bytes('b')] }] },
    { type: 'stream', entries: [{ id: '1-2', fields: [bytes('a'), bytes('b')] }] },
  ];
  // The sets of `a b` and `b a` are the same.
  const same = 1;
  const digests = values.flatMap((value) => [digestOf(value), digestOf(value, 1), digestOf(value, 2 ** 40)]);
  assert.equal(new Set(digests).size, 3 * (values.length - same));
  assert.equal(digestOf({ type: 'other', name: 'x' }), undefined);
  for (const digest of digests) assert.equal(BigInt.asIntN(64, digest!), digest);
});

test('digests of counted strings differ, and each of their bits is evenly set', () => {
  const seen = new Set<bigint>();
  const set = new Array<number>(64).fill(0);
  const count = 200_000;
  for (let at = 0; at < count; at++) {
    const digest = BigInt.asUintN(64, digestOf({ type: 'string', value: bytes(`key:${at}`) })!);
    seen.add(digest);
    for (const [half, number] of [Number(digest & 0xffffffffn), Number(digest >> 32n)].entries()) {
      for (let bit = 0; bit < 32; bit++) set[32 * half + bit]! += (number >>> bit) & 1;
    }
  }
  assert.equal(seen.size, count);
  for (const ones of set) assert.ok(Math.abs(ones - count / 2) < count / 100, String(ones));
});

test('a hash of bytes does not depend on how they are cut', () => {
  const text = bytes('The quick brown fox jumps over the lazy dog');
  const hashOf = (...cuts: number[]) => {
    const hash = new ByteHash();
    hash.begin();
    let at = 0;
    for (const cut of [...cuts, text.length]) {
      hash.update(text, at, cut);
      at = cut;
    }
    hash.end();
    return `${hash.low} ${hash.high}`;
  };
  for (let first = 0; first <= text.length; first++) {
    for (let second = first; second <= text.length; second += 3)
      assert.equal(hashOf(first, second), hashOf());
  }
});
