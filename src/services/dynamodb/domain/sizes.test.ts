import assert from 'node:assert/strict';
import { it } from 'node:test';
import { indexWriteUnits, readUnits, writeUnits } from './capacity.ts';
import { sizeOf, sizeOfValue } from './sizes.ts';
import type { Value } from './values.ts';

it('counts names in UTF-8, numbers by pairs of digits, and the overhead of lists and maps', () => {
  const sizes: [Value, number][] = [
    [{ S: 'aé😀' }, 7],
    [{ B: Buffer.from('abc') }, 3],
    [{ BOOL: true }, 1],
    [{ NULL: true }, 1],
    [{ N: '0' }, 1],
    [{ N: '1' }, 2],
    [{ N: '12' }, 2],
    [{ N: '123' }, 3],
    [{ N: '1.2' }, 3],
    [{ N: '-123' }, 4],
    [{ N: '9'.repeat(38) }, 20],
    [{ SS: ['a', 'bc'] }, 3],
    [{ NS: ['1', '12'] }, 4],
    [{ BS: [Buffer.from('a'), Buffer.from('bc')] }, 3],
    [{ L: [] }, 3],
    [{ L: [{ S: 'a' }, { N: '1' }] }, 8],
    [{ M: {} }, 3],
    [{ M: { name: { S: 'a' } } }, 9],
  ];
  for (const [value, size] of sizes) assert.equal(sizeOfValue(value), size, JSON.stringify(value));
  assert.equal(sizeOf({ ä: { S: 'a' }, b: { N: '1' } }), 6);
});

it('rounds capacity up to whole units', () => {
  assert.equal(readUnits(0, 'eventual'), 0.5);
  assert.equal(readUnits(4096, 'consistent'), 1);
  assert.equal(readUnits(4097, 'eventual'), 1);
  assert.equal(readUnits(4097, 'transactional'), 4);
  assert.equal(writeUnits(0, 1), 1);
  assert.equal(writeUnits(2049, 10), 3);
  assert.equal(writeUnits(10, 1025, true), 4);
});

it('charges an index for what changes in it', () => {
  const small = { bytes: 100 };
  const change = { isSameKey: true, isSameItem: false };
  assert.equal(indexWriteUnits(undefined, undefined, change), 0);
  assert.equal(indexWriteUnits(undefined, small, change), 1);
  assert.equal(indexWriteUnits(small, undefined, change), 1);
  assert.equal(indexWriteUnits(small, { bytes: 1500 }, change), 2);
  assert.equal(indexWriteUnits(small, small, { isSameKey: false, isSameItem: false }), 2);
  assert.equal(indexWriteUnits(small, small, { isSameKey: true, isSameItem: true }), 0);
  assert.equal(indexWriteUnits(small, small, { isSameKey: false, isSameItem: false }, true), 4);
});
