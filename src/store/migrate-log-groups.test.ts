// Log groups of earlier versions of Millpond, which did not count bytes.

import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { it } from 'node:test';
import { COUNT_STORED_BYTES } from './migrate-log-groups.ts';

it('log groups get the sum of the bytes of their own streams', () => {
  const database = new DatabaseSync(':memory:');
  database.exec('CREATE TABLE documents (kind, account, region, id, value)');
  const put = database.prepare("INSERT INTO documents VALUES (?, '000000000000', 'us-east-1', ?, ?)");
  for (const name of ['a', 'a-b', 'none']) put.run('logs/group', name, JSON.stringify({ name }));
  for (const [id, storedBytes] of Object.entries({ 'a:one': 3, 'a:two': 4, 'a-b:one': 50 })) {
    put.run('logs/stream', id, JSON.stringify({ storedBytes }));
  }
  database.exec(COUNT_STORED_BYTES);
  const groups = database.prepare("SELECT value FROM documents WHERE kind = 'logs/group' ORDER BY id").all();
  assert.deepEqual(
    groups.map(({ value }) => JSON.parse(String(value))),
    [
      { name: 'a', storedBytes: 7 },
      { name: 'a-b', storedBytes: 50 },
      { name: 'none', storedBytes: 0 },
    ],
  );
});
