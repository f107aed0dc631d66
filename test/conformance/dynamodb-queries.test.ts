// DynamoDB's queries and scans as the SDK for JavaScript sees them: order, ranges, pages, segments, indexes, capacity.

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { type DynamoDB, paginateQuery, paginateScan } from '@aws-sdk/client-dynamodb';
import { createTable, keySchema, runDynamoDb } from '../support/dynamodb.ts';

const TableName = 'queried';

const GSI = {
  IndexName: 'by-city',
  KeySchema: keySchema({ hash: 'city', range: 'age' }),
  Projection: { ProjectionType: 'KEYS_ONLY' as const },
};
const LSI = {
  IndexName: 'by-age',
  KeySchema: keySchema({ hash: 'pk', range: 'age' }),
  Projection: { ProjectionType: 'INCLUDE' as const, NonKeyAttributes: ['city'] },
};

/** A table with a number as its sort key, a global and a local index, and twenty people in two partitions. */
async function withPeople(test: TestContext): Promise<DynamoDB> {
  const { client } = await runDynamoDb(test);
  await createTable(
    client,
    TableName,
    { hash: 'pk', range: 'sk:N' },
    { attributes: ['city', 'age:N'], GlobalSecondaryIndexes: [GSI], LocalSecondaryIndexes: [LSI] },
  );
  for (let id = -10; id < 10; id++) {
    await client.putItem({
      TableName,
      Item: {
        pk: { S: id % 2 === 0 ? 'even' : 'odd' },
        sk: { N: String(id) },
        note: { S: `note ${id}` },
        ...(id >= 0 && { city: { S: id < 5 ? 'Oslo' : 'Rome' }, age: { N: String(50 - id) } }),
      },
    });
  }
  return client;
}

const numbers = (items: Record<string, { N?: string }>[] | undefined, name = 'sk') =>
  items!.map((item) => Number(item[name]!.N));

const ofPartition = (pk: string) => ({
  TableName,
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': { S: pk } },
});

describe('a query', () => {
  it('is in the order of numbers, forward and backward, and keeps to its range', async (test) => {
    const client = await withPeople(test);
    const even = [-10, -8, -6, -4, -2, 0, 2, 4, 6, 8];
    const all = await client.query(ofPartition('even'));
    assert.deepEqual(numbers(all.Items as never), even);
    assert.deepEqual([all.Count, all.ScannedCount, all.LastEvaluatedKey], [10, 10, undefined]);
    const back = await client.query({ ...ofPartition('even'), ScanIndexForward: false });
    assert.deepEqual(numbers(back.Items as never), even.toReversed());
    const ranges: [string, number[]][] = [
      ['sk = :a', [-4]],
      ['sk < :a', [-10, -8, -6]],
      ['sk <= :a', [-10, -8, -6, -4]],
      ['sk > :b', [4, 6, 8]],
      ['sk >= :b', [2, 4, 6, 8]],
      ['sk BETWEEN :a AND :b', [-4, -2, 0, 2]],
    ];
    for (const [condition, expected] of ranges) {
      for (const ScanIndexForward of [true, false]) {
        const { Items } = await client.query({
          TableName,
          ScanIndexForward,
          KeyConditionExpression: `pk = :pk AND ${condition}`,
          ExpressionAttributeValues: {
            ':pk': { S: 'even' },
            ...(condition.includes(':a') && { ':a': { N: '-4' } }),
            ...(condition.includes(':b') && { ':b': { N: '2' } }),
          },
        });
        assert.deepEqual(
          numbers(Items as never),
          ScanIndexForward ? expected : expected.toReversed(),
          condition,
        );
      }
    }
  });

  it('goes on after each page, in both directions, in tables and indexes', async (test) => {
    const client = await withPeople(test);
    const requests = [
      { ...ofPartition('odd') },
      { ...ofPartition('even'), IndexName: 'by-age' },
      {
        TableName,
        IndexName: 'by-city',
        KeyConditionExpression: 'city = :c AND age > :a',
        ExpressionAttributeValues: { ':c': { S: 'Oslo' }, ':a': { N: '0' } },
      },
    ];
    for (const request of requests) {
      for (const ScanIndexForward of [true, false]) {
        const whole = await client.query({ ...request, ScanIndexForward });
        const paged: unknown[] = [];
        let pages = 0;
        for await (const page of paginateQuery({ client, pageSize: 2 }, { ...request, ScanIndexForward })) {
          paged.push(...page.Items!);
          pages++;
        }
        assert.deepEqual(paged, whole.Items);
        // AWS: a page that is full says that there may be more, although there is not.
        assert.equal(pages, Math.floor(paged.length / 2) + 1);
      }
    }
  });

  it('filters what it has read', async (test) => {
    const client = await withPeople(test);
    const { Items, Count, ScannedCount } = await client.query({
      ...ofPartition('even'),
      FilterExpression: 'city = :c',
      ExpressionAttributeValues: { ':pk': { S: 'even' }, ':c': { S: 'Rome' } },
      Limit: 9,
    });
    assert.deepEqual(numbers(Items as never), [6]);
    assert.deepEqual([Count, ScannedCount], [1, 9]);
    await assert.rejects(
      client.query({
        ...ofPartition('even'),
        FilterExpression: 'sk > :n',
        ExpressionAttributeValues: { ':pk': { S: 'even' }, ':n': { N: '0' } },
      }),
      {
        name: 'ValidationException',
        message: /Filter Expression can only contain non-primary key attributes/,
      },
    );
  });

  it('refuses keys to start after that do not fit', async (test) => {
    const client = await withPeople(test);
    const start = (ExclusiveStartKey: Record<string, never>, more = {}) =>
      client.query({ ...ofPartition('even'), ...more, ExclusiveStartKey });
    const refused = (message: string) => ({ name: 'ValidationException', message });
    await assert.rejects(
      start({ pk: { S: 'even' } } as never),
      refused('The provided starting key is invalid: The provided key element does not match the schema'),
    );
    await assert.rejects(
      start({ pk: { S: 'odd' }, sk: { N: '1' } } as never),
      refused('The provided starting key is outside query boundaries based on provided conditions'),
    );
    await assert.rejects(
      start({ pk: { S: 'even' }, sk: { N: '1' } } as never, { IndexName: 'by-age' }),
      refused('The provided starting key is invalid'),
    );
  });
});

describe('an index', () => {
  it('has only items with its key, and only what it projects', async (test) => {
    const client = await withPeople(test);
    const { Items } = await client.query({
      TableName,
      IndexName: 'by-city',
      KeyConditionExpression: 'city = :c',
      ExpressionAttributeValues: { ':c': { S: 'Rome' } },
    });
    assert.deepEqual(numbers(Items as never, 'age'), [41, 42, 43, 44, 45]);
    assert.deepEqual(Object.keys(Items![0]!).sort(), ['age', 'city', 'pk', 'sk']);
    assert.equal((await client.scan({ TableName, IndexName: 'by-city' })).Count, 10);
    const local = { ...ofPartition('even'), IndexName: 'by-age' };
    const kept = await client.query(local);
    assert.deepEqual(Object.keys(kept.Items![0]!).sort(), ['age', 'city', 'pk', 'sk']);
    const fetched = await client.query({
      ...local,
      Select: 'ALL_ATTRIBUTES',
      ReturnConsumedCapacity: 'INDEXES',
    });
    assert.deepEqual(fetched.Items![0]!.note, { S: 'note 8' });
    assert.deepEqual(fetched.ConsumedCapacity, {
      TableName,
      CapacityUnits: 3,
      Table: { CapacityUnits: 2.5 },
      LocalSecondaryIndexes: { 'by-age': { CapacityUnits: 0.5 } },
    });
    await assert.rejects(client.query({ ...local, IndexName: 'by-city', ConsistentRead: true }), {
      message: 'Consistent reads are not supported on global secondary indexes',
    });
    await assert.rejects(client.query({ ...local, IndexName: 'absent' }), {
      message: 'The table does not have the specified index: absent',
    });
  });

  it('follows changes of items', async (test) => {
    const client = await withPeople(test);
    const inCity = async (city: string) => {
      const { Items } = await client.query({
        TableName,
        IndexName: 'by-city',
        KeyConditionExpression: 'city = :c',
        ExpressionAttributeValues: { ':c': { S: city } },
      });
      return numbers(Items as never);
    };
    const Key = { pk: { S: 'even' }, sk: { N: '8' } };
    const move = (city: string) => ({
      TableName,
      Key,
      UpdateExpression: 'SET city = :c',
      ExpressionAttributeValues: { ':c': { S: city } },
      ReturnConsumedCapacity: 'INDEXES' as const,
    });
    const { ConsumedCapacity } = await client.updateItem(move('Bonn'));
    assert.deepEqual(ConsumedCapacity, {
      TableName,
      CapacityUnits: 4,
      Table: { CapacityUnits: 1 },
      LocalSecondaryIndexes: { 'by-age': { CapacityUnits: 1 } },
      GlobalSecondaryIndexes: { 'by-city': { CapacityUnits: 2 } },
    });
    assert.deepEqual([await inCity('Bonn'), await inCity('Rome')], [[8], [9, 7, 6, 5]]);
    await client.updateItem({ TableName, Key, UpdateExpression: 'REMOVE city' });
    assert.deepEqual(await inCity('Bonn'), []);
    await client.deleteItem({ TableName, Key: { pk: { S: 'odd' }, sk: { N: '9' } } });
    assert.deepEqual(await inCity('Rome'), [7, 6, 5]);
    await assert.rejects(
      client.updateItem({ ...move(''), ExpressionAttributeValues: { ':c': { N: '1' } } }),
      {
        message:
          'One or more parameter values were invalid: Type mismatch for Index Key city Expected: S Actual: N IndexName: by-city',
      },
    );
    const { Table } = await client.describeTable({ TableName });
    assert.deepEqual([Table!.ItemCount, Table!.GlobalSecondaryIndexes![0]!.ItemCount], [19, 8]);
  });
});

describe('a scan', () => {
  it('reads everything in pages and in segments', async (test) => {
    const { client } = await runDynamoDb(test);
    await createTable(client, TableName, { hash: 'pk' });
    const names = Array.from({ length: 60 }, (_, index) => `item ${index}`);
    for (const name of names) {
      await client.putItem({ TableName, Item: { pk: { S: name }, v: { S: 'v'.repeat(50_000) } } });
    }
    const scanned: string[] = [];
    let pages = 0;
    for await (const { Items } of paginateScan({ client }, { TableName })) {
      scanned.push(...Items!.map(({ pk }) => pk!.S!));
      pages++;
    }
    assert.deepEqual(scanned.toSorted(), names.toSorted());
    // 21 items are a little more than a megabyte.
    assert.equal(pages, 3);
    const TotalSegments = 7;
    const segments = await Promise.all(
      Array.from({ length: TotalSegments }, async (_, Segment) => {
        const found: string[] = [];
        for await (const { Items } of paginateScan(
          { client, pageSize: 3 },
          { TableName, Segment, TotalSegments },
        )) {
          found.push(...Items!.map(({ pk }) => pk!.S!));
        }
        return found;
      }),
    );
    assert.deepEqual(segments.flat(), scanned);
    assert.ok(segments.every(({ length }) => length > 0));
    const count = await client.scan({
      TableName,
      Select: 'COUNT',
      Limit: 5,
      ReturnConsumedCapacity: 'TOTAL',
    });
    assert.deepEqual([count.Count, count.Items, count.ConsumedCapacity!.CapacityUnits], [5, undefined, 31]);
  });
});
