// What the operations that write one item do once they have read their request.

import { consumedCapacity } from './capacity.ts';
import type { DynamoDb } from './context.ts';
import type { ReturnValues } from './domain/requests/writes.ts';
import { returnedAttributes } from './domain/return-values.ts';
import type { Update } from './domain/update.ts';
import { partView } from './item-view.ts';
import { carryOut, collectionMetrics, type ItemWrite, planned, writeUsage } from './item-writes.ts';

/** What the request wants to know of the write. */
export interface Wanted {
  returnValues: ReturnValues;
  /** The update, of which `UPDATED_OLD` and `UPDATED_NEW` are about. */
  update?: Update;
  /** The request's members of these names. */
  input: {
    ReturnConsumedCapacity?: string | undefined;
    ReturnItemCollectionMetrics?: string | undefined;
  };
}

/** Resolves to the operation's answer once the write is stored. */
export async function writeOne(
  { storage, capacity }: Pick<DynamoDb, 'storage' | 'capacity'>,
  write: ItemWrite,
  { returnValues, update, input }: Wanted,
) {
  const { table } = write;
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
}
