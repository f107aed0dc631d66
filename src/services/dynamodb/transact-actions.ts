// The actions of a TransactWriteItems: checked first as far as the request alone tells, and then with their tables.

import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Scope } from '../../aws/scope.ts';
import type { DynamoDb } from './context.ts';
import { readDelete, readPut, readUpdate } from './domain/requests/writes.ts';
import { actionMissing } from './faults/items.ts';
import { checkOf, deletionOf, type ItemWrite, putOf, updateOf } from './item-writes.ts';
import type { OpenTable } from './storage/tables.ts';
import { usableTable } from './table-names.ts';

/** An action whose table is not known yet. */
export interface TransactAction {
  /** Throws ResourceNotFoundException or ValidationException. */
  on(dynamodb: DynamoDb, scope: Scope): ItemWrite;
}

/** Throws ValidationException. */
export function readTransactAction({
  Put,
  Update,
  Delete,
  ConditionCheck,
}: TransactWriteItem): TransactAction {
  if ([Put, Update, Delete, ConditionCheck].filter((each) => each !== undefined).length !== 1) {
    throw actionMissing();
  }
  if (Put) {
    const { item, bytes, condition } = readPut({ ...Put, Item: Put.Item! });
    return action(Put, (table, onFailure) => putOf(table, item, bytes, { condition, onFailure }));
  }
  if (Update) {
    const { key, update, condition } = readUpdate({ ...Update, Key: Update.Key! });
    return action(Update, (table, onFailure) => updateOf(table, key, update, { condition, onFailure }));
  }
  const given = (Delete ?? ConditionCheck)!;
  const { key, condition } = readDelete({ ...given, Key: given.Key! });
  const make = Delete ? deletionOf : checkOf;
  return action(given, (table, onFailure) => make(table, key, { condition, onFailure }));
}

function action(
  given: { TableName: string | undefined; ReturnValuesOnConditionCheckFailure?: string | undefined },
  write: (table: OpenTable, onFailure: string | undefined) => ItemWrite,
): TransactAction {
  return {
    on: ({ storage }, scope) =>
      write(usableTable(storage.tables, scope, given.TableName!), given.ReturnValuesOnConditionCheckFailure),
  };
}
