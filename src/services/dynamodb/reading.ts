// One page of a query or a scan: reads items in the order of the table or of an index, filters and projects them.

import { isTurnSpent, turnEnd } from '../../kernel/turn.ts';
import { noUsage, type Usage, useIndex } from './capacity.ts';
import { readUnits } from './domain/capacity.ts';
import type { Condition } from './domain/condition.ts';
import type { Projection } from './domain/projection.ts';
import { startKeyOf } from './domain/tables/item-keys.ts';
import type { Index } from './domain/tables/model.ts';
import type { Attributes, Item } from './domain/values.ts';
import { projectionOf, StoredItem, sizeIn } from './storage/items.ts';
import type { Reading } from './storage/rows.ts';
import { indexKeyOf, type StoredKey, storedKeyOf } from './storage/stored-key.ts';
import type { OpenTable } from './storage/tables.ts';

/** AWS: a page ends with the item with which it has a megabyte. */
const MOST_BYTES = 1024 * 1024;

/** What to read. */
export interface PageRequest {
  table: OpenTable;
  index: Index | undefined;
  /** The items come from the table although the order is that of an index that does not contain all of them. */
  readsTable: boolean;
  reading: Omit<Reading, 'index' | 'after'>;
  /** The key that the page begins after. */
  start: Attributes | undefined;
  filter: Condition | undefined;
  projection: Projection | undefined;
  limit: number | undefined;
  isCount: boolean;
  isConsistent: boolean;
}

/** A page. */
export interface Page {
  /** Whole items as they are stored, or parts. Absent when only the count is wanted. */
  items: (StoredItem | Item)[] | undefined;
  count: number;
  scanned: number;
  /** The key of the last item that was read; absent when the end was reached. */
  last: Attributes | undefined;
  usage: Usage;
}

/** Where an item is in an index, or in the table. */
export function positionOf(
  { record }: OpenTable,
  index: Index | undefined,
  item: Item,
): { key: StoredKey; item: StoredKey } {
  const key = storedKeyOf(record.key, item);
  return { key: index ? indexKeyOf(index.key, item)! : key, item: key };
}

/** Reads a page; yields to the event loop when it takes long. */
export async function readPage(request: PageRequest): Promise<Page> {
  const reader = new PageReader(request);
  while (!reader.readSome()) await turnEnd();
  return reader.page();
}

class PageReader {
  readonly #request: PageRequest;
  readonly #items: (StoredItem | Item)[] = [];
  #after: Reading['after'];
  #count = 0;
  #scanned = 0;
  #bytes = 0;
  /** What reading the items from the table costs besides the index. */
  #tableUnits = 0;
  #last: StoredItem | undefined;
  #isFull = false;

  constructor(request: PageRequest) {
    this.#request = request;
    const { table, index, start } = request;
    this.#after = start && positionOf(table, index, start);
  }

  /** Reads until the page is full, there is nothing left (then returns true), or the turn is spent. */
  readSome(): boolean {
    const { table, index, reading } = this.#request;
    for (const row of table.rows.read({ ...reading, index, after: this.#after })) {
      this.#add(StoredItem.read(row));
      if (this.#isFull) return true;
      if (isTurnSpent()) {
        this.#after = positionOf(table, index, this.#last!.item);
        return false;
      }
    }
    return true;
  }

  #add(stored: StoredItem): void {
    const { table, index, readsTable, filter, projection, limit, isCount, isConsistent } = this.#request;
    const { record } = table;
    this.#last = stored;
    this.#scanned++;
    this.#bytes += index ? sizeIn(record, index, stored) : stored.size;
    if (readsTable) this.#tableUnits += readUnits(stored.size, isConsistent ? 'consistent' : 'eventual');
    // An item that is neither filtered nor changed is not even parsed.
    const contained = index && !readsTable ? projectionOf(record, index) : undefined;
    const part = () => (contained ? contained.of(stored.item) : stored.item);
    if (!filter || filter.holds(part())) {
      this.#count++;
      if (!isCount) this.#items.push(projection ? projection.of(part()) : contained?.names ? part() : stored);
    }
    this.#isFull = this.#scanned === limit || this.#bytes >= MOST_BYTES;
  }

  page(): Page {
    const { table, index, isConsistent, isCount } = this.#request;
    const usage = noUsage(table, 'read');
    const units = readUnits(this.#bytes, isConsistent ? 'consistent' : 'eventual');
    if (index) {
      useIndex(usage, index, units);
      usage.units = this.#tableUnits;
    } else {
      usage.units = units;
    }
    return {
      items: isCount ? undefined : this.#items,
      count: this.#count,
      scanned: this.#scanned,
      last: this.#isFull ? startKeyOf(table.record, index, this.#last!.item) : undefined,
      usage,
    };
  }
}
