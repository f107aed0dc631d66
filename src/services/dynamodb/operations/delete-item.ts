// DeleteItem.

import { consumedCapacity } from '../capacity.ts';
import { readDelete } from '../domain/requests/writes.ts';
import { returnedAttributes } from '../domain/return-values.ts';
import { partView } from '../item-view.ts';
import { carryOut, collectionMetrics, deletionOf, planned, writeUsage } from '../item-writes.ts';
import type { Operation } from '../sdk.ts';
import { usableTable } from '../table-names.ts';

export const DeleteItem: Operation<'DeleteItem'> = async ({ storage, capacity }, input, context) => {
  const { key, condition, returnValues } = readDelete(input);
  const table = usableTable(storage.tables, context, input.TableName);
  const onFailure = input.ReturnValuesOnConditionCheckFailure;
  const write = deletionOf(table, key, { condition, onFailure });
  capacity.admit(table, 'write');
  const usage = writeUsage(table);
  const { before } = await storage.change(() => {
    const change = planned(write);
    carryOut(change, usage);
    return change;
  });
  capacity.consume(usage);
  return {
    Attributes:
      returnValues === 'NONE'
        ? undefined
        : partView(returnedAttributes(returnValues, before?.item, undefined)),
    ConsumedCapacity: consumedCapacity(usage, input.ReturnConsumedCapacity),
    ItemCollectionMetrics: collectionMetrics(write, input.ReturnItemCollectionMetrics),
  };
};
