// States of earlier versions of Millpond.

import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { it } from 'node:test';
import { migrate, ROOT_PARAMETERS_WITHOUT_SLASH } from './migrations.ts';

it('parameters at the root lose their slash, unless another parameter has that name', () => {
  const database = new DatabaseSync(':memory:');
  migrate(database);
  const put = database.prepare("INSERT INTO documents VALUES (?, '000000000000', 'us-east-1', ?, '{}')");
  for (const id of ['/root', '/a/b', '/both', 'both']) put.run('ssm/parameter', id);
  put.run('logs/group', '/other');
  database.exec(ROOT_PARAMETERS_WITHOUT_SLASH);
  const ids = database.prepare('SELECT id FROM documents ORDER BY id').all();
  assert.deepEqual(
    ids.map(({ id }) => id),
    ['/a/b', '/both', '/other', 'both', 'root'],
  );
});
