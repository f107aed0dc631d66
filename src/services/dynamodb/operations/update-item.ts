// UpdateItem.

import { consumedCapacity } from '../capacity.ts';
import { readUpdate } from '../domain/requests/writes.ts';
import { returnedAttributes } from '../domain/return-values.ts';
import { partView } from '../item-view.ts';
import { carryOut, collectionMetrics, planned, updateOf, writeUsage } from '../item-writes.ts';
import type { Operation } from '../sdk.ts';
import { usableTable } from '../table-names.ts';

export const UpdateItem: Operation<'UpdateItem'> = async ({ storage, capacity }, input, context) => {
  const { key, update, condition, returnValues } = readUpdate(input);
  const table = usableTable(storage.tables, context, input.TableName);
  const onFailure = input.ReturnValuesOnConditionCheckFailure;
  const write = updateOf(table, key, update, { condition, onFailure });
  capacity.admit(table, 'write');
  const usage = writeUsage(table);
  const { before, after } = await storage.change(() => {
    const change = planned(write);
    carryOut(change, usage);
    return change;
  });
  capacity.consume(usage);
  return {
    Attributes:
      returnValues === 'NONE'
        ? undefined
        : partView(returnedAttributes(returnValues, before?.item, after?.item, update)),
    ConsumedCapacity: consumedCapacity(usage, input.ReturnConsumedCapacity),
    ItemCollectionMetrics: collectionMetrics(write, input.ReturnItemCollectionMetrics),
  };
};
