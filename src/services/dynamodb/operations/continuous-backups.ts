// UpdateContinuousBackups and DescribeContinuousBackups. Point-in-time recovery is recorded; Millpond makes no backups
// of tables, and the operations that would restore one do not exist.

import type { ContinuousBackupsDescription } from '@aws-sdk/client-dynamodb';
import type { Scope } from '../../../aws/scope.ts';
import type { DynamoDb } from '../context.ts';
import type { Table } from '../domain/tables/model.ts';
import { backedUpTableNotFound } from '../faults/tables.ts';
import type { Operation } from '../sdk.ts';
import type { OpenTable } from '../storage/tables.ts';
import { readTableName } from '../table-names.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** AWS: how far back a table can be restored. */
const MOST_DAYS = 35;
/** AWS: the latest time is five minutes ago. */
const LATEST_MS = 5 * 60 * 1000;

export const UpdateContinuousBackups: Operation<'UpdateContinuousBackups'> = (dynamodb, input, context) => {
  const { PointInTimeRecoveryEnabled, RecoveryPeriodInDays } = input.PointInTimeRecoverySpecification;
  const table = tableOf(dynamodb, context, input.TableName);
  const { recovery, ...rest } = table.record;
  const days = RecoveryPeriodInDays ?? recovery?.days ?? MOST_DAYS;
  const now = dynamodb.clock.now();
  const record: Table = PointInTimeRecoveryEnabled
    ? { ...rest, recovery: { since: recovery?.since ?? now, days } }
    : rest;
  dynamodb.storage.transaction(() => dynamodb.storage.tables.put(table, record));
  return { ContinuousBackupsDescription: describe(record, now) };
};

export const DescribeContinuousBackups: Operation<'DescribeContinuousBackups'> = (
  dynamodb,
  input,
  context,
) => ({
  ContinuousBackupsDescription: describe(
    tableOf(dynamodb, context, input.TableName).record,
    dynamodb.clock.now(),
  ),
});

function tableOf({ storage }: DynamoDb, asked: Scope, given: string): OpenTable {
  const { scope, name } = readTableName(asked, given);
  const table = storage.tables.find(scope, name);
  if (!table) throw backedUpTableNotFound(name);
  return table;
}

function describe({ recovery }: Table, now: number): ContinuousBackupsDescription {
  if (!recovery) {
    return {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'DISABLED' },
    };
  }
  const { since, days } = recovery;
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: {
      PointInTimeRecoveryStatus: 'ENABLED',
      RecoveryPeriodInDays: days,
      EarliestRestorableDateTime: new Date(Math.max(since, now - days * DAY_MS)),
      LatestRestorableDateTime: new Date(Math.max(since, now - LATEST_MS)),
    },
  };
}
