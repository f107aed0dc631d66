// The sink of tables, against Millpond's own DynamoDB, and against calls that fail.

import assert from 'node:assert/strict';
import { it, type TestContext } from 'node:test';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { createTable, runDynamoDb } from '../../../../test/support/dynamodb.ts';
import { CallFailed, type Message, type Row } from '../../sink.ts';
import { callsTo, type MadeCall, patient, recordedCalls, rowMessage } from '../sinks.fixture.ts';
import { attributeValue, keyValue } from './attribute-values.ts';
import { createDynamoDbSink } from './dynamodb-sink.ts';

const DEFAULT = { key: {} };

async function run(test: TestContext, sequenceAttribute?: string, key = { hash: 'id' } as object) {
  const { client, dynamodb } = await runDynamoDb(test);
  await createTable(client, 'Carts', key as { hash: string });
  const calls = callsTo({ dynamodb: dynamodb.service });
  const target = { kind: 'dynamodb', table: 'Carts', row: DEFAULT } as const;
  const sink = createDynamoDbSink({ ...target, ...(sequenceAttribute && { sequenceAttribute }) }, calls);
  const items = async () => {
    const { Items = [] } = await client.scan({ TableName: 'Carts' });
    return Items.map((item) => unmarshall(item)).sort((one, other) => (one.id < other.id ? -1 : 1));
  };
  return { client, calls, sink, items };
}

/** A row as it comes without named columns: the key is in the column `key`. */
const row = (key: Row['columns'][string], columns: Row['columns'] = {}, more: Partial<Message> = {}) =>
  rowMessage({ key }, columns, more);

it('rows become items of the table’s own key, whole batches at once; deletes remove them', async (context) => {
  const { sink, items } = await run(context);
  const messages = Array.from({ length: 60 }, (_, index) => row(`cart:${index}`, { total: String(index) }));
  assert.deepEqual(await sink.deliver(messages, patient()), []);
  assert.equal((await items()).length, 60);
  const deletes = messages
    .slice(2)
    .map(({ row: { columns } = {} as Row }) => row(columns.key!, {}, { kind: 'delete' }));
  assert.deepEqual(
    await sink.deliver(
      [...deletes, row('cart:1', { note: 'new' }), row('cart:1', { note: 'newer' })],
      patient(),
    ),
    [],
  );
  assert.deepEqual(await items(), [
    { id: 'cart:0', total: '0' },
    { id: 'cart:1', note: 'newer' },
  ]);
});

it('an older sequence never replaces a newer one, nor is it removed by an older delete', async (context) => {
  const { sink, items } = await run(context, 'seq');
  const at = (sequence: string, columns: Row['columns'], kind: Message['kind'] = 'write') =>
    sink.deliver([row('a', columns, { sequence, kind })], patient());
  const large = 9n * 10n ** 37n;
  for (const [sequence, note, kind] of [
    [large + 2n, 'second', 'write'],
    [large + 1n, 'first', 'write'],
    [large + 2n, 'again', 'write'],
    [large + 1n, '', 'delete'],
  ] as const) {
    assert.deepEqual(await at(String(sequence), kind === 'delete' ? {} : { note }, kind), []);
  }
  const [item] = await items();
  assert.deepEqual({ ...item, seq: undefined }, { id: 'a', note: 'second', seq: undefined });
  assert.deepEqual(await at(String(large + 3n), {}, 'delete'), []);
  assert.deepEqual(await items(), []);
});

it('items that the table cannot hold fail for good, and the others of their batch are written', async (context) => {
  const { sink, items } = await run(context);
  const failures = await sink.deliver(
    [row('a'), row(''), row(Buffer.from([0xff])), row('b', { note: 'x'.repeat(410_000) }), row('c')],
    patient(),
  );
  assert.deepEqual(
    failures.map(({ index, mayRetry }) => ({ index, mayRetry })),
    [1, 2, 3].map((index) => ({ index, mayRetry: false })),
  );
  assert.match(failures[0]!.reason, /^ValidationException: .*empty string/);
  assert.equal(
    failures[1]!.reason,
    "The value of id, which is part of the table's key, is no text in UTF-8.",
  );
  assert.match(failures[2]!.reason, /^ValidationException: Item size/);
  assert.deepEqual(await items(), [{ id: 'a' }, { id: 'c' }]);
});

it('a key of several attributes is the one that the feed names', async (context) => {
  const { calls, client } = await run(context, undefined, { hash: 'user:N', range: 'cart:B' });
  const sink = createDynamoDbSink(
    { kind: 'dynamodb', table: 'Carts', row: { key: { user: '$.a', cart: '$.b' } } },
    calls,
  );
  const failures = await sink.deliver(
    [rowMessage({ user: '7', cart: 'x' }, { total: 1.5 }), rowMessage({ user: '8' }, {})],
    patient(),
  );
  assert.deepEqual(failures, [
    {
      ...{ index: 1, mayRetry: false },
      reason: "The change gives no value for cart, which is part of the table's key.",
    },
  ]);
  const { Items } = await client.scan({ TableName: 'Carts' });
  assert.deepEqual(unmarshall(Items![0]!), { user: 7, cart: new Uint8Array([120]), total: 1.5 });
});

it('a table that is missing, and comes, is written to', async (context) => {
  const { client, dynamodb } = await runDynamoDb(context);
  const target = { kind: 'dynamodb', table: 'Late', row: DEFAULT } as const;
  const sink = createDynamoDbSink(target, callsTo({ dynamodb: dynamodb.service }));
  const [failure] = await sink.deliver([row('a')], patient());
  assert.equal(failure!.mayRetry, true);
  assert.match(failure!.reason, /^ResourceNotFoundException: /);
  await createTable(client, 'Late', { hash: 'one' });
  assert.deepEqual(await sink.deliver([row('a')], patient()), []);
  // Made anew with another key.
  await client.deleteTable({ TableName: 'Late' });
  assert.equal((await sink.deliver([row('a')], patient()))[0]!.mayRetry, true);
  await createTable(client, 'Late', { hash: 'two' });
  assert.deepEqual(await sink.deliver([row('b')], patient()), []);
  assert.deepEqual((await client.scan({ TableName: 'Late' })).Items, [{ two: { S: 'b' } }]);
});

const KEYS = {
  Table: {
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  },
};

const against = (answer: (call: MadeCall) => unknown, sequenceAttribute?: string) => {
  const calls = recordedCalls((call) => (call.operation === 'DescribeTable' ? KEYS : answer(call)));
  const target = { kind: 'dynamodb', table: 'T', row: DEFAULT } as const;
  const sink = createDynamoDbSink({ ...target, ...(sequenceAttribute && { sequenceAttribute }) }, calls);
  return { calls, sink };
};

it('what throttling leaves unprocessed fails, and may be tried again', async () => {
  const { sink } = against(({ input }) => ({
    UnprocessedItems: { T: input.RequestItems.T.slice(1).reverse() },
  }));
  const failures = await sink.deliver([row('a'), row('b'), row('c', {}, { kind: 'delete' })], patient());
  assert.deepEqual(
    failures.map(({ index, mayRetry }) => ({ index, mayRetry })),
    [
      { index: 1, mayRetry: true },
      { index: 2, mayRetry: true },
    ],
  );
});

it('a throttled call fails all of its writes, and a hanging one is a rejection', async () => {
  const code = 'ProvisionedThroughputExceededException';
  for (const sequenceAttribute of [undefined, 'seq']) {
    const { sink, calls } = against(() => {
      throw new CallFailed(code, 'slow down', true);
    }, sequenceAttribute);
    const failures = await sink.deliver([row('a'), row('b')], patient());
    assert.deepEqual(
      failures,
      [0, 1].map((index) => ({ index, mayRetry: true, reason: `${code}: slow down` })),
    );
    assert.equal(calls.made.length, sequenceAttribute ? 3 : 2);
  }
  const limit = new AbortController();
  const { sink } = against(() => {
    setImmediate(() => limit.abort());
    return new Promise(() => {});
  });
  await assert.rejects(sink.deliver([row('a')], limit.signal), { code: 'TimedOut' });
});

it('values keep their types, and numbers that DynamoDB cannot hold become texts', () => {
  assert.deepEqual(attributeValue({ list: ['1', 2, null], flag: true, bytes: Buffer.from('x') }), {
    M: {
      list: { L: [{ S: '1' }, { N: '2' }, { NULL: true }] },
      flag: { BOOL: true },
      bytes: { B: Buffer.from('x') },
    },
  });
  assert.deepEqual([1e125, 1e126, 1e-131, Number.POSITIVE_INFINITY, 0].map(attributeValue), [
    { N: '1e+125' },
    { S: '1e+126' },
    { S: '1e-131' },
    { S: 'Infinity' },
    { N: '0' },
  ]);
  assert.deepEqual(
    [10n ** 37n, 10n ** 38n].map((value) => Object.keys(attributeValue(value))[0]),
    ['N', 'S'],
  );
  assert.deepEqual(keyValue('1e3', 'N'), { N: '1e3' });
  assert.equal(keyValue('one', 'N'), undefined);
});
