// Functions of earlier versions of Millpond, whose layers were only ARNs.

import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { it } from 'node:test';
import { nameLayersWithCode } from './migrate-layers.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:layer:shared';

it('layers get the hash and size of their code; deleted layers are left out', () => {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE documents (kind, account, region, id, value)');
  const put = database.prepare("INSERT INTO documents VALUES (?, '000000000000', 'us-east-1', ?, ?)");
  const code = { codeHash: 'abc', codeBytes: 3 };
  put.run(
    'lambda/layer',
    'shared',
    JSON.stringify({ name: 'shared', versions: { 2: { version: 2, ...code } } }),
  );
  const layers = [`${ARN}:1`, `${ARN}:2`];
  put.run(
    'lambda/function',
    'f',
    JSON.stringify({ name: 'f', latest: { layers }, versions: { 1: { layers } } }),
  );
  nameLayersWithCode(database);
  const { value } = database.prepare("SELECT value FROM documents WHERE id = 'f'").get()!;
  const named = [{ arn: `${ARN}:2`, ...code }];
  assert.deepEqual(JSON.parse(String(value)), {
    name: 'f',
    latest: { layers: named },
    versions: { 1: { layers: named } },
  });
});
