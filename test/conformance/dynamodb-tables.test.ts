// DynamoDB's tables as the SDK for JavaScript sees them: definitions, changes, indexes made online, expiry, deletion.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  type AttributeValue,
  type CreateTableCommandInput,
  type DynamoDB,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import { createTable, keySchema, runDynamoDb, untilActive } from '../support/dynamodb.ts';

const TableName = 'people';
const ARN = `arn:aws:dynamodb:us-east-1:000000000000:table/${TableName}`;

const throughput = (read: number, write: number) => ({ ReadCapacityUnits: read, WriteCapacityUnits: write });

const PROVISIONED: CreateTableCommandInput = {
  TableName,
  KeySchema: keySchema({ hash: 'pk' }),
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  ProvisionedThroughput: throughput(5, 5),
};

const city = {
  IndexName: 'by-city',
  KeySchema: keySchema({ hash: 'city' }),
  Projection: { ProjectionType: 'ALL' as const },
};

describe('a table', () => {
  it('is described as it was created, and known to waiters', async (test) => {
    const { client } = await runDynamoDb(test);
    const { TableDescription } = await client.createTable({
      ...PROVISIONED,
      Tags: [{ Key: 'team', Value: 'a' }],
      SSESpecification: { Enabled: true, KMSMasterKeyId: 'alias/own' },
      TableClass: 'STANDARD_INFREQUENT_ACCESS',
    });
    assert.equal(TableDescription!.TableStatus, 'CREATING');
    await waitUntilTableExists({ client, maxWaitTime: 60 }, { TableName });
    const { Table } = await client.describeTable({ TableName });
    assert.ok(Table!.CreationDateTime instanceof Date);
    assert.match(Table!.TableId!, /^[0-9a-f-]{36}$/);
    assert.deepEqual(
      { ...Table, CreationDateTime: undefined, TableId: undefined },
      {
        AttributeDefinitions: PROVISIONED.AttributeDefinitions,
        TableName,
        KeySchema: PROVISIONED.KeySchema,
        TableStatus: 'ACTIVE',
        CreationDateTime: undefined,
        TableId: undefined,
        ProvisionedThroughput: { NumberOfDecreasesToday: 0, ...throughput(5, 5) },
        TableSizeBytes: 0,
        ItemCount: 0,
        TableArn: ARN,
        SSEDescription: {
          Status: 'ENABLED',
          SSEType: 'KMS',
          KMSMasterKeyArn: 'arn:aws:kms:us-east-1:000000000000:alias/own',
        },
        TableClassSummary: { TableClass: 'STANDARD_INFREQUENT_ACCESS' },
        WarmThroughput: { ReadUnitsPerSecond: 5, WriteUnitsPerSecond: 5, Status: 'ACTIVE' },
        DeletionProtectionEnabled: false,
      },
    );
    assert.deepEqual((await client.listTagsOfResource({ ResourceArn: ARN })).Tags, [
      { Key: 'team', Value: 'a' },
    ]);
    await assert.rejects(client.createTable(PROVISIONED), {
      name: 'ResourceInUseException',
      message: `Table already exists: ${TableName}`,
    });
    const deleted = await client.deleteTable({ TableName });
    assert.equal(deleted.TableDescription!.TableStatus, 'DELETING');
    await waitUntilTableNotExists({ client, maxWaitTime: 60 }, { TableName });
    await assert.rejects(client.describeTable({ TableName }), {
      name: 'ResourceNotFoundException',
      message: `Requested resource not found: Table: ${TableName} not found`,
    });
  });

  it('is refused with a definition that does not fit together', async (test) => {
    const { client } = await runDynamoDb(test);
    const invalid = 'One or more parameter values were invalid: ';
    const ab = ['a', 'b'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const }));
    const local = (key: { hash: string; range?: string }, Projection = {}) => [
      { IndexName: 'abc', KeySchema: keySchema(key), Projection },
    ];
    const cases: [Partial<CreateTableCommandInput>, string][] = [
      [
        { ProvisionedThroughput: undefined },
        `${invalid}ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED`,
      ],
      [
        { BillingMode: 'PAY_PER_REQUEST' },
        `${invalid}Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST`,
      ],
      [
        { ProvisionedThroughput: throughput(1_000_000_000_001, 1) },
        'Given value 1000000000001 for ReadCapacityUnits is out of bounds',
      ],
      [
        { KeySchema: keySchema({ hash: 'other' }) },
        `${invalid}Some index key attributes are not defined in AttributeDefinitions. Keys: [other], AttributeDefinitions: [pk]`,
      ],
      [
        { AttributeDefinitions: ab, KeySchema: keySchema({ hash: 'a' }) },
        `${invalid}Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`,
      ],
      [
        {
          AttributeDefinitions: ab,
          KeySchema: keySchema({ hash: 'a' }),
          LocalSecondaryIndexes: local({ hash: 'a', range: 'b' }),
        },
        `${invalid}Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex`,
      ],
      [
        {
          AttributeDefinitions: ab,
          KeySchema: keySchema({ hash: 'a', range: 'b' }),
          LocalSecondaryIndexes: local({ hash: 'b', range: 'a' }),
        },
        `${invalid}Index KeySchema does not have the same leading hash key as table KeySchema for index: abc. index hash key: b, table hash key: a`,
      ],
      [
        {
          AttributeDefinitions: ab,
          KeySchema: keySchema({ hash: 'a', range: 'b' }),
          LocalSecondaryIndexes: local({ hash: 'a', range: 'b' }),
        },
        `${invalid}Unknown ProjectionType: null`,
      ],
      [
        { GlobalSecondaryIndexes: [{ ...city, KeySchema: keySchema({ hash: 'pk' }) }] },
        `${invalid}ProvisionedThroughput is not specified for index: by-city`,
      ],
      [
        { StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' } },
        'Millpond does not support streams (StreamSpecification).',
      ],
      [
        { TableName: 'a b' },
        "1 validation error detected: Value 'a b' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
      ],
    ];
    for (const [change, message] of cases) {
      await assert.rejects(client.createTable({ ...PROVISIONED, ...change }), {
        name: 'ValidationException',
        message,
      });
    }
    assert.deepEqual((await client.listTables({})).TableNames, []);
  });

  it('is listed in pages by name', async (test) => {
    const { client } = await runDynamoDb(test);
    for (const name of ['ccc', 'aaa', 'bbb']) await createTable(client, name, { hash: 'pk' });
    const first = await client.listTables({ Limit: 2 });
    assert.deepEqual([first.TableNames, first.LastEvaluatedTableName], [['aaa', 'bbb'], 'bbb']);
    const second = await client.listTables({ Limit: 2, ExclusiveStartTableName: 'bbb' });
    assert.deepEqual([second.TableNames, second.LastEvaluatedTableName], [['ccc'], undefined]);
  });

  it('changes its throughput, billing, protection and tags', async (test) => {
    const { client } = await runDynamoDb(test);
    await client.createTable(PROVISIONED);
    await untilActive(client, TableName);
    const update = async (change: object) => {
      const { TableDescription } = await client.updateTable({ TableName, ...change });
      await untilActive(client, TableName);
      return TableDescription!;
    };
    const shown = await update({ ProvisionedThroughput: throughput(10, 5) });
    assert.equal(shown.TableStatus, 'UPDATING');
    assert.equal(shown.ProvisionedThroughput!.ReadCapacityUnits, 5);
    await update({ ProvisionedThroughput: throughput(1, 1) });
    const { ProvisionedThroughput } = (await client.describeTable({ TableName })).Table!;
    assert.deepEqual(
      [ProvisionedThroughput!.ReadCapacityUnits, ProvisionedThroughput!.NumberOfDecreasesToday],
      [1, 1],
    );
    await assert.rejects(client.updateTable({ TableName, ProvisionedThroughput: throughput(1, 1) }), {
      message:
        /^The provisioned throughput for the table will not change\. The requested value equals the current value\./,
    });
    await assert.rejects(client.updateTable({ TableName }), {
      message: /^At least one of ProvisionedThroughput/,
    });
    await update({ BillingMode: 'PAY_PER_REQUEST', DeletionProtectionEnabled: true });
    const { Table } = await client.describeTable({ TableName });
    assert.equal(Table!.BillingModeSummary!.BillingMode, 'PAY_PER_REQUEST');
    assert.deepEqual(Table!.ProvisionedThroughput, { NumberOfDecreasesToday: 0, ...throughput(0, 0) });
    await assert.rejects(client.deleteTable({ TableName }), {
      name: 'ValidationException',
      message:
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
    });
    await client.tagResource({
      ResourceArn: ARN,
      Tags: [
        { Key: 'a', Value: '1' },
        { Key: 'b', Value: '2' },
      ],
    });
    await client.untagResource({ ResourceArn: ARN, TagKeys: ['a'] });
    assert.deepEqual((await client.listTagsOfResource({ ResourceArn: ARN })).Tags, [
      { Key: 'b', Value: '2' },
    ]);
  });

  it('records continuous backups and says its limits and endpoints', async (test) => {
    const { client, server } = await runDynamoDb(test);
    await createTable(client, TableName, { hash: 'pk' });
    const before = await client.describeContinuousBackups({ TableName });
    assert.deepEqual(before.ContinuousBackupsDescription, {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    });
    await client.updateContinuousBackups({
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
    });
    const { PointInTimeRecoveryDescription: described } = (
      await client.describeContinuousBackups({ TableName })
    ).ContinuousBackupsDescription!;
    assert.deepEqual([described!.PointInTimeRecoveryStatus, described!.RecoveryPeriodInDays], ['ENABLED', 7]);
    await assert.rejects(client.describeContinuousBackups({ TableName: 'absent' }), {
      name: 'TableNotFoundException',
    });
    assert.equal((await client.describeLimits({})).TableMaxReadCapacityUnits, 40_000);
    const { Endpoints } = await client.describeEndpoints({});
    assert.equal(`http://${Endpoints![0]!.Address}`, server.url);
  });

  it('has no streams, PartiQL, global tables, exports and imports', async (test) => {
    const { client } = await runDynamoDb(test);
    const named = (operation: string) => ({
      name: 'NotImplemented',
      message: `Millpond does not implement dynamodb:${operation} yet.`,
    });
    await assert.rejects(
      client.executeStatement({ Statement: 'SELECT * FROM a' }),
      named('ExecuteStatement'),
    );
    await assert.rejects(
      client.createGlobalTable({ GlobalTableName: 'abc', ReplicationGroup: [] }),
      named('CreateGlobalTable'),
    );
    await assert.rejects(
      client.enableKinesisStreamingDestination({ TableName, StreamArn: ARN }),
      named('EnableKinesisStreamingDestination'),
    );
  });
});

describe('a global index', () => {
  const COUNT = 350;

  async function withItems(client: DynamoDB): Promise<void> {
    await createTable(client, TableName, { hash: 'pk' });
    for (let from = 0; from < COUNT; from += 25) {
      const requests = Array.from({ length: 25 }, (_, index) => ({
        PutRequest: {
          Item: {
            pk: { S: `p${from + index}` },
            city: (from + index) % 2 === 0 ? { S: 'Oslo' } : { N: '1' },
          },
        },
      }));
      await client.batchWriteItem({ RequestItems: { [TableName]: requests } });
    }
  }

  const inOslo = async (client: DynamoDB) =>
    (
      await client.query({
        TableName,
        IndexName: 'by-city',
        KeyConditionExpression: 'city = :c',
        ExpressionAttributeValues: { ':c': { S: 'Oslo' } },
        Select: 'COUNT',
      })
    ).Count;

  const creation = {
    TableName,
    AttributeDefinitions: [{ AttributeName: 'city', AttributeType: 'S' as const }],
    GlobalSecondaryIndexUpdates: [{ Create: city }],
  };

  it('is filled with the items that are there and those that come meanwhile, and deleted', async (test) => {
    const { client } = await runDynamoDb(test);
    await withItems(client);
    const { TableDescription } = await client.updateTable(creation);
    const [shown] = TableDescription!.GlobalSecondaryIndexes!;
    assert.deepEqual([shown!.IndexStatus, shown!.Backfilling], ['CREATING', true]);
    await assert.rejects(client.updateTable(creation), {
      name: /ResourceInUseException|LimitExceededException/,
    });
    const puts = Array.from({ length: 50 }, (_, index) =>
      client.putItem({ TableName, Item: { pk: { S: `new${index}` }, city: { S: 'Oslo' } } }),
    );
    await Promise.all(puts);
    await untilActive(client, TableName);
    // Items whose attribute has another type are not in the index.
    assert.equal(await inOslo(client), COUNT / 2 + 50);
    const described = (await client.describeTable({ TableName })).Table!.GlobalSecondaryIndexes![0]!;
    assert.deepEqual([described.ItemCount, described.Backfilling], [COUNT / 2 + 50, undefined]);
    await client.updateTable({
      TableName,
      GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-city' } }],
    });
    await untilActive(client, TableName);
    assert.equal((await client.describeTable({ TableName })).Table!.GlobalSecondaryIndexes, undefined);
    await assert.rejects(inOslo(client), { message: 'The table does not have the specified index: by-city' });
    await assert.rejects(
      client.updateTable({ TableName, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-city' } }] }),
      { name: 'ResourceNotFoundException' },
    );
  });

  it('is completed by the next start', async (test) => {
    const directory = mkdtempSync(join(tmpdir(), 'millpond-dynamodb-'));
    test.after(() => rmSync(directory, { recursive: true, force: true }));
    const file = join(directory, 'dynamodb.sqlite');
    await test.test('stops while the index is created', async (inner) => {
      const { client, dynamodb } = await runDynamoDb(inner, { file });
      await withItems(client);
      await client.updateTable(creation);
      await dynamodb.stop();
    });
    const { client } = await runDynamoDb(test, { file });
    await untilActive(client, TableName);
    assert.equal(await inOslo(client), COUNT / 2);
    assert.equal((await client.describeTable({ TableName })).Table!.ItemCount, COUNT);
  });
});

describe('a time to live', () => {
  it('deletes items whose time has come, of those before and after it was enabled', async (test) => {
    const now = Date.UTC(2026, 10, 30);
    const { client, dynamodb } = await runDynamoDb(test, { clock: { now: () => now } });
    await createTable(client, TableName, { hash: 'pk' });
    const put = (name: string, at?: AttributeValue) => {
      const Item: Record<string, AttributeValue> = { pk: { S: name } };
      if (at) Item.at = at;
      return client.putItem({ TableName, Item });
    };
    const seconds = now / 1000;
    await put('old', { N: String(seconds - 1) });
    await put('ancient', { N: String(seconds - 6 * 365 * 86_400) });
    const specification = { AttributeName: 'at', Enabled: true };
    await client.updateTimeToLive({ TableName, TimeToLiveSpecification: specification });
    for (;;) {
      const { TimeToLiveDescription } = await client.describeTimeToLive({ TableName });
      if (TimeToLiveDescription!.TimeToLiveStatus === 'ENABLED') break;
    }
    await put('due', { N: String(seconds) });
    await put('later', { N: String(seconds + 60) });
    await put('text', { S: String(seconds - 1) });
    await put('without');
    await dynamodb.sweep();
    const { Items } = await client.scan({ TableName });
    assert.deepEqual(Items!.map(({ pk }) => pk!.S).sort(), ['ancient', 'later', 'text', 'without']);
    await assert.rejects(client.updateTimeToLive({ TableName, TimeToLiveSpecification: specification }), {
      message: 'TimeToLive is already enabled',
    });
    await client.updateTimeToLive({
      TableName,
      TimeToLiveSpecification: { ...specification, Enabled: false },
    });
    for (;;) {
      const { TimeToLiveDescription } = await client.describeTimeToLive({ TableName });
      if (TimeToLiveDescription!.TimeToLiveStatus === 'DISABLED') break;
    }
    await put('due', { N: String(seconds) });
    await dynamodb.sweep();
    assert.equal((await client.scan({ TableName })).Count, 5);
  });
});

describe('throughput', () => {
  it('that is used up is refused where it is enforced, and comes back with time', async (test) => {
    let now = Date.UTC(2026, 10, 30);
    const { client } = await runDynamoDb(test, { clock: { now: () => now }, isThrottled: true });
    await client.createTable({ ...PROVISIONED, ProvisionedThroughput: throughput(1, 1) });
    await untilActive(client, TableName);
    const put = () =>
      client.putItem({ TableName, Item: { pk: { S: 'a' }, v: { S: 'v'.repeat(99 * 1024) } } });
    // The units of five minutes, a hundred for each.
    for (let count = 0; count < 3; count++) await put();
    const refused = {
      name: 'ProvisionedThroughputExceededException',
      message:
        'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
    };
    await assert.rejects(put(), refused);
    await client.getItem({ TableName, Key: { pk: { S: 'a' } } });
    now += 2_000;
    await put();
    await assert.rejects(put(), refused);
  });
});
