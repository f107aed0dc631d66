// DeleteItem.

import { readDelete } from '../domain/requests/writes.ts';
import { deletionOf } from '../item-writes.ts';
import type { Operation } from '../sdk.ts';
import { writeOne } from '../single-write.ts';
import { usableTable } from '../table-names.ts';

export const DeleteItem: Operation<'DeleteItem'> = async (dynamodb, input, context) => {
  const { key, condition, returnValues } = readDelete(input);
  const table = usableTable(dynamodb.storage.tables, context, input.TableName);
  const onFailure = input.ReturnValuesOnConditionCheckFailure;
  const write = deletionOf(table, key, { condition, onFailure });
  return writeOne(dynamodb, write, { returnValues, input });
};
