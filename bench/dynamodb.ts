// Puts and gets of items over HTTP for a second of processor time, next to those of dynalite in the same run, and to
// the same rows in bare node:sqlite.

import { once } from 'node:events';
import { forkScript, loadOnce, type Request, send, WARM_UP } from './beside-bare.ts';
import type { Bench } from './context.ts';
import { startDynalite } from './dynalite.ts';
import { startBenchMillpond } from './millpond.ts';
import { type JudgedRow, p50, row } from './row.ts';
import type { SqliteFloor } from './sqlite-floor.ts';

const TableName = 'bench';
const KEYS = 500;
const SECOND_US = 1_000_000;

const itemOf = (key: string) => ({
  pk: { S: key },
  name: { S: 'n'.repeat(40) },
  age: { N: '37' },
  tags: { SS: ['one', 'two', 'three'] },
  address: {
    M: { street: { S: 's'.repeat(80) }, numbers: { L: [{ N: '1' }, { N: '2.5' }, { BOOL: true }] } },
  },
  text: { S: 't'.repeat(200) },
});

/** Rows of operations for a second of processor time. */
export async function measureDynamoDb(bench: Bench): Promise<JudgedRow[]> {
  const servers = [await startBenchMillpond(bench), await startDynalite(bench)];
  for (const { url } of servers) await createTable(url);
  const floor = await sqliteFloor(bench);
  const rows: JudgedRow[] = [];
  for (const [operation, ratioAtLeast, floorUs] of [
    ['PutItem', 3, floor.putUs],
    ['GetItem', 2, floor.getUs],
  ] as const) {
    const requests = Array.from({ length: KEYS }, (_, key) =>
      request(operation, {
        TableName,
        ...(operation === 'PutItem' ? { Item: itemOf(`key-${key}`) } : { Key: { pk: { S: `key-${key}` } } }),
      }),
    );
    const [own, peer] = await alternating(bench, operation, servers, requests);
    rows.push(
      row(`${operation}, for a second of processor time, beside dynalite`, own!, '/s', {
        floor: peer!,
        target: { ratioAtLeast },
      }),
      row(`${operation}, for a second of processor time, beside the row in SQLite`, own!, '/s', {
        floor: SECOND_US / floorUs,
      }),
    );
  }
  return rows;
}

/** Medians of operations for a second of processor time, one of each server. */
async function alternating(
  bench: Bench,
  operation: string,
  servers: readonly { pid: number; url: string }[],
  requests: readonly Request[],
): Promise<number[]> {
  const rates = servers.map((): number[] => []);
  const rounds = bench.rounds(5, 3);
  for (let round = 0; round <= rounds; round++) {
    bench.say(`dynamodb: ${operation}: ${round} of ${rounds}`);
    for (const [index, { pid, url }] of servers.entries()) {
      const count = round === 0 ? WARM_UP / 4 : bench.rounds(16_000, 8_000);
      const { cpuUs } = await loadOnce(bench, { pid, port: Number(new URL(url).port) }, requests, count);
      if (round > 0) rates[index]!.push(SECOND_US / cpuUs);
    }
  }
  return rates.map(p50);
}

async function sqliteFloor(bench: Bench): Promise<SqliteFloor> {
  const child = forkScript(bench, 'sqlite-floor.ts', [bench.rounds(100_000, 20_000)]);
  child.send(JSON.stringify(itemOf('key-0')));
  const [floor] = (await once(child, 'message')) as [SqliteFloor];
  return floor;
}

async function createTable(url: string): Promise<void> {
  await send(
    url,
    request('CreateTable', {
      TableName,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  for (;;) {
    const { body } = await send(url, request('DescribeTable', { TableName }));
    if (body.includes('"ACTIVE"')) return;
  }
}

const request = (operation: string, input: object): Request => ({
  ...{ method: 'POST', path: '/', body: JSON.stringify(input) },
  headers: {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${operation}`,
    'x-amz-date': '20261130T000000Z',
    authorization:
      'AWS4-HMAC-SHA256 Credential=bench/20261130/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00',
  },
});
