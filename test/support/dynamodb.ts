// DynamoDB alone behind a real wire server, with clients, for tests.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  type CreateTableCommandInput,
  DynamoDB,
  type KeySchemaElement,
  type ScalarAttributeType,
} from '@aws-sdk/client-dynamodb';
import { type Clock, systemClock } from '../../src/kernel/clock.ts';
import type { Usage } from '../../src/services/dynamodb/capacity.ts';
import { createDynamoDb, type DynamoDbService } from '../../src/services/dynamodb/service.ts';
import type { WireServer } from '../../src/wire/server.ts';
import { recordingLog, serve } from './wire.ts';

/** A running DynamoDB. */
export interface RunningDynamoDb {
  server: WireServer;
  dynamodb: DynamoDbService;
  client: DynamoDB;
  /** What requests consumed. */
  usages: Usage[];
  /** The errors that were logged. */
  errors: { fields: object; message: string }[];
}

/** Runs until the test ends. The database is a file in a directory of its own, or `file`. */
export async function runDynamoDb(
  test: Pick<TestContext, 'after'>,
  options: { clock?: Clock; isThrottled?: boolean; file?: string } = {},
): Promise<RunningDynamoDb> {
  const directory =
    options.file === undefined ? mkdtempSync(join(tmpdir(), 'millpond-dynamodb-')) : undefined;
  const { log, errors } = recordingLog();
  const usages: Usage[] = [];
  const dynamodb = createDynamoDb({
    file: options.file ?? join(directory!, 'dynamodb.sqlite'),
    ...{ clock: options.clock ?? systemClock, log, isThrottled: options.isThrottled ?? false },
    report: (usage) => usages.push(usage),
  });
  dynamodb.start();
  const server = await serve(test as TestContext, { services: [dynamodb.service], log });
  const client = new DynamoDB({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  test.after(async () => {
    client.destroy();
    await dynamodb.stop();
    if (directory) rmSync(directory, { recursive: true, force: true });
  });
  return { server, dynamodb, client, usages, errors };
}

/** The attributes of a key: a name, or `name:TYPE`; strings by default. */
export interface KeyNames {
  hash: string;
  range?: string;
}

/** Creates a table that is paid per request, and waits until it is ACTIVE. */
export async function createTable(
  client: DynamoDB,
  TableName: string,
  key: KeyNames,
  more: Partial<CreateTableCommandInput> & { attributes?: string[] } = {},
): Promise<void> {
  const { attributes = [], ...rest } = more;
  const names = [key.hash, ...(key.range ? [key.range] : []), ...attributes];
  await client.createTable({
    TableName,
    KeySchema: keySchema(key),
    AttributeDefinitions: [...new Set(names)].map((text) => {
      const [AttributeName, AttributeType = 'S'] = text.split(':');
      return { AttributeName, AttributeType: AttributeType as ScalarAttributeType };
    }),
    BillingMode: 'PAY_PER_REQUEST',
    ...rest,
  });
  await untilActive(client, TableName);
}

/** A key as requests have it. */
export function keySchema({ hash, range }: KeyNames): KeySchemaElement[] {
  const name = (text: string) => text.split(':')[0];
  return [
    { AttributeName: name(hash), KeyType: 'HASH' },
    ...(range ? [{ AttributeName: name(range), KeyType: 'RANGE' } as const] : []),
  ];
}

/** Resolves when the table and all its indexes are ACTIVE. */
export async function untilActive(client: DynamoDB, TableName: string): Promise<void> {
  for (;;) {
    const { Table } = await client.describeTable({ TableName });
    const statuses = [
      Table!.TableStatus,
      ...(Table!.GlobalSecondaryIndexes ?? []).map(({ IndexStatus }) => IndexStatus),
    ];
    if (statuses.every((status) => status === 'ACTIVE')) return;
  }
}
