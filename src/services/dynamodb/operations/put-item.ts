// PutItem.

import { consumedCapacity } from '../capacity.ts';
import { readPut } from '../domain/requests/writes.ts';
import { returnedAttributes } from '../domain/return-values.ts';
import { partView } from '../item-view.ts';
import { carryOut, collectionMetrics, planned, putOf, writeUsage } from '../item-writes.ts';
import type { Operation } from '../sdk.ts';
import { usableTable } from '../table-names.ts';

export const PutItem: Operation<'PutItem'> = async ({ storage, capacity }, input, context) => {
  const { item, bytes, condition, returnValues } = readPut(input);
  const table = usableTable(storage.tables, context, input.TableName);
  const onFailure = input.ReturnValuesOnConditionCheckFailure;
  const write = putOf(table, item, bytes, { condition, onFailure });
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
      returnValues === 'NONE' ? undefined : partView(returnedAttributes(returnValues, before?.item, item)),
    ConsumedCapacity: consumedCapacity(usage, input.ReturnConsumedCapacity),
    ItemCollectionMetrics: collectionMetrics(write, input.ReturnItemCollectionMetrics),
  };
};
