// Reads and writes of single items. A write changes the item, its positions in all indexes, and the tallies, in one
// transaction; what follows changes of items in the same transaction (a log of changes) belongs into `writeItem`.

import { IndexProjection } from '../domain/index-projection.ts';
import { sizeOf } from '../domain/sizes.ts';
import type { Index, Table } from '../domain/tables/model.ts';
import type { Item } from '../domain/values.ts';
import { itemOf, itemText } from './item-text.ts';
import { followed, type Row } from './rows.ts';
import type { StoredKey } from './stored-key.ts';
import type { OpenTable } from './tables.ts';

/** An item with its size. The item is parsed when it is first needed; do not change it. */
export class StoredItem {
  readonly size: number;
  #text: string | undefined;
  #item: Item | undefined;

  private constructor(size: number, text: string | undefined, item: Item | undefined) {
    this.size = size;
    this.#text = text;
    this.#item = item;
  }

  static read({ text, size }: Row): StoredItem {
    return new StoredItem(size, text, undefined);
  }

  /** A checked item of this size. */
  static of(item: Item, size: number): StoredItem {
    return new StoredItem(size, undefined, item);
  }

  get item(): Item {
    return (this.#item ??= itemOf(this.#text!));
  }

  get text(): string {
    return (this.#text ??= itemText(this.#item!));
  }
}

/** One change of one item. */
export interface Change {
  table: OpenTable;
  key: StoredKey;
  before: StoredItem | undefined;
  after: StoredItem | undefined;
}

/** The item at this position. */
export function readItem({ rows }: OpenTable, key: StoredKey): StoredItem | undefined {
  const row = rows.get(key);
  return row && StoredItem.read(row);
}

/** What a change did to an index: the sizes of the item in it before and after. */
export interface IndexChange {
  index: Index;
  before: { bytes: number } | undefined;
  after: { bytes: number } | undefined;
  isSameKey: boolean;
}

/** Makes the change, in a transaction. `before` is what `readItem` returned in the same turn. */
export function writeItem({ table, key, before, after }: Change): IndexChange[] {
  const changes: IndexChange[] = [];
  if (!before && !after) return changes;
  const { rows, record, tally } = table;
  for (const { id, index, keyOf } of followed(record)) {
    const from = before && keyOf(before.item);
    const to = after && keyOf(after.item);
    if (!from && !to) continue;
    const isSameKey = from !== undefined && to !== undefined && isSame(from, to);
    if (!isSameKey) {
      if (from) rows.removeFromIndex(id, from, key);
      if (to) rows.addToIndex(id, to, key);
    }
    if (!index) continue;
    const sizes = {
      before: from && { bytes: sizeIn(record, index, before!) },
      after: to && { bytes: sizeIn(record, index, after!) },
    };
    const bytes = (sizes.after?.bytes ?? 0) - (sizes.before?.bytes ?? 0);
    table.tallyOf(id).add((to ? 1 : 0) - (from ? 1 : 0), bytes);
    changes.push({ index, ...sizes, isSameKey });
  }
  if (after) rows.put(key, after);
  else rows.delete(key);
  tally.add((after ? 1 : 0) - (before ? 1 : 0), (after?.size ?? 0) - (before?.size ?? 0));
  return changes;
}

const isSame = (one: StoredKey, other: StoredKey): boolean =>
  one.hash.equals(other.hash) && one.range.equals(other.range);

/** The bytes of an item in an index that contains it. */
export function sizeIn(table: Pick<Table, 'key'>, index: Index, { item, size }: StoredItem): number {
  const projection = projectionOf(table, index);
  return projection.names ? sizeOf(projection.of(item)) : size;
}

const projections = new WeakMap<Index, IndexProjection>();

/** What an index contains of the items of its table. */
export function projectionOf({ key }: Pick<Table, 'key'>, index: Index): IndexProjection {
  let known = projections.get(index);
  if (!known) projections.set(index, (known = new IndexProjection(index.projection, [key, index.key])));
  return known;
}
