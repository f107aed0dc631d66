// The rows of one table: its items, and the positions of its items in each of its indexes. An index contains no copies:
// it is read together with the items.

import type { StatementSync } from 'node:sqlite';
import type { Index, Table } from '../domain/tables/model.ts';
import type { Item } from '../domain/values.ts';
import type { ItemDatabase } from './database.ts';
import { indexKeyOf, type StoredKey, timeKeyOf } from './stored-key.ts';

/** An item as it is stored. */
export interface Row {
  text: string;
  /** In bytes, as DynamoDB counts them. */
  size: number;
}

/** A part of a table or of an index, in its order or against it. */
export interface Reading {
  /** Absent: the table. */
  index?: Index | undefined;
  /** One partition, and the range of its sort keys. */
  partition?: { hash: Buffer; from?: RangeEnd; to?: RangeEnd } | undefined;
  /** All partitions in this range; everything when `partition` is absent, too. */
  segment?: { from: Buffer; to?: Buffer } | undefined;
  /** Begins after this position. In an index, `item` is the item's position in the table. */
  after?: { key: StoredKey; item: StoredKey } | undefined;
  isBackward?: boolean | undefined;
}

interface RangeEnd {
  key: Buffer;
  isIncluded: boolean;
}

/** The SQL table of a table's items, and of an index. */
export const itemsTable = ({ id }: Pick<Table, 'id'>): string => `items_${id}`;
export const indexTable = ({ id }: Pick<Table, 'id'>, index: number): string => `items_${id}_index_${index}`;

/** Creates the SQL table of a new table. Sizes precede items, so that they are read without them. */
export function createItems(database: ItemDatabase, table: Pick<Table, 'id'>): void {
  database.exec(`CREATE TABLE ${itemsTable(table)} (
    hash BLOB NOT NULL, range BLOB NOT NULL, size INTEGER NOT NULL, item TEXT NOT NULL, PRIMARY KEY (hash, range)
  ) WITHOUT ROWID`);
}

/** Creates the SQL table of a new index. */
export function createIndex(database: ItemDatabase, table: Pick<Table, 'id'>, index: number): void {
  database.exec(`CREATE TABLE ${indexTable(table, index)} (
    hash BLOB NOT NULL, range BLOB NOT NULL, item_hash BLOB NOT NULL, item_range BLOB NOT NULL,
    PRIMARY KEY (hash, range, item_hash, item_range)
  ) WITHOUT ROWID`);
}

/** No request may read a whole partition at once. */
const MOST_ESTIMATED = 10_000;

/** The rows of one table. All changes happen in the database's transaction. */
export class Rows {
  readonly #database: ItemDatabase;
  readonly #id: number;
  readonly #items: string;
  readonly #statements = new Map<string, StatementSync>();
  #get: StatementSync | undefined;

  constructor(database: ItemDatabase, table: Pick<Table, 'id'>) {
    this.#database = database;
    this.#id = table.id;
    this.#items = itemsTable(table);
  }

  get({ hash, range }: StoredKey): Row | undefined {
    this.#get ??= this.#prepare(`SELECT item, size FROM ${this.#items} WHERE hash = ? AND range = ?`);
    const row = this.#get.get(hash, range) as unknown as [string, number] | undefined;
    return row && { text: row[0], size: row[1] };
  }

  put({ hash, range }: StoredKey, { text, size }: Row): void {
    this.#statement(
      `INSERT INTO ${this.#items} (hash, range, item, size) VALUES (?, ?, ?, ?)
         ON CONFLICT (hash, range) DO UPDATE SET item = excluded.item, size = excluded.size`,
    ).run(hash, range, text, size);
  }

  delete({ hash, range }: StoredKey): void {
    this.#statement(`DELETE FROM ${this.#items} WHERE hash = ? AND range = ?`).run(hash, range);
  }

  /** Returns whether it was not there. */
  addToIndex(index: number, { hash, range }: StoredKey, item: StoredKey): boolean {
    const insert = this.#statement(`INSERT OR IGNORE INTO ${this.#indexTable(index)} VALUES (?, ?, ?, ?)`);
    return Number(insert.run(hash, range, item.hash, item.range).changes) > 0;
  }

  removeFromIndex(index: number, { hash, range }: StoredKey, item: StoredKey): void {
    this.#statement(
      `DELETE FROM ${this.#indexTable(index)}
         WHERE hash = ? AND range = ? AND item_hash = ? AND item_range = ?`,
    ).run(hash, range, item.hash, item.range);
  }

  /** The rows in their order. Do not write to the table before the iteration ends. */
  *read(reading: Reading): Generator<Row> {
    const { sql, values } = this.#selection(reading);
    for (const row of this.#statement(sql).iterate(...values)) {
      const [text, size] = row as unknown as [string, number];
      yield { text, size };
    }
  }

  /** Items in the order of the table, with their positions. */
  page(after: StoredKey | undefined, limit: number): { key: StoredKey; row: Row }[] {
    const { sql, values } = after
      ? { sql: 'WHERE (hash, range) > (?, ?)', values: [after.hash, after.range] }
      : { sql: '', values: [] };
    const select = this.#statement(
      `SELECT hash, range, item, size FROM ${this.#items} ${sql} ORDER BY hash, range LIMIT ?`,
    );
    const rows = select.all(...values, limit) as unknown as [Uint8Array, Uint8Array, string, number][];
    return rows.map(([hash, range, text, size]) => ({
      key: { hash: Buffer.from(hash), range: Buffer.from(range) },
      row: { text, size },
    }));
  }

  /** Deletes rows of one of the SQL tables without regard to the others. Returns how many. `key` is its key. */
  deleteSome(table: string, key: string, limit: number): number {
    const remove = this.#statement(
      `DELETE FROM ${table} WHERE (${key}) IN (SELECT ${key} FROM ${table} LIMIT ?)`,
    );
    return Number(remove.run(limit).changes);
  }

  /** The items whose times in this index are in a range, the earliest first. */
  due(index: number, { from, to }: { from: Buffer; to: Buffer }, limit: number): StoredKey[] {
    const rows = this.#statement(
      `SELECT item_hash, item_range FROM ${this.#indexTable(index)}
         WHERE hash = x'' AND range >= ? AND range <= ? ORDER BY range LIMIT ?`,
    ).all(from, to, limit) as unknown as [Uint8Array, Uint8Array][];
    return rows.map(([itemHash, itemRange]) => ({
      hash: Buffer.from(itemHash),
      range: Buffer.from(itemRange),
    }));
  }

  /** The size of the items of one partition, of a large one that of its first ten thousand. */
  collectionSize(hash: Buffer): number {
    const row = this.#statement(
      `SELECT sum(size) FROM (SELECT size FROM ${this.#items} WHERE hash = ? LIMIT ${MOST_ESTIMATED})`,
    ).get(hash);
    return Number((row as unknown as [number | null])[0] ?? 0);
  }

  #selection({ index, partition, segment, after, isBackward }: Reading): Selection {
    const order = index ? ['hash', 'range', 'item_hash', 'item_range'] : ['hash', 'range'];
    const beyond = isBackward ? '<' : '>';
    const conditions: string[] = [];
    const values: Uint8Array[] = [];
    const where = (condition: string, ...given: Uint8Array[]) => {
      conditions.push(condition);
      values.push(...given);
    };
    if (partition) {
      const { hash, from, to } = partition;
      where('p.hash = ?', hash);
      order.shift();
      // The position to begin after lies within the range, so it replaces the bound on its side.
      if (from && !(after && !isBackward)) where(`p.range ${from.isIncluded ? '>=' : '>'} ?`, from.key);
      if (to && !(after && isBackward)) where(`p.range ${to.isIncluded ? '<=' : '<'} ?`, to.key);
    }
    if (segment) {
      if (!after) where('p.hash >= ?', segment.from);
      if (segment.to) where('p.hash < ?', segment.to);
    }
    if (after) {
      const position = [
        ...(partition ? [] : [after.key.hash]),
        after.key.range,
        ...(index ? [after.item.hash, after.item.range] : []),
      ];
      where(`(${order.map((name) => `p.${name}`)}) ${beyond} (${position.map(() => '?')})`, ...position);
    }
    const from = index
      ? `${this.#indexTable(index.id)} p CROSS JOIN ${this.#items} i ON i.hash = p.item_hash AND i.range = p.item_range`
      : `${this.#items} p`;
    const table = index ? 'i' : 'p';
    const filter = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : '';
    const direction = isBackward ? ' DESC' : '';
    return {
      sql: `SELECT ${table}.item, ${table}.size FROM ${from}${filter} ORDER BY ${order
        .map((name) => `p.${name}${direction}`)
        .join(', ')}`,
      values,
    };
  }

  #indexTable(index: number): string {
    return indexTable({ id: this.#id }, index);
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = this.#prepare(sql)));
    return statement;
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  }
}

interface Selection {
  sql: string;
  values: Uint8Array[];
}

/** An index that follows the changes of items. */
export interface FollowedIndex {
  id: number;
  /** Absent: the order of expiry times. */
  index?: Index;
  keyOf(item: Item): StoredKey | undefined;
}

/** The indexes that follow the changes of items: all but deleted ones, and the order of expiry times. */
export function followed({ indexes, timeToLive }: Table): FollowedIndex[] {
  if (indexes.length === 0 && !timeToLive) return NONE;
  const all: FollowedIndex[] = [];
  for (const index of indexes) {
    const { id, key, status } = index;
    if (status !== 'DELETING') all.push({ id, index, keyOf: (item) => indexKeyOf(key, item) });
  }
  if (timeToLive && timeToLive.status !== 'DISABLING') {
    all.push({ id: timeToLive.index, keyOf: (item) => timeKeyOf(timeToLive.attribute, item) });
  }
  return all;
}

const NONE: FollowedIndex[] = [];
