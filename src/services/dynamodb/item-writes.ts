// Writes of items, as all operations make them: PutItem, UpdateItem and DeleteItem one by one, the others several.

import type { ItemCollectionMetrics } from '@aws-sdk/client-dynamodb';
import { noUsage, type Usage, useIndex } from './capacity.ts';
import { checkNames } from './domain/attribute-names.ts';
import { indexWriteUnits, writeUnits } from './domain/capacity.ts';
import type { Condition } from './domain/condition.ts';
import { checkKeysAreWhole } from './domain/requests/key-attributes.ts';
import { LARGEST_ITEM, sizeOf } from './domain/sizes.ts';
import { checkAssignedIndexKeys, checkIndexKeys, checkItemKey, checkKey } from './domain/tables/item-keys.ts';
import { attributesOf } from './domain/tables/keys.ts';
import type { Index } from './domain/tables/model.ts';
import type { Update } from './domain/update.ts';
import type { Attributes, Item } from './domain/values.ts';
import { conditionFailed } from './faults/items.ts';
import { keyInUpdate } from './faults/keys.ts';
import { updatedItemTooLarge } from './faults/values.ts';
import { itemView } from './item-view.ts';
import { type Change, projectionOf, readItem, StoredItem, writeItem } from './storage/items.ts';
import { type StoredKey, storedKeyOf } from './storage/stored-key.ts';
import type { OpenTable } from './storage/tables.ts';

/** One write, checked as far as it can be without the item that there is. */
export interface ItemWrite {
  table: OpenTable;
  key: StoredKey;
  condition: Condition | undefined;
  /** The item, or the key, that the request has. */
  attributes: Attributes;
  /** ReturnValuesOnConditionCheckFailure is ALL_OLD. */
  isShownOnFailure: boolean;
  /** The item after the write; `undefined` for none. Throws ValidationException. */
  after(before: StoredItem | undefined): StoredItem | undefined;
}

/** What requests say of a write in the same way. */
interface Options {
  condition?: Condition | undefined;
  /** ReturnValuesOnConditionCheckFailure. */
  onFailure?: string | undefined;
}

function writeOf(
  table: OpenTable,
  attributes: Attributes,
  { condition, onFailure }: Options,
): Omit<ItemWrite, 'after'> {
  const { record } = table;
  if (condition) checkKeysAreWhole(record, condition.paths);
  return {
    ...{ table, attributes, condition, key: storedKeyOf(record.key, attributes) },
    isShownOnFailure: onFailure === 'ALL_OLD',
  };
}

/** A put. `bytes` is the item's size. Throws ValidationException. */
export function putOf(table: OpenTable, item: Item, bytes: number, options: Options): ItemWrite {
  checkNames(item, bytes);
  checkItemKey(table.record.key, item);
  checkIndexKeys(table.record, item);
  const stored = StoredItem.of(item, bytes);
  return { ...writeOf(table, item, options), after: () => stored };
}

/** A deletion. Throws ValidationException. */
export function deletionOf(table: OpenTable, key: Attributes, options: Options): ItemWrite {
  checkKey(table.record.key, key);
  return { ...writeOf(table, key, options), after: () => undefined };
}

/** A condition that changes nothing. Throws ValidationException. */
export function checkOf(table: OpenTable, key: Attributes, options: Options): ItemWrite {
  checkKey(table.record.key, key);
  return { ...writeOf(table, key, options), after: (before) => before };
}

/** An update. Throws ValidationException. */
export function updateOf(table: OpenTable, key: Attributes, update: Update, options: Options): ItemWrite {
  const { record } = table;
  checkKey(record.key, key);
  const names = new Set(update.targets.paths.map(([name]) => name));
  for (const { name } of attributesOf(record.key)) if (names.has(name)) throw keyInUpdate(name);
  checkAssignedIndexKeys(record, update);
  checkKeysAreWhole(record, update.paths);
  return {
    ...writeOf(table, key, options),
    after(before) {
      if (!before && !update.createsItem) return undefined;
      const held = before?.item ?? key;
      return updatedItem(table, held, update.applyTo(held, before === undefined));
    },
  };
}

function updatedItem({ record }: OpenTable, before: Item, after: Item): StoredItem {
  const size = sizeOf(after);
  if (size > LARGEST_ITEM) throw updatedItemTooLarge();
  checkNames(after, size);
  checkIndexKeys(record, after, before, true);
  return StoredItem.of(after, size);
}

/**
 * Reads the item and decides what the write changes, without changing it. Call it in the transaction of `carryOut`.
 * Throws ConditionalCheckFailedException or ValidationException.
 */
export function planned({ table, key, condition, isShownOnFailure, after }: ItemWrite): Change {
  const before = readItem(table, key);
  if (condition && !condition.holds(before?.item)) {
    throw conditionFailed(isShownOnFailure ? before?.item : undefined);
  }
  return { table, key, before, after: after(before) };
}

/** Makes the change, and adds what it consumed. */
export function carryOut(change: Change, usage: Usage): void {
  const { table, before, after } = change;
  const { isTransactional } = usage;
  usage.units += writeUnits(before?.size ?? 0, after?.size ?? 0, isTransactional);
  if (before === after) return;
  for (const { index, isSameKey, ...sizes } of writeItem(change)) {
    const isSameItem = isSameKey && isSameInIndex(table, index, before!, after!);
    const units = indexWriteUnits(sizes.before, sizes.after, { isSameKey, isSameItem }, isTransactional);
    useIndex(usage, index, units);
  }
}

function isSameInIndex({ record }: OpenTable, index: Index, before: StoredItem, after: StoredItem): boolean {
  const projection = projectionOf(record, index);
  if (!projection.names) return before.text === after.text;
  const text = (item: Item) => JSON.stringify(projection.of(item));
  return text(before.item) === text(after.item);
}

/** The start of what a write consumes. */
export const writeUsage = (table: OpenTable, isTransactional = false): Usage =>
  noUsage(table, 'write', isTransactional);

const GIGABYTE = 1024 ** 3;

/** The metrics of the partition of an item, where a request wants them; only tables with local indexes have them. */
export function collectionMetrics(
  { table, key, attributes }: ItemWrite,
  wanted: string | undefined,
): ItemCollectionMetrics | undefined {
  const { record, rows } = table;
  if (wanted !== 'SIZE' || !record.indexes.some(({ kind }) => kind === 'local')) return undefined;
  const least = Math.floor(rows.collectionSize(key.hash) / GIGABYTE);
  const { name } = record.key.hash;
  return {
    ItemCollectionKey: itemView({ [name]: attributes[name]! }),
    SizeEstimateRangeGB: [least, least + 1],
  };
}
