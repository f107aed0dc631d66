import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Item, itemRows } from './item-rows.ts';

it('shows the key first, then the other attributes by name, each in its column', () => {
  const items: Item[] = [
    {
      pk: { S: 'user' },
      sk: { N: '12' },
      zip: { M: { a: { L: [{ N: '1' }, { BOOL: true }, { NULL: true }] } } },
    },
    { pk: { S: 'u' }, sk: { N: '7' }, name: { S: 'Åsa' }, tags: { SS: ['a', 'b'] } },
  ];
  assert.deepEqual(itemRows(items, ['pk', 'sk'], 40), [
    'pk    sk  name  tags       zip',
    'user  12                   {"a":["1",true,null]}',
    'u     7   Åsa   ["a","b"]',
  ]);
});

it('cuts long values, and shows no control characters', () => {
  const items = [{ pk: { S: 'x'.repeat(30) } }, { pk: { S: '\u001b[2Jy' } }];
  assert.deepEqual(itemRows(items, ['pk'], 10), ['pk', 'xxxxxxxxx…', '�[2Jy']);
  assert.deepEqual(itemRows([], ['pk', 'sk'], 10), ['pk  sk']);
});
