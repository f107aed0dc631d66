// DescribeTable, UpdateTable, DeleteTable and ListTables.

import { WAITER_HOLD_MS } from '../../../wire/service.ts';
import { changedTable, checkTableChange } from '../domain/tables/changed-table.ts';
import { tableBusy, tableIsProtected } from '../faults/tables.ts';
import type { Operation } from '../sdk.ts';
import { checkName, tableFor } from '../table-names.ts';
import { describeTable } from '../table-view.ts';

const MOST_NAMES = 100;

export const DescribeTable: Operation<'DescribeTable'> = async (
  { storage, lifecycle, clock },
  input,
  context,
) => {
  const table = tableFor(storage.tables, context, input.TableName);
  if (context.isWaiter) {
    const gone = new AbortController();
    const forget = context.client?.onGone(() => gone.abort());
    await lifecycle.settled(table, AbortSignal.any([gone.signal, AbortSignal.timeout(WAITER_HOLD_MS)]));
    forget?.();
  }
  return { Table: describeTable(tableFor(storage.tables, context, input.TableName), clock.now()) };
};

export const UpdateTable: Operation<'UpdateTable'> = ({ storage, lifecycle, clock }, input, context) => {
  checkTableChange(input);
  const table = tableFor(storage.tables, context, input.TableName);
  const { scope, record: before } = table;
  const now = clock.now();
  const record = changedTable(before, input, scope, now);
  storage.transaction(() => storage.tables.put(table, record));
  lifecycle.advance(table);
  const shown = describeTable(table, now);
  // AWS: the answer still has the throughput from before.
  if (before.throughput && record.throughput) {
    const { read, write } = before.throughput;
    Object.assign(shown.ProvisionedThroughput!, { ReadCapacityUnits: read, WriteCapacityUnits: write });
  }
  return { TableDescription: shown };
};

export const DeleteTable: Operation<'DeleteTable'> = ({ storage, lifecycle, clock }, input, context) => {
  const table = tableFor(storage.tables, context, input.TableName);
  const { record } = table;
  if (record.status !== 'ACTIVE') throw tableBusy(record.name, record.status);
  if (record.isProtected) throw tableIsProtected();
  storage.transaction(() => storage.tables.put(table, { ...record, status: 'DELETING' }));
  lifecycle.advance(table);
  const { TableName, TableStatus, TableArn, TableId, ProvisionedThroughput, TableSizeBytes, ItemCount } =
    describeTable(table, clock.now());
  return {
    TableDescription: {
      ...{ TableName, TableStatus, TableArn, TableId, ProvisionedThroughput, TableSizeBytes, ItemCount },
      DeletionProtectionEnabled: false,
    },
  };
};

export const ListTables: Operation<'ListTables'> = ({ storage }, input, context) => {
  const { ExclusiveStartTableName: after, Limit = MOST_NAMES } = input;
  if (after !== undefined) checkName(after, 'exclusiveStartTableName');
  const names = storage.tables.list(context).map(({ record }) => record.name);
  const following = after === undefined ? names : names.filter((name) => name > after);
  const TableNames = following.slice(0, Limit);
  return {
    TableNames,
    ...(following.length > Limit && { LastEvaluatedTableName: TableNames.at(-1) }),
  };
};
