// Random input of every operation of DynamoDB: each is answered or refused by name, never with a failure of Millpond's
// own, and hardly any is always refused.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { operations } from '../../src/services/dynamodb/operations.ts';
import { createDynamoDb } from '../../src/services/dynamodb/service.ts';
import { createClient } from '../../src/wire/client.ts';
import { Fault } from '../../src/wire/fault.ts';
import { loadSchema, type Structure } from '../../src/wire/schema.ts';
import { randomInput, seededRandom } from '../support/random-input.ts';
import { recordingLog } from '../support/wire.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const ROUNDS = 60;
const NAMES = ['people', 'things'];
const ARNS = NAMES.map((name) => `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`);
const VALUES = [
  ...[
    { S: 'a' },
    { S: '' },
    { N: '1' },
    { N: '-1e5' },
    { N: 'x' },
    { B: Buffer.of(1) },
    { BOOL: true },
    { NULL: true },
  ],
  ...[
    { SS: ['a'] },
    { NS: ['1', '1'] },
    { L: [{ S: 'x' }] },
    { M: { a: { N: '2' } } },
    {},
    { S: 'a', N: '1' },
  ],
];
const KEYS = [{ pk: { S: 'a' } }, { pk: { S: 'a' }, sk: { N: '1' } }, { pk: { N: '1' } }, {}];
/** Members whose shapes differ from operation to operation. */
const OF_OPERATIONS: Record<string, Record<string, readonly unknown[]>> = {
  BatchGetItem: { RequestItems: [{ people: { Keys: [KEYS[0]] } }, { people: { Keys: [KEYS[0], KEYS[0]] } }] },
  BatchWriteItem: {
    RequestItems: [
      {
        people: [{ PutRequest: { Item: { pk: { S: 'z' } } } }],
        things: [{ DeleteRequest: { Key: KEYS[0] } }],
      },
      { people: [{ PutRequest: { Item: { pk: { S: 'z' } } } }, {}] },
    ],
  },
  Query: {
    ExpressionAttributeNames: [undefined],
    ExpressionAttributeValues: [{ ':v': { S: 'a' } }],
    ExclusiveStartKey: [undefined],
    FilterExpression: [undefined],
    IndexName: [undefined],
    KeyConditionExpression: ['pk = :v'],
    ProjectionExpression: [undefined],
    ReturnConsumedCapacity: [undefined, 'TOTAL'],
  },
  TransactGetItems: { TransactItems: [[{ Get: { TableName: 'people', Key: KEYS[0] } }]] },
  TransactWriteItems: {
    TransactItems: [
      [{ Put: { TableName: 'people', Item: KEYS[0] } }],
      [
        {
          ConditionCheck: { TableName: 'people', Key: KEYS[0], ConditionExpression: 'attribute_exists(pk)' },
        },
      ],
      [{ Put: { TableName: 'people', Item: KEYS[0] } }, {}],
    ],
  },
};
const CONDITION = new Set(['KeyConditionExpression', 'ExpressionAttributeValues']);
const SCHEMA = [{ AttributeName: 'pk', KeyType: 'HASH' }];
const TABLE = {
  KeySchema: SCHEMA,
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
};

it('answers or refuses whatever comes', async () => {
  const answered = new Map<string, number>();
  for (const seed of [20_261_130, 1, 2]) {
    const random = seededRandom(seed);
    const { log, errors } = recordingLog();
    let now = Date.UTC(2026, 10, 30);
    const dynamodb = createDynamoDb({
      ...{ file: ':memory:', clock: { now: () => now }, log, isThrottled: seed === 1 },
      report() {},
    });
    dynamodb.start();
    const client = createClient('dynamodb', { inProcess: dynamodb.service }) as {
      call(operation: string, input: object, scope: object): Promise<Record<string, unknown>>;
    };
    const plausible: Record<string, readonly unknown[]> = {
      TableName: NAMES,
      ResourceArn: ARNS,
      IndexName: [undefined, 'by-a', 'by-b'],
      AttributeDefinitions: [
        [{ AttributeName: 'pk', AttributeType: 'S' }],
        [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'a', AttributeType: 'N' },
        ],
      ],
      KeySchema: [SCHEMA, [{ AttributeName: 'a', KeyType: 'HASH' }]],
      BillingMode: ['PAY_PER_REQUEST', undefined],
      ProvisionedThroughput: [undefined, { ReadCapacityUnits: 1, WriteCapacityUnits: 1 }],
      Projection: [{ ProjectionType: 'ALL' }, { ProjectionType: 'INCLUDE', NonKeyAttributes: ['b'] }],
      Item: [{ pk: { S: 'a' } }, { pk: { S: 'b' }, a: { N: '7' } }, ...KEYS],
      Key: KEYS,
      Keys: [[KEYS[0]], [KEYS[0], KEYS[0]]],
      ExclusiveStartKey: [undefined, undefined, KEYS[0]],
      ExpressionAttributeNames: [undefined, undefined, { '#a': 'a' }],
      ExpressionAttributeValues: [undefined, { ':v': { S: 'a' } }, { ':v': { N: '1' } }],
      ConditionExpression: [undefined, 'attribute_exists(pk)', 'a = :v', 'size(a) >'],
      FilterExpression: [undefined, undefined, 'a = :v'],
      KeyConditionExpression: ['pk = :v', 'pk = :v AND begins_with(sk, :v)'],
      ProjectionExpression: [undefined, 'a', 'a.b[0]'],
      UpdateExpression: [undefined, 'SET a = :v', 'REMOVE a', 'ADD a :v'],
      AttributeValueList: [[VALUES[0]]],
      Value: VALUES,
      Segment: [undefined, 0],
      TotalSegments: [undefined, 2],
      Limit: [undefined, 1],
      Tags: [[{ Key: 'a', Value: 'b' }], []],
      TagKeys: [['a']],
      NextToken: [undefined],
      StreamSpecification: [undefined, { StreamEnabled: false }],
      SSESpecification: [undefined, { Enabled: true }],
      ReplicaUpdates: [undefined],
      TimeToLiveSpecification: [
        { AttributeName: 'at', Enabled: true },
        { AttributeName: 'at', Enabled: false },
      ],
      ClientRequestToken: [undefined, 'token'],
      ...Object.fromEntries(
        [
          ...[
            'GlobalTableSourceArn',
            'GlobalTableSettingsReplicationMode',
            'ResourcePolicy',
            'VectorIndexes',
          ],
          ...['MultiRegionConsistency', 'GlobalTableWitnessUpdates', 'DisassociationProtectionEnabled'],
          ...[
            'VectorIndexUpdates',
            'Expected',
            'ConditionalOperator',
            'AttributesToGet',
            'ScanFilter',
            'QueryFilter',
          ],
          ...['KeyConditions', 'AttributeUpdates', 'LocalSecondaryIndexes', 'WarmThroughput', 'Select'],
          'GlobalSecondaryIndexUpdates',
        ].map((name) => [name, [undefined, undefined]]),
      ),
    };
    const names = Object.keys(dynamodb.service.operations);
    for (let round = 0; round < ROUNDS; round++) {
      now += 60_000;
      // Random definitions of tables hardly ever fit together.
      for (const TableName of NAMES)
        await client.call('CreateTable', { TableName, ...TABLE }, SCOPE).catch(() => {});
      await nextTurn();
      await nextTurn();
      for (const name of names) {
        const operation = loadSchema('dynamodb').operation(name)!;
        const input = randomInput(operation.input as Structure, random, {
          known: { ...plausible, ...OF_OPERATIONS[name] },
          ...(name === 'Query' && { always: CONDITION }),
        }) as object;
        try {
          await client.call(name, input, SCOPE);
          answered.set(name, (answered.get(name) ?? 0) + 1);
        } catch (error) {
          assert.ok(error instanceof Fault, `${name} of ${JSON.stringify(input)}: ${(error as Error).stack}`);
        }
      }
    }
    await dynamodb.stop();
    assert.deepEqual(errors, []);
  }
  const silent = Object.keys(operations).filter((name) => name !== 'CreateTable' && !answered.has(name));
  assert.deepEqual(silent, []);
});
