// CreateTable.

import { newRequestId } from '../../../kernel/ids.ts';
import { newTable } from '../domain/tables/new-table.ts';
import { tableExists, tooManyTables } from '../faults/tables.ts';
import type { Operation } from '../sdk.ts';
import { readTableName } from '../table-names.ts';
import { tagging } from '../table-tags.ts';
import { describeTable } from '../table-view.ts';

/** AWS: the quota of tables in an account and region. */
const MOST_TABLES = 2_500;

export const CreateTable: Operation<'CreateTable'> = ({ storage, lifecycle, clock }, input, context) => {
  const { scope, name } = readTableName(context, input.TableName);
  const now = clock.now();
  const given = newTable(input, {
    ...{ scope, name, now, uuid: newRequestId() },
    tags: tagging.add({}, input.Tags, context),
  });
  const { tables } = storage;
  const record = storage.transaction(() => {
    if (tables.find(scope, name)) throw tableExists(name);
    if (tables.count(scope) >= MOST_TABLES) throw tooManyTables(MOST_TABLES);
    return tables.create(scope, given);
  });
  const created = tables.find(scope, name)!;
  lifecycle.advance(created);
  return { TableDescription: describeTable({ scope, record }, now) };
};
