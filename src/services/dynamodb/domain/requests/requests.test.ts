import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { IndexProjection } from '../index-projection.ts';
import type { KeySchema } from '../keys.ts';
import { returnedAttributes } from '../return-values.ts';
import type { Item } from '../values.ts';
import { checkFilterOfQuery, checkKeysAreWhole } from './key-attributes.ts';
import { readGet, readKeys, readQuery, readScan } from './reads.ts';
import { readDelete, readPut, readUpdate } from './writes.ts';

const refused = (read: () => unknown, message: string | RegExp) =>
  assert.throws(read, { name: 'ValidationException', message });
const Key = { pk: { S: 'a' } };
const invalid = 'One or more parameter values were invalid: ';

// The order of the checks is that of AWS's answers to dynalite's tests.
describe('a write', () => {
  it('first must not mix expressions with legacy parameters', () => {
    refused(
      () =>
        readPut({
          Item: { a: {} },
          Expected: { a: {} },
          ConditionExpression: '',
          ExpressionAttributeNames: {},
        }),
      'Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}',
    );
    refused(
      () =>
        readUpdate({
          Key,
          UpdateExpression: '',
          ConditionExpression: '',
          AttributeUpdates: {},
          Expected: {},
        }),
      'Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributeUpdates, Expected} Expression parameters: {UpdateExpression, ConditionExpression}',
    );
    refused(
      () => readPut({ Item: { a: {} }, ExpressionAttributeNames: {} }),
      'ExpressionAttributeNames can only be specified when using expressions',
    );
    refused(
      () => readPut({ Item: { a: {} }, ExpressionAttributeValues: {} }),
      'ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null',
    );
    refused(
      () => readUpdate({ Key, ExpressionAttributeValues: {} }),
      'ExpressionAttributeValues can only be specified when using expressions: UpdateExpression and ConditionExpression are null',
    );
  });

  it('then is checked for its values, what it returns, its size, and its expressions', () => {
    const ConditionExpression = '';
    const ReturnValues = 'ALL_NEW';
    refused(() => readPut({ Item: { a: {} }, ReturnValues, ConditionExpression }), /AttributeValue is empty/);
    const large = { a: { S: 'a'.repeat(409_600) } };
    refused(
      () => readPut({ Item: large, ReturnValues, ConditionExpression }),
      'ReturnValues can only be ALL_OLD or NONE',
    );
    refused(
      () => readPut({ Item: large, ConditionExpression }),
      'Item size has exceeded the maximum allowed size',
    );
    refused(
      () => readPut({ Item: Key, ConditionExpression }),
      'Invalid ConditionExpression: The expression can not be empty;',
    );
    refused(
      () => readPut({ Item: large, Expected: { a: {} } }),
      'Item size has exceeded the maximum allowed size',
    );
    assert.equal(readPut({ Item: { a: { S: 'a'.repeat(409_599) } } }).bytes, 409_600);
    refused(() => readDelete({ Key, ReturnValues }), 'ReturnValues can only be ALL_OLD or NONE');
  });

  it('has its update checked before its condition, and placeholders of both together', () => {
    refused(
      () => readUpdate({ Key, UpdateExpression: '', ConditionExpression: '' }),
      'Invalid UpdateExpression: The expression can not be empty;',
    );
    refused(
      () =>
        readUpdate({
          Key,
          UpdateExpression: 'remove a set b = list_append(b, if_not_exists(a1, :a))',
          ConditionExpression: 'a = :b',
          ExpressionAttributeValues: { ':a': { S: 'a' }, ':b': { S: 'a' } },
          ExpressionAttributeNames: { '#a': 'a', '#b': 'b' },
        }),
      'Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}',
    );
    refused(
      () =>
        readUpdate({
          Key,
          UpdateExpression: 'remove a',
          ConditionExpression: 'a = :b',
          ExpressionAttributeValues: { ':a': { S: 'a' }, ':b': { S: 'a' }, ':c': { S: 'a' } },
        }),
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:a, :c}',
    );
    const { condition, update } = readUpdate({
      Key,
      UpdateExpression: 'SET #a = :v',
      ConditionExpression: '#a = :w OR #b = :v',
      ExpressionAttributeNames: { '#a': 'a', '#b': 'b' },
      ExpressionAttributeValues: { ':v': { N: '1.0' }, ':w': { N: '2' } },
    });
    assert.ok(condition!.holds({ b: { N: '1' } }));
    assert.deepEqual(update.applyTo({}), { a: { N: '1' } });
  });

  it('without a condition or an update has none', () => {
    assert.equal(readDelete({ Key }).condition, undefined);
    const { update, returnValues } = readUpdate({ Key });
    assert.deepEqual(update.applyTo(Key), Key);
    assert.equal(returnValues, 'NONE');
  });
});

describe('a read', () => {
  it('of keys is checked for its parameters', () => {
    refused(
      () => readGet({ Key: { a: {} }, AttributesToGet: ['a', 'a'], ProjectionExpression: '' }),
      /Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}/,
    );
    refused(() => readGet({ Key: { a: {} }, AttributesToGet: ['a', 'a'] }), /AttributeValue is empty/);
    refused(
      () => readGet({ Key, AttributesToGet: ['a', 'a'] }),
      `${invalid}Duplicate value in attribute name: a`,
    );
    refused(
      () => readGet({ Key, ProjectionExpression: 'a', ExpressionAttributeNames: { '#a': 'a' } }),
      'Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}',
    );
    refused(
      () => readKeys({ Keys: [{ a: {} }], ProjectionExpression: '' }),
      'Invalid ProjectionExpression: The expression can not be empty;',
    );
    assert.equal(readGet({ Key }).projection, undefined);
  });

  const KeyConditionExpression = 'pk = :p';
  const ExpressionAttributeValues = { ':p': { S: 'p' } };
  const query = { KeyConditionExpression, ExpressionAttributeValues };

  it('by a query has all its parts', () => {
    const { keyCondition, filter, projection, startKey } = readQuery({
      ...query,
      FilterExpression: 'a = :p',
      ProjectionExpression: 'a, b.c',
      ExclusiveStartKey: Key,
    });
    assert.deepEqual(keyCondition.in({ hash: { name: 'pk', type: 'S' } }).hash, Buffer.from('p'));
    assert.ok(filter!.holds({ a: { S: 'p' } }));
    assert.deepEqual(projection!.paths, [['a'], ['b', 'c']]);
    assert.deepEqual(startKey, Key);
  });

  it('by a query is checked in AWS’s order', () => {
    refused(
      () => readQuery({}),
      /^Either the KeyConditions or KeyConditionExpression parameter must be specified/,
    );
    refused(
      () => readQuery({ KeyConditionExpression: '', KeyConditions: {}, QueryFilter: {} }),
      /Non-expression parameters: {QueryFilter, KeyConditions} Expression parameters: {KeyConditionExpression}/,
    );
    refused(
      () => readQuery({ KeyConditions: {}, ExclusiveStartKey: { a: {} } }),
      'The provided starting key is invalid: Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
    );
    refused(
      () => readQuery({ KeyConditions: {}, ExclusiveStartKey: { a: { N: 'b' } } }),
      'The parameter cannot be converted to a numeric value: b',
    );
    refused(() => readQuery({ KeyConditions: {}, FilterExpression: '' }), /^Invalid FilterExpression/);
    refused(() => readQuery({ KeyConditions: {} }), 'Conditions can be of length 1 or 2 only');
    refused(
      () => readQuery({ ...query, KeyConditionExpression: 'pk = :p OR a = :p', FilterExpression: '' }),
      'Invalid FilterExpression: The expression can not be empty;',
    );
  });

  it('by a scan is checked in AWS’s order', () => {
    const bad = { FilterExpression: '', ExpressionAttributeNames: {}, ExpressionAttributeValues: {} };
    refused(
      () => readScan({ ...bad, Segment: 1 }),
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
    refused(
      () => readScan({ ...bad, TotalSegments: 1 }),
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
    refused(
      () => readScan({ ...bad, Segment: 1, TotalSegments: 1 }),
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 1 is not less than TotalSegments: 1',
    );
    refused(() => readScan(bad), 'ExpressionAttributeNames must not be empty');
    refused(
      () => readScan({ ScanFilter: { a: { ComparisonOperator: 'EQ' } }, ExclusiveStartKey: { a: {} } }),
      `${invalid}Invalid number of argument(s) for the EQ ComparisonOperator`,
    );
  });

  it('must select what its projection says', () => {
    const prefix = '1 validation error detected: ';
    for (const [read, start] of [
      [(more: object) => readQuery({ ...query, ...more }), prefix],
      [(more: object) => readScan(more), ''],
    ] as const) {
      refused(
        () => read({ Select: 'SPECIFIC_ATTRIBUTES' }),
        `${start}Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES`,
      );
      refused(
        () => read({ Select: 'COUNT', ProjectionExpression: 'a' }),
        `${start}Cannot specify the ProjectionExpression when choosing to get only the Count`,
      );
      refused(
        () => read({ Select: 'ALL_PROJECTED_ATTRIBUTES', ProjectionExpression: 'a' }),
        `${start}Cannot specify the ProjectionExpression when choosing to get ALL_PROJECTED_ATTRIBUTES`,
      );
      refused(
        () => read({ Select: 'ALL_PROJECTED_ATTRIBUTES' }),
        `${start}ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName`,
      );
      read({ Select: 'SPECIFIC_ATTRIBUTES', ProjectionExpression: 'a' });
      read({ Select: 'ALL_PROJECTED_ATTRIBUTES', IndexName: 'index' });
    }
  });
});

const key: KeySchema = { hash: { name: 'pk', type: 'S' }, range: { name: 'sk', type: 'S' } };
const indexKey: KeySchema = { hash: { name: 'gk', type: 'S' } };

it('expressions do not go on inside keys, and filters of queries do not read them', () => {
  const table = { key, indexes: [{ key: indexKey }] };
  checkKeysAreWhole(table, [['pk'], ['gk'], ['a', 'pk']]);
  const text = "Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ";
  refused(
    () =>
      checkKeysAreWhole(table, [
        ['gk', 1],
        ['sk', 'x'],
      ]),
    `${text}Key: sk`,
  );
  refused(() => checkKeysAreWhole(table, [['gk', 1]]), `${text}IndexKey: gk`);
  const { filter } = readScan({ FilterExpression: 'attribute_exists(a) AND attribute_exists(sk)' });
  refused(
    () => checkFilterOfQuery(key, filter!, false),
    'Filter Expression can only contain non-primary key attributes: Primary key attribute: sk',
  );
  checkFilterOfQuery(indexKey, filter!, true);
});

it('an index contains its keys and what it declares', () => {
  const item: Item = { pk: { S: 'p' }, sk: { S: 's' }, gk: { S: 'g' }, a: { S: 'a' }, b: { S: 'b' } };
  const projection = (type: 'ALL' | 'KEYS_ONLY' | 'INCLUDE', attributes?: string[]) =>
    new IndexProjection({ type, attributes }, [key, indexKey]);
  assert.equal(projection('ALL').of(item), item);
  assert.deepEqual(Object.keys(projection('KEYS_ONLY', ['a']).of(item)), ['pk', 'sk', 'gk']);
  assert.deepEqual(Object.keys(projection('INCLUDE', ['b', 'c']).of(item)), ['pk', 'sk', 'gk', 'b']);
  assert.ok(IndexProjection.isIn(indexKey, item));
  assert.ok(!IndexProjection.isIn(indexKey, Key));
  const some = projection('INCLUDE', ['a']);
  some.checkGlobalRead('i', 'SPECIFIC_ATTRIBUTES', ['a', 'gk']);
  refused(
    () => some.checkGlobalRead('i', undefined, ['a', 'b', 'c']),
    `${invalid}Global secondary index i does not project [b, c]`,
  );
  refused(
    () => some.checkGlobalRead('i', 'ALL_ATTRIBUTES', []),
    `${invalid}Select type ALL_ATTRIBUTES is not supported for global secondary index i because its projection type is not ALL`,
  );
  projection('ALL').checkGlobalRead('i', 'ALL_ATTRIBUTES', ['b']);
});

// The results are those of AWS in scylla's tests of ReturnValues.
it('a write returns old or new attributes, of the item or of the update', () => {
  const before: Item = { p: { S: 'p' }, a: { M: { b: { S: 'dog' }, c: { L: [{ N: '1' }, { N: '2' }] } } } };
  const returned = (UpdateExpression: string, wanted: 'UPDATED_OLD' | 'UPDATED_NEW') => {
    const ExpressionAttributeValues = { ':v': { S: 'v' } };
    const uses = UpdateExpression.includes(':v') ? { ExpressionAttributeValues } : {};
    const { update } = readUpdate({ Key, UpdateExpression, ...uses });
    return returnedAttributes(wanted, before, update.applyTo(before), update);
  };
  assert.deepEqual(returned('SET a.b = :v', 'UPDATED_OLD'), { a: { M: { b: { S: 'dog' } } } });
  assert.deepEqual(returned('SET a.c[1] = :v', 'UPDATED_NEW'), { a: { M: { c: { L: [{ S: 'v' }] } } } });
  assert.equal(returned('SET x = :v', 'UPDATED_OLD'), undefined);
  assert.equal(returned('SET a.c[100] = :v', 'UPDATED_NEW'), undefined);
  assert.equal(returned('REMOVE a', 'UPDATED_NEW'), undefined);
  assert.deepEqual(returned('REMOVE a.c[0]', 'UPDATED_NEW'), { a: { M: { c: { L: [{ N: '2' }] } } } });
  assert.equal(returnedAttributes('ALL_OLD', undefined, before), undefined);
  assert.equal(returnedAttributes('ALL_NEW', undefined, before), before);
  assert.equal(returnedAttributes('NONE', before, before), undefined);
});
