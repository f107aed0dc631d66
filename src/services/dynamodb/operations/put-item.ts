// PutItem.

import { readPut } from '../domain/requests/writes.ts';
import { putOf } from '../item-writes.ts';
import type { Operation } from '../sdk.ts';
import { writeOne } from '../single-write.ts';
import { usableTable } from '../table-names.ts';

export const PutItem: Operation<'PutItem'> = async (dynamodb, input, context) => {
  const { item, bytes, condition, returnValues } = readPut(input);
  const table = usableTable(dynamodb.storage.tables, context, input.TableName);
  const onFailure = input.ReturnValuesOnConditionCheckFailure;
  const write = putOf(table, item, bytes, { condition, onFailure });
  return writeOne(dynamodb, write, { returnValues, input });
};
