// `kill -9` loses no write that was acknowledged, and leaves table, indexes and sizes in agreement.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runDynamoDb } from '../../../test/support/dynamodb.ts';

const FIXTURE = fileURLToPath(new URL('killed.fixture.ts', import.meta.url));
const ENOUGH = 1500;

it('keeps every acknowledged write', async (test) => {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-dynamodb-'));
  test.after(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'dynamodb.sqlite');
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', FIXTURE, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  test.after(() => child.kill('SIGKILL'));
  const acknowledged: string[] = [];
  const ended = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === ENOUGH) child.kill('SIGKILL');
  }
  await ended;
  assert.ok(acknowledged.length >= ENOUGH);

  const { client } = await runDynamoDb(test, { file });
  const keysOf = async (IndexName?: string) => {
    const keys: string[] = [];
    let ExclusiveStartKey: Record<string, never> | undefined;
    do {
      const page = await client.scan({ TableName: 'killed', IndexName, ExclusiveStartKey });
      keys.push(...page.Items!.map(({ pk }) => pk!.S!));
      ExclusiveStartKey = page.LastEvaluatedKey as typeof ExclusiveStartKey;
    } while (ExclusiveStartKey);
    return keys.sort();
  };
  const kept = await keysOf();
  const found = new Set(kept);
  assert.deepEqual(
    acknowledged.filter((key) => !found.has(key)),
    [],
  );
  assert.deepEqual(await keysOf('by-kind'), kept);
  const { Table } = await client.describeTable({ TableName: 'killed' });
  assert.deepEqual(
    [Table!.ItemCount, Table!.GlobalSecondaryIndexes![0]!.ItemCount],
    [kept.length, kept.length],
  );
  assert.equal(Table!.TableSizeBytes, Table!.GlobalSecondaryIndexes![0]!.IndexSizeBytes);
});
