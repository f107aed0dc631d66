// GetItem.

import { consumedCapacity, noUsage } from '../capacity.ts';
import { readUnits } from '../domain/capacity.ts';
import { checkKeysAreWhole } from '../domain/requests/key-attributes.ts';
import { readGet } from '../domain/requests/reads.ts';
import { checkKey } from '../domain/tables/item-keys.ts';
import { itemView, storedView } from '../item-view.ts';
import type { Operation } from '../sdk.ts';
import { readItem } from '../storage/items.ts';
import { storedKeyOf } from '../storage/stored-key.ts';
import { usableTable } from '../table-names.ts';

export const GetItem: Operation<'GetItem'> = ({ storage, capacity }, input, context) => {
  const { key, projection } = readGet(input);
  const table = usableTable(storage.tables, context, input.TableName);
  const { record } = table;
  checkKey(record.key, key);
  if (projection) checkKeysAreWhole(record, projection.paths);
  capacity.admit(table, 'read');
  const found = readItem(table, storedKeyOf(record.key, key));
  const usage = noUsage(table, 'read');
  usage.units = readUnits(found?.size ?? 0, input.ConsistentRead ? 'consistent' : 'eventual');
  capacity.consume(usage);
  return {
    ...(found && { Item: projection ? itemView(projection.of(found.item)) : storedView(found, context) }),
    ConsumedCapacity: consumedCapacity(usage, input.ReturnConsumedCapacity),
  };
};
