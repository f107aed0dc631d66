import assert from 'node:assert/strict';
import { it } from 'node:test';
import { conditionOf, keyConditionIn, Placeholders } from './expressions/index.ts';
import { encodeKey, type KeySchema } from './keys.ts';
import type { ComparisonInput } from './legacy/conditions.ts';
import { legacyKeyCondition } from './legacy/key-conditions.ts';
import type { GivenAttributes, Value } from './values.ts';

const table: KeySchema = { hash: { name: 'pk', type: 'S' }, range: { name: 'sk', type: 'S' } };
const numbered: KeySchema = { hash: { name: 'pk', type: 'S' }, range: { name: 'sk', type: 'N' } };
const hashOnly: KeySchema = { hash: { name: 'pk', type: 'S' } };

const VALUES: GivenAttributes = {
  ':p': { S: 'p' },
  ':a': { S: 'a' },
  ':b': { S: 'b' },
  ':n': { N: '1' },
  ':t': { BOOL: true },
};

function condition(text: string) {
  const placeholders = new Placeholders({ ExpressionAttributeValues: VALUES });
  return keyConditionIn(conditionOf('KeyConditionExpression', text, placeholders));
}

const S = (text: string) => encodeKey({ S: text });
const from = (text: string, isIncluded: boolean) => ({ from: { key: S(text), isIncluded } });
const to = (text: string, isIncluded: boolean) => ({ to: { key: S(text), isIncluded } });

it('becomes a range of encoded keys', () => {
  const ranges: Record<string, object> = {
    'pk = :p': {},
    'pk = :p AND sk = :a': { ...from('a', true), ...to('a', true) },
    'sk < :a AND :p = pk': to('a', false),
    '(pk = :p) AND (sk <= :a)': to('a', true),
    '(pk = :p AND (:a < sk))': from('a', false),
    'pk = :p AND :a <= sk': from('a', true),
    'pk = :p AND sk > :a': from('a', false),
    'pk = :p AND :a > sk': to('a', false),
    'pk = :p AND :a >= sk': to('a', true),
    'pk = :p AnD sk BeTwEeN :a aNd :b': { ...from('a', true), ...to('b', true) },
    'begins_with(sk, :a) AND pk = :p': { ...from('a', true), ...to('b', false) },
  };
  for (const [text, range] of Object.entries(ranges)) {
    assert.deepEqual(condition(text).in(table), { hash: S('p'), ...range }, text);
  }
});

it('of a prefix ends after the last key that begins so', () => {
  const range = (prefix: Buffer) =>
    legacyKeyCondition({
      pk: { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'p' }] },
      sk: { ComparisonOperator: 'BEGINS_WITH', AttributeValueList: [{ B: prefix }] },
    }).in({ ...hashOnly, range: { name: 'sk', type: 'B' } }).to;
  assert.deepEqual(range(Buffer.of(1, 255, 255)), { key: Buffer.of(2), isIncluded: false });
  assert.equal(range(Buffer.of(255, 255)), undefined);
});

it('is refused for what a key cannot be compared with, in AWS’s words', () => {
  const refused: Record<string, string> = {
    'pk = :p OR sk = :a': 'Invalid operator used in KeyConditionExpression: OR',
    'NOT pk = :p': 'Invalid operator used in KeyConditionExpression: NOT',
    'pk <> :p': 'Invalid operator used in KeyConditionExpression: <>',
    'pk IN (:p)': 'Invalid operator used in KeyConditionExpression: IN',
    'pk = :p AND attribute_exists(sk)': 'Invalid operator used in KeyConditionExpression: attribute_exists',
    'pk = :p AND contains(sk, :a)': 'Invalid operator used in KeyConditionExpression: contains',
    'pk = :p AND size(sk) = :n': 'KeyConditionExpressions cannot contain nested operations',
    'pk = :p AND :a BETWEEN sk AND :b':
      'Invalid condition in KeyConditionExpression: BETWEEN operator must have the key attribute as its first operand',
    'pk = :p AND begins_with(:a, sk)':
      'Invalid condition in KeyConditionExpression: begins_with operator must have the key attribute as its first operand',
    'pk = sk': 'Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition',
    'pk = :p AND sk.x = :a': 'KeyConditionExpressions cannot have conditions on nested attributes',
    ':p = :a': 'Invalid condition in KeyConditionExpression: No key attribute specified',
    'pk = :p AND sk > :a AND sk < :b': 'KeyConditionExpressions must only contain one condition per key',
    'pk = :p AND sk > :a AND attr1 < :b': 'Conditions can be of length 1 or 2 only',
  };
  for (const [text, message] of Object.entries(refused)) {
    assert.throws(() => condition(text), { name: 'ValidationException', message }, text);
  }
  assert.throws(() => condition('((pk = :p))'), {
    message: 'Invalid KeyConditionExpression: The expression has redundant parentheses;',
  });
});

it('is compared with the schema, in AWS’s order', () => {
  const refused: [text: string, schema: KeySchema, message: string][] = [
    ['sk = :a', table, 'Query condition missed key schema element: pk'],
    ['attr1 = :a', table, 'Query condition missed key schema element: pk'],
    ['pk = :p AND attr1 = :a', table, 'Query condition missed key schema element: sk'],
    ['pk > :p', table, 'Query key condition not supported'],
    ['pk = :p AND sk = :a', hashOnly, 'Query key condition not supported'],
    [
      'pk = :n',
      table,
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    ],
    [
      'pk = :p AND sk = :a',
      numbered,
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    ],
    [
      'pk = :t',
      table,
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    ],
  ];
  for (const [text, schema, message] of refused) {
    const found = condition(text);
    assert.throws(() => found.in(schema), { name: 'ValidationException', message }, text);
  }
});

it('from the legacy KeyConditions is the same', () => {
  const hash = { ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'p' }] };
  const on = (ComparisonOperator: string, ...AttributeValueList: Value[]) =>
    legacyKeyCondition({ pk: hash, sk: { ComparisonOperator, AttributeValueList } }).in(table);
  assert.deepEqual(on('LE', { S: 'a' }), { hash: S('p'), ...to('a', true) });
  assert.deepEqual(on('BETWEEN', { S: 'a' }, { S: 'b' }), {
    hash: S('p'),
    ...from('a', true),
    ...to('b', true),
  });
  const refused: [given: Record<string, ComparisonInput>, message: string][] = [
    [{}, 'Conditions can be of length 1 or 2 only'],
    [
      { pk: { ComparisonOperator: 'NULL' } },
      'Attempted conditional constraint is not an indexable operation',
    ],
    [
      { pk: { ComparisonOperator: 'CONTAINS', AttributeValueList: [{ S: 'a' }] } },
      'Attempted conditional constraint is not an indexable operation',
    ],
    [
      { pk: { ComparisonOperator: 'BEGINS_WITH', AttributeValueList: [{ S: 'a' }] } },
      'Query key condition not supported',
    ],
    [
      { pk: hash, sk: { ComparisonOperator: 'BETWEEN', AttributeValueList: [{ S: 'b' }, { S: 'a' }] } },
      'The BETWEEN condition was provided a range where the lower bound is greater than the upper bound',
    ],
  ];
  for (const [given, message] of refused) {
    assert.throws(() => legacyKeyCondition(given).in(table), { name: 'ValidationException', message });
  }
});
