// The resource type AWS::DynamoDB::Table, called as CloudFormation calls it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driveTypes, SCOPE } from '../../../test/support/resource-types.ts';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { createClient } from '../../wire/client.ts';
import { dynamoDbResourceTypes } from './cloudformation.ts';
import type { Sdk } from './sdk.ts';
import { createDynamoDb } from './service.ts';

const TABLE = 'AWS::DynamoDB::Table';

const units = (read: number, write: number) => ({
  ProvisionedThroughput: { ReadCapacityUnits: String(read), WriteCapacityUnits: write },
});

const index = (name: string, more = {}) => ({
  IndexName: name,
  KeySchema: [{ AttributeName: name, KeyType: 'HASH' }],
  Projection: { ProjectionType: 'ALL' },
  ...more,
});

const definitions = (...names: string[]) => ({
  AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
});

function drive() {
  const dynamodb = createDynamoDb({
    ...{ file: ':memory:', clock: systemClock, log: silentLog, isThrottled: false },
    report() {},
  });
  dynamodb.start();
  const client = createClient<Sdk>('dynamodb', { inProcess: dynamodb.service });
  return { dynamodb, client, ...driveTypes(dynamoDbResourceTypes(client)) };
}

test('tables are made, changed and deleted', async (context) => {
  const { dynamodb, client, make, update, deleteAll } = drive();
  context.after(() => dynamodb.stop());
  const base = { KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] };
  const first = {
    ...base,
    ...units(5, 5),
    ...definitions('pk', 'aaa'),
    GlobalSecondaryIndexes: [index('aaa', units(1, 1))],
    TimeToLiveSpecification: { AttributeName: 'at', Enabled: 'true' },
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    SSESpecification: { SSEEnabled: true },
    Tags: [{ Key: 'k', Value: 'v' }],
  };
  const { physicalId, attributes } = await make(TABLE, 'People', first);
  assert.equal(physicalId, 'demo-People-TOKENPEOPLE0');
  assert.deepEqual(attributes, { Arn: `arn:aws:dynamodb:us-east-1:000000000000:table/${physicalId}` });
  const described = async () => (await client.call('DescribeTable', { TableName: physicalId }, SCOPE)).Table!;
  const names = async () =>
    ((await described()).GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName);
  assert.equal((await described()).SSEDescription!.SSEType, 'KMS');
  const steps = [
    { ...first, ...units(7, 5), GlobalSecondaryIndexes: [index('aaa', units(3, 1))] },
    {
      ...first,
      ...definitions('pk', 'aaa', 'bbb'),
      GlobalSecondaryIndexes: [index('aaa', units(1, 1)), index('bbb', units(1, 1))],
    },
    { ...first, ...definitions('pk', 'bbb'), GlobalSecondaryIndexes: [index('bbb', units(1, 1))] },
    {
      ...base,
      ...definitions('pk', 'bbb'),
      BillingMode: 'PAY_PER_REQUEST',
      GlobalSecondaryIndexes: [index('bbb')],
      TimeToLiveSpecification: { AttributeName: 'until', Enabled: true },
      TableClass: 'STANDARD_INFREQUENT_ACCESS',
    },
  ];
  let before: object = first;
  const change = async (after: object) => {
    await update(TABLE, 'People', physicalId, [before as never, after as never]);
    before = after;
  };
  await change(steps[0]!);
  assert.equal((await described()).ProvisionedThroughput!.ReadCapacityUnits, 7);
  assert.equal((await described()).GlobalSecondaryIndexes![0]!.ProvisionedThroughput!.ReadCapacityUnits, 3);
  await change(steps[1]!);
  assert.deepEqual(await names(), ['aaa', 'bbb']);
  await assert.rejects(
    update(TABLE, 'People', physicalId, [
      steps[1] as never,
      { ...first, GlobalSecondaryIndexes: [] } as never,
    ]),
    /Cannot perform more than one GSI creation or deletion in a single update/,
  );
  await change(steps[2]!);
  assert.deepEqual(await names(), ['bbb']);
  await change(steps[3]!);
  const last = await described();
  assert.equal(last.BillingModeSummary!.BillingMode, 'PAY_PER_REQUEST');
  assert.equal(last.TableClassSummary!.TableClass, 'STANDARD_INFREQUENT_ACCESS');
  assert.equal(last.SSEDescription, undefined);
  const expiry = await client.call('DescribeTimeToLive', { TableName: physicalId }, SCOPE);
  assert.equal(expiry.TimeToLiveDescription!.AttributeName, 'until');
  const backups = await client.call('DescribeContinuousBackups', { TableName: physicalId }, SCOPE);
  const { PointInTimeRecoveryDescription: recovery } = backups.ContinuousBackupsDescription!;
  assert.equal(recovery!.PointInTimeRecoveryStatus, 'DISABLED');
  const { Tags } = await client.call('ListTagsOfResource', { ResourceArn: String(attributes.Arn) }, SCOPE);
  assert.deepEqual(Tags, [{ Key: 'stack', Value: 'demo' }]);
  await deleteAll();
  assert.deepEqual((await client.call('ListTables', {}, SCOPE)).TableNames, []);
});

test('what Millpond does not have is refused by name', async (context) => {
  const { dynamodb, make } = drive();
  context.after(() => dynamodb.stop());
  const table = {
    ...definitions('pk'),
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  };
  const refused: [object, RegExp][] = [
    [{ StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }, /does not support streams/],
    [{ KinesisStreamSpecification: { StreamArn: 'a' } }, /KinesisStreamSpecification/],
    [{ ImportSourceSpecification: {} }, /ImportSourceSpecification/],
    [{ ResourcePolicy: { PolicyDocument: {} } }, /ResourcePolicy/],
    [{ ContributorInsightsSpecification: { Enabled: true } }, /ContributorInsightsSpecification/],
  ];
  for (const [more, message] of refused) {
    await assert.rejects(make(TABLE, 'Refused', { ...table, ...more } as never), message);
  }
  await make(TABLE, 'Accepted', { ...table, ContributorInsightsSpecification: { Enabled: false } });
});
