// DynamoDB's items as the SDK for JavaScript sees them: reads and writes by key, batches and transactions.

import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { AttributeValue, DynamoDB } from '@aws-sdk/client-dynamodb';
import { createTable, runDynamoDb } from '../support/dynamodb.ts';

const TableName = 'items';

async function withTable(test: TestContext): Promise<DynamoDB> {
  const { client } = await runDynamoDb(test);
  await createTable(client, TableName, { hash: 'pk' });
  return client;
}

const refused = (name: string, message: string | RegExp) => ({ name, message });

describe('an item', () => {
  it('comes back as it was put, with every type, and numbers in normal form', async (test) => {
    const client = await withTable(test);
    const Item: Record<string, AttributeValue> = {
      pk: { S: 'every type' },
      text: { S: 'ä \u0000 "quoted" 😀' },
      number: { N: '-0012.50' },
      bytes: { B: new Uint8Array([0, 255, 1]) },
      texts: { SS: ['a', 'b'] },
      numbers: { NS: ['1', '2.0'] },
      binaries: { BS: [new Uint8Array([1]), new Uint8Array([2])] },
      map: {
        M: {
          'a.b': { N: '1E2' },
          ['__proto__']: { S: 'own' },
          inner: { M: { deep: { B: new Uint8Array([7]) } } },
        },
      },
      list: { L: [{ S: '' }, { NULL: true }, { L: [] }] },
      yes: { BOOL: true },
      nothing: { NULL: true },
    };
    assert.equal((await client.putItem({ TableName, Item })).Attributes, undefined);
    const { Item: read } = await client.getItem({
      TableName,
      Key: { pk: { S: 'every type' } },
      ConsistentRead: true,
    });
    assert.deepEqual(read!.number, { N: '-12.5' });
    assert.deepEqual(read!.numbers, { NS: ['1', '2'] });
    assert.deepEqual(read!.map!.M!['a.b'], { N: '100' });
    for (const name of ['text', 'bytes', 'texts', 'binaries', 'list', 'yes', 'nothing']) {
      assert.deepEqual(read![name], Item[name], name);
    }
    assert.deepEqual(Object.keys(read!.map!.M!).sort(), ['__proto__', 'a.b', 'inner']);
    assert.deepEqual(read!.map!.M!.inner, { M: { deep: { B: new Uint8Array([7]) } } });
  });

  it('that nobody put is absent, and so is its part', async (test) => {
    const client = await withTable(test);
    const Key = { pk: { S: 'absent' } };
    assert.equal((await client.getItem({ TableName, Key })).Item, undefined);
    assert.equal(
      (await client.deleteItem({ TableName, Key, ReturnValues: 'ALL_OLD' })).Attributes,
      undefined,
    );
  });

  it('is projected', async (test) => {
    const client = await withTable(test);
    await client.putItem({
      TableName,
      Item: { pk: { S: 'p' }, a: { M: { b: { L: [{ N: '1' }, { N: '2' }] } } }, c: { N: '3' } },
    });
    const { Item } = await client.getItem({
      TableName,
      Key: { pk: { S: 'p' } },
      ProjectionExpression: '#a.b[1], c',
      ExpressionAttributeNames: { '#a': 'a' },
    });
    assert.deepEqual(Item, { a: { M: { b: { L: [{ N: '2' }] } } }, c: { N: '3' } });
  });

  it('is refused with a wrong key, a key that is too long or empty, and when it is too large', async (test) => {
    const client = await withTable(test);
    const get = (Key: Record<string, AttributeValue>) => client.getItem({ TableName, Key });
    const put = (Item: Record<string, AttributeValue>) => client.putItem({ TableName, Item });
    const mismatch = refused('ValidationException', 'The provided key element does not match the schema');
    await assert.rejects(get({}), mismatch);
    await assert.rejects(get({ pk: { N: '1' } }), mismatch);
    await assert.rejects(get({ pk: { S: 'a' }, sk: { S: 'b' } }), mismatch);
    await assert.rejects(
      put({ other: { S: 'a' } }),
      refused(
        'ValidationException',
        'One or more parameter values were invalid: Missing the key pk in the item',
      ),
    );
    await assert.rejects(
      put({ pk: { N: '1' } }),
      refused(
        'ValidationException',
        'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N',
      ),
    );
    await assert.rejects(
      put({ pk: { S: '' } }),
      refused(
        'ValidationException',
        'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
      ),
    );
    await assert.rejects(
      put({ pk: { S: 'k'.repeat(2049) } }),
      refused(
        'ValidationException',
        'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
      ),
    );
    // 400 KB with the names.
    await put({ pk: { S: 'l' }, v: { S: 'v'.repeat(400 * 1024 - 4) } });
    await assert.rejects(
      put({ pk: { S: 'l' }, v: { S: 'v'.repeat(400 * 1024 - 3) } }),
      refused('ValidationException', 'Item size has exceeded the maximum allowed size'),
    );
    await assert.rejects(
      client.updateItem({
        TableName,
        Key: { pk: { S: 'l' } },
        UpdateExpression: 'SET w = :w',
        ExpressionAttributeValues: { ':w': { S: 'w' } },
      }),
      refused('ValidationException', 'Item size to update has exceeded the maximum allowed size'),
    );
    await assert.rejects(
      client.getItem({ TableName: 'nowhere', Key: { pk: { S: 'a' } } }),
      refused('ResourceNotFoundException', 'Requested resource not found'),
    );
  });

  it('is found by the name of its table and by its ARN', async (test) => {
    const client = await withTable(test);
    await client.putItem({ TableName, Item: { pk: { S: 'a' } } });
    const arn = `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`;
    assert.deepEqual((await client.getItem({ TableName: arn, Key: { pk: { S: 'a' } } })).Item, {
      pk: { S: 'a' },
    });
  });
});

describe('a conditional write', () => {
  it('fails without a change, and shows the item to those who want it', async (test) => {
    const client = await withTable(test);
    const Item = { pk: { S: 'c' }, version: { N: '1' } };
    await client.putItem({ TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' });
    const again = {
      TableName,
      Item: { pk: { S: 'c' }, version: { N: '2' } },
      ConditionExpression: 'attribute_not_exists(pk)',
    };
    await assert.rejects(
      client.putItem(again),
      (error: { name: string; message: string; Item?: unknown }) => {
        assert.equal(error.name, 'ConditionalCheckFailedException');
        assert.equal(error.message, 'The conditional request failed');
        assert.equal(error.Item, undefined);
        return true;
      },
    );
    await assert.rejects(
      client.putItem({ ...again, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
      (error: { Item?: unknown }) => {
        assert.deepEqual(error.Item, Item);
        return true;
      },
    );
    const { Attributes } = await client.deleteItem({
      TableName,
      Key: { pk: { S: 'c' } },
      ConditionExpression: 'version = :v',
      ExpressionAttributeValues: { ':v': { N: '1.0' } },
      ReturnValues: 'ALL_OLD',
    });
    assert.deepEqual(Attributes, Item);
  });

  it('takes the legacy form', async (test) => {
    const client = await withTable(test);
    const Item = { pk: { S: 'e' } };
    await client.putItem({ TableName, Item, Expected: { pk: { Exists: false } } });
    await assert.rejects(
      client.putItem({ TableName, Item, Expected: { pk: { Exists: false } } }),
      refused('ConditionalCheckFailedException', 'The conditional request failed'),
    );
  });
});

describe('an update', () => {
  it('creates, changes and returns what is wanted', async (test) => {
    const client = await withTable(test);
    const Key = { pk: { S: 'u' } };
    const created = await client.updateItem({
      TableName,
      Key,
      UpdateExpression: 'SET a = :one, l = list_append(if_not_exists(l, :none), :l) ADD n :one, s :s',
      ExpressionAttributeValues: {
        ':one': { N: '1' },
        ':none': { L: [] },
        ':l': { L: [{ S: 'x' }] },
        ':s': { SS: ['m'] },
      },
      ReturnValues: 'ALL_NEW',
    });
    assert.deepEqual(created.Attributes, {
      ...Key,
      a: { N: '1' },
      l: { L: [{ S: 'x' }] },
      n: { N: '1' },
      s: { SS: ['m'] },
    });
    const update = {
      TableName,
      Key,
      UpdateExpression: 'SET a = a + :one REMOVE l[0] DELETE s :s',
      ExpressionAttributeValues: { ':one': { N: '1' }, ':s': { SS: ['m'] } },
    };
    assert.deepEqual((await client.updateItem({ ...update, ReturnValues: 'UPDATED_NEW' })).Attributes, {
      a: { N: '2' },
    });
    const { Item } = await client.getItem({ TableName, Key });
    assert.deepEqual(Item, { ...Key, a: { N: '2' }, l: { L: [] }, n: { N: '1' } });
    await assert.rejects(
      client.updateItem({
        TableName,
        Key,
        UpdateExpression: 'SET pk = :v',
        ExpressionAttributeValues: { ':v': { S: 'w' } },
      }),
      refused(
        'ValidationException',
        'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
      ),
    );
    const legacy = await client.updateItem({
      TableName,
      Key,
      AttributeUpdates: { a: { Action: 'ADD', Value: { N: '5' } }, n: { Action: 'DELETE' } },
      ReturnValues: 'ALL_NEW',
    });
    assert.deepEqual(legacy.Attributes, { ...Key, a: { N: '7' }, l: { L: [] } });
  });

  it('counts exactly, however many update at the same time', async (test) => {
    const client = await withTable(test);
    const count = () =>
      client.updateItem({
        TableName,
        Key: { pk: { S: 'counter' } },
        UpdateExpression: 'ADD n :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      });
    await Promise.all(Array.from({ length: 200 }, count));
    const { Item } = await client.getItem({ TableName, Key: { pk: { S: 'counter' } } });
    assert.deepEqual(Item!.n, { N: '200' });
  });
});

describe('a batch', () => {
  it('writes, deletes and reads', async (test) => {
    const client = await withTable(test);
    const put = (name: string) => ({ PutRequest: { Item: { pk: { S: name }, v: { S: name } } } });
    const written = await client.batchWriteItem({
      RequestItems: { [TableName]: Array.from({ length: 25 }, (_, index) => put(`b${index}`)) },
      ReturnConsumedCapacity: 'TOTAL',
    });
    assert.deepEqual(written.UnprocessedItems, {});
    assert.deepEqual(written.ConsumedCapacity, [{ TableName, CapacityUnits: 25 }]);
    await client.batchWriteItem({
      RequestItems: { [TableName]: [{ DeleteRequest: { Key: { pk: { S: 'b0' } } } }] },
    });
    const read = await client.batchGetItem({
      RequestItems: {
        [TableName]: {
          Keys: ['b0', 'b1', 'b2'].map((name) => ({ pk: { S: name } })),
          ProjectionExpression: 'v',
        },
      },
      ReturnConsumedCapacity: 'TOTAL',
    });
    assert.deepEqual(read.Responses, { [TableName]: [{ v: { S: 'b1' } }, { v: { S: 'b2' } }] });
    assert.deepEqual(read.UnprocessedKeys, {});
    assert.deepEqual(read.ConsumedCapacity, [{ TableName, CapacityUnits: 1.5 }]);
    await assert.rejects(
      client.batchWriteItem({ RequestItems: { [TableName]: [put('x'), put('x')] } }),
      refused('ValidationException', 'Provided list of item keys contains duplicates'),
    );
  });

  it('returns what is beyond 16 MB as unprocessed', async (test) => {
    const client = await withTable(test);
    const names = Array.from({ length: 50 }, (_, index) => `large${index}`);
    for (const name of names) {
      await client.putItem({ TableName, Item: { pk: { S: name }, v: { S: 'v'.repeat(390 * 1024) } } });
    }
    let Keys = names.map((name) => ({ pk: { S: name } }));
    let read = 0;
    let calls = 0;
    while (Keys.length > 0) {
      const { Responses, UnprocessedKeys } = await client.batchGetItem({
        RequestItems: { [TableName]: { Keys } },
      });
      read += Responses![TableName]!.length;
      Keys = (UnprocessedKeys![TableName]?.Keys ?? []) as typeof Keys;
      calls++;
    }
    assert.deepEqual([read, calls], [50, 2]);
  });
});

describe('a transaction', () => {
  it('makes all its changes, or none and says why', async (test) => {
    const client = await withTable(test);
    const Put = (name: string) => ({
      Put: {
        TableName,
        Item: { pk: { S: name } },
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      },
    });
    await client.transactWriteItems({ TransactItems: [Put('t1'), Put('t2')] });
    await assert.rejects(
      client.transactWriteItems({ TransactItems: [Put('t3'), Put('t1')] }),
      (error: { name: string; message: string; CancellationReasons?: unknown }) => {
        assert.equal(error.name, 'TransactionCanceledException');
        assert.equal(
          error.message,
          'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]',
        );
        assert.deepEqual(error.CancellationReasons, [
          { Code: 'None' },
          {
            Code: 'ConditionalCheckFailed',
            Message: 'The conditional request failed',
            Item: { pk: { S: 't1' } },
          },
        ]);
        return true;
      },
    );
    const { Responses, ConsumedCapacity } = await client.transactGetItems({
      TransactItems: ['t1', 't3'].map((name) => ({ Get: { TableName, Key: { pk: { S: name } } } })),
      ReturnConsumedCapacity: 'TOTAL',
    });
    assert.deepEqual(Responses, [{ Item: { pk: { S: 't1' } } }, {}]);
    assert.deepEqual(ConsumedCapacity, [{ TableName, CapacityUnits: 4, ReadCapacityUnits: 4 }]);
    await client.transactWriteItems({
      TransactItems: [
        {
          ConditionCheck: {
            TableName,
            Key: { pk: { S: 't1' } },
            ConditionExpression: 'attribute_exists(pk)',
          },
        },
        { Delete: { TableName, Key: { pk: { S: 't2' } } } },
        {
          Update: {
            TableName,
            Key: { pk: { S: 't4' } },
            UpdateExpression: 'SET v = :v',
            ExpressionAttributeValues: { ':v': { S: 'new' } },
          },
        },
      ],
    });
    const { Items } = await client.scan({ TableName });
    assert.deepEqual(Items!.map(({ pk }) => pk!.S).sort(), ['t1', 't4']);
    await assert.rejects(
      client.transactWriteItems({ TransactItems: [Put('t5'), Put('t5')] }),
      refused('ValidationException', 'Transaction request cannot include multiple operations on one item'),
    );
  });

  it('is carried out once with its token, for ten minutes', async (test) => {
    let now = Date.UTC(2026, 10, 30);
    const { client } = await runDynamoDb(test, { clock: { now: () => now } });
    await createTable(client, TableName, { hash: 'pk' });
    const add = (by: string) =>
      client.transactWriteItems({
        ClientRequestToken: 'token',
        TransactItems: [
          {
            Update: {
              TableName,
              Key: { pk: { S: 'sum' } },
              UpdateExpression: 'ADD n :by',
              ExpressionAttributeValues: { ':by': { N: by } },
            },
          },
        ],
      });
    await add('1');
    await add('1');
    await assert.rejects(add('2'), { name: 'IdempotentParameterMismatchException' });
    now += 11 * 60 * 1000;
    await add('2');
    assert.deepEqual((await client.getItem({ TableName, Key: { pk: { S: 'sum' } } })).Item!.n, { N: '3' });
  });
});
