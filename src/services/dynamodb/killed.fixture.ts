// Puts items without end and prints the key of each that was acknowledged: `killed.fixture.ts FILE`. The test kills it.

import { writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { systemClock } from '../../kernel/clock.ts';
import { silentLog } from '../../kernel/log.ts';
import { createClient } from '../../wire/client.ts';
import type { Sdk } from './sdk.ts';
import { createDynamoDb } from './service.ts';

const SCOPE = { accountId: '000000000000', region: 'us-east-1' };
const WRITERS = 8;

const { service, start } = createDynamoDb({
  ...{ file: process.argv[2]!, clock: systemClock, log: silentLog, isThrottled: false },
  report() {},
});
start();
const client = createClient<Sdk>('dynamodb', { inProcess: service });
await client.call(
  'CreateTable',
  {
    TableName: 'killed',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: ['pk', 'kind'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    BillingMode: 'PAY_PER_REQUEST',
    GlobalSecondaryIndexes: [
      {
        IndexName: 'by-kind',
        KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  },
  SCOPE,
);
while ((await client.call('DescribeTable', { TableName: 'killed' }, SCOPE)).Table!.TableStatus !== 'ACTIVE')
  await nextTurn();

let next = 0;
async function write(): Promise<void> {
  for (;;) {
    const pk = `key-${next++}`;
    await client.call(
      'PutItem',
      { TableName: 'killed', Item: { pk: { S: pk }, kind: { S: 'one' }, text: { S: 't'.repeat(500) } } },
      SCOPE,
    );
    writeSync(1, `${pk}\n`);
  }
}
await Promise.all(Array.from({ length: WRITERS }, write));
