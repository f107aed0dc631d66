// TransactGetItems.

import { consumedCapacity, noUsage, type Usage } from '../capacity.ts';
import { readUnits } from '../domain/capacity.ts';
import { checkKeysAreWhole } from '../domain/requests/key-attributes.ts';
import { readGet } from '../domain/requests/reads.ts';
import { checkKey } from '../domain/tables/item-keys.ts';
import { severalOnOneItem, transactionTooLarge } from '../faults/items.ts';
import { partView } from '../item-view.ts';
import type { Operation } from '../sdk.ts';
import { readItem } from '../storage/items.ts';
import { positionText, storedKeyOf } from '../storage/stored-key.ts';
import type { OpenTable } from '../storage/tables.ts';
import { usableTable } from '../table-names.ts';

const MOST_BYTES = 4 * 1024 * 1024;

/** All items are read in one turn of the event loop, in which nothing writes. */
export const TransactGetItems: Operation<'TransactGetItems'> = ({ storage, capacity }, input, context) => {
  const wanted = input.TransactItems.map(({ Get }) => {
    const given = Get!;
    return { given, ...readGet({ ...given, Key: given.Key! }) };
  });
  const seen = new Set<string>();
  const reads = wanted.map((each) => {
    const table = usableTable(storage.tables, context, each.given.TableName!);
    checkKey(table.record.key, each.key);
    if (each.projection) checkKeysAreWhole(table.record, each.projection.paths);
    const stored = storedKeyOf(table.record.key, each.key);
    const text = positionText(table.record.id, stored);
    if (seen.has(text)) throw severalOnOneItem();
    seen.add(text);
    return { ...each, table, stored };
  });
  const usages = new Map<OpenTable, Usage>();
  let bytes = 0;
  const Responses = reads.map(({ table, stored, projection }) => {
    const found = readItem(table, stored);
    bytes += found?.size ?? 0;
    if (bytes > MOST_BYTES) throw transactionTooLarge();
    let usage = usages.get(table);
    if (!usage) {
      capacity.admit(table, 'read');
      usages.set(table, (usage = noUsage(table, 'read', true)));
    }
    usage.units += readUnits(found?.size ?? 0, 'transactional');
    // AWS: unlike in GetItem, an item without any of the wanted attributes is no item.
    const Item = partView(found && projection ? projection.of(found.item) : found?.item);
    return Item ? { Item } : {};
  });
  for (const usage of usages.values()) capacity.consume(usage);
  const shown = [...usages.values()].flatMap(
    (usage) => consumedCapacity(usage, input.ReturnConsumedCapacity) ?? [],
  );
  return { Responses, ...(shown.length > 0 && { ConsumedCapacity: shown }) };
};
