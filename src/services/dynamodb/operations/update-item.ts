// UpdateItem.

import { readUpdate } from '../domain/requests/writes.ts';
import { updateOf } from '../item-writes.ts';
import type { Operation } from '../sdk.ts';
import { writeOne } from '../single-write.ts';
import { usableTable } from '../table-names.ts';

export const UpdateItem: Operation<'UpdateItem'> = async (dynamodb, input, context) => {
  const { key, update, condition, returnValues } = readUpdate(input);
  const table = usableTable(dynamodb.storage.tables, context, input.TableName);
  const onFailure = input.ReturnValuesOnConditionCheckFailure;
  const write = updateOf(table, key, update, { condition, onFailure });
  return writeOne(dynamodb, write, { returnValues, update, input });
};
