import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { slotOfKey } from './key-slot.ts';

const expected: (key: Buffer) => number = createRequire(import.meta.url)('cluster-key-slot');

test('the slot of a key is that of a cluster client', () => {
  const keys = [
    '',
    'a',
    'foo',
    '{user}:1',
    'x{user}:1',
    '{}x',
    'a{b',
    'a}b{c}',
    '{{a}}',
    'ä{ö}ü',
    '{a}{b}',
    '\0\xff',
  ];
  for (const key of keys) assert.equal(slotOfKey(Buffer.from(key)), expected(Buffer.from(key)), key);
});
