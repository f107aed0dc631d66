// Collections: documents of one kind in SQLite, keyed by account, region and id. They are read by id, by a range of
// ids, or by an index that the collection declares. No read touches more rows than it returns.

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Scope } from '../aws/scope.ts';
import { DocumentIndexes, type Indexes } from './document-indexes.ts';
import { boundsOf, type Range } from './range.ts';
import type { KindCache, Row } from './read-cache.ts';

export type { Range } from './range.ts';

/** A document with its place. */
export interface Entry<T> {
  scope: Scope;
  id: string;
  value: T;
}

/** A document with the index key that led to it. */
export interface Keyed<T> {
  key: string;
  value: T;
}

/**
 * Documents of one kind, e.g. `elasticache/group`. Values are plain JSON. Every read returns a fresh copy, and a value
 * may be changed after `put`. Writes throw an OperationalError (DiskFull, StateUnreadable).
 */
export interface Collection<T> {
  get(scope: Scope, id: string): T | undefined;
  has(scope: Scope, id: string): boolean;
  put(scope: Scope, id: string, value: T): void;
  delete(scope: Scope, id: string): void;
  /** Sorted by id, all in memory: give a range when there may be many, or use `batches`. */
  list(scope: Scope, range?: Range): T[];
  /** As `list`, with the ids. */
  entries(scope: Scope, range?: Range): Entry<T>[];
  /** The number of ids that begin with `prefix` and are not below `from`. */
  count(scope: Scope, prefix?: string, from?: string): number;
  /**
   * A range of any size, sorted by id, with a turn of the event loop after each batch. A batch shows the documents as
   * they are when it is read. `limit` is the size of a batch, 100 by default.
   */
  batches(scope: Scope, range?: Range): AsyncIterable<Entry<T>[]>;
  /** The documents with this index key, sorted by id. Throws a TypeError when the index is not declared. */
  by(scope: Scope, index: string, key: string, range?: Pick<Range, 'after' | 'limit'>): T[];
  countBy(scope: Scope, index: string, key: string): number;
  /** A range of index keys, sorted by key. `after` skips every document with that key. */
  inOrderOf(scope: Scope, index: string, range?: Range): Keyed<T>[];
  /** The documents with this index key in every account and region. */
  byAnywhere(index: string, key: string): Entry<T>[];
  /** The documents of every account and region in batches, for reads at the start of a service. */
  everywhere(): AsyncIterable<Entry<T>[]>;
  /** As `everywhere`, all in memory: for collections that stay small. */
  listAll(): Entry<T>[];
}

const BATCH = 100;
const IS_HERE = 'kind = ? AND account = ? AND region = ?';

/** What a store passes to its collections. */
export interface CollectionOptions<T> {
  indexes?: Indexes<T> | undefined;
  /** Absent when other processes write the file. */
  cache?: KindCache | undefined;
  /** Runs a write, all or nothing. */
  write(work: () => void): void;
}

/** The implementation of Collection on SQLite. */
export class SqliteCollection<T> implements Collection<T> {
  readonly #name: string;
  readonly #cache: KindCache | undefined;
  readonly #write: (work: () => void) => void;
  readonly #indexes: DocumentIndexes<T> | undefined;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #from: StatementSync;
  readonly #after: StatementSync;
  readonly #count: StatementSync;
  readonly #listAll: StatementSync;
  readonly #everywhere: StatementSync;

  constructor(database: DatabaseSync, name: string, { indexes, cache, write }: CollectionOptions<T>) {
    this.#name = name;
    this.#cache = cache;
    this.#write = write;
    const select = `SELECT id, value FROM documents WHERE ${IS_HERE}`;
    this.#get = database.prepare(`${select} AND id = ?`);
    this.#from = database.prepare(`${select} AND id >= ? AND id < ? ORDER BY id LIMIT ?`);
    this.#after = database.prepare(`${select} AND id > ? AND id < ? ORDER BY id LIMIT ?`);
    this.#count = database.prepare(
      `SELECT count(*) AS count FROM documents WHERE ${IS_HERE} AND id >= ? AND id < ?`,
    );
    this.#put = database.prepare('INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?)');
    this.#delete = database.prepare(`DELETE FROM documents WHERE ${IS_HERE} AND id = ?`);
    this.#listAll = database.prepare(
      'SELECT account, region, id, value FROM documents WHERE kind = ? ORDER BY account, region, id',
    );
    this.#everywhere = database.prepare(
      'SELECT account, region, id, value FROM documents WHERE kind = ? AND (account, region, id) > (?, ?, ?) ORDER BY account, region, id LIMIT ?',
    );
    const declared = new DocumentIndexes(database, name, indexes ?? {});
    declared.fill(() => this.listAll());
    if (indexes) this.#indexes = declared;
  }

  get(scope: Scope, id: string): T | undefined {
    const kept = this.#cache?.text(scope, id);
    if (kept !== undefined) return parse<T>(kept);
    const row = this.#get.get(...this.#place(scope), id) as Row | undefined;
    if (!row) return undefined;
    this.#cache?.keepText(scope, id, row.value);
    return parse<T>(row.value);
  }

  has(scope: Scope, id: string): boolean {
    return this.#get.get(...this.#place(scope), id) !== undefined;
  }

  put(scope: Scope, id: string, value: T): void {
    const text = JSON.stringify(value);
    this.#cache?.forget(scope, id);
    this.#write(() => {
      this.#put.run(...this.#place(scope), id, text);
      this.#indexes?.put(scope, id, value);
    });
    this.#cache?.keepText(scope, id, text);
  }

  delete(scope: Scope, id: string): void {
    this.#cache?.forget(scope, id);
    this.#write(() => {
      this.#delete.run(...this.#place(scope), id);
      this.#indexes?.delete(scope, id);
    });
  }

  list(scope: Scope, range: Range = {}): T[] {
    return this.#read(scope, range).map((row) => parse<T>(row.value));
  }

  entries(scope: Scope, range: Range = {}): Entry<T>[] {
    return this.#read(scope, range).map(({ id, value }) => ({ scope, id, value: parse<T>(value) }));
  }

  count(scope: Scope, prefix = '', from = ''): number {
    const { least, end } = boundsOf({ prefix, from });
    return Number(this.#count.get(...this.#place(scope), least, end)?.count);
  }

  async *batches(scope: Scope, range: Range = {}): AsyncIterable<Entry<T>[]> {
    const limit = range.limit ?? BATCH;
    let rest = range;
    for (;;) {
      const batch = this.entries(scope, { ...rest, limit });
      if (batch.length > 0) yield batch;
      if (batch.length < limit) return;
      rest = { prefix: range.prefix, after: batch.at(-1)!.id };
      await nextTurn();
    }
  }

  by(scope: Scope, index: string, key: string, { after, limit }: Pick<Range, 'after' | 'limit'> = {}): T[] {
    return this.#declared(index)
      .ids(scope, index, key, after, limit)
      .map((id) => this.get(scope, id)!);
  }

  countBy(scope: Scope, index: string, key: string): number {
    return this.#declared(index).count(scope, index, key);
  }

  inOrderOf(scope: Scope, index: string, range: Range = {}): Keyed<T>[] {
    return this.#declared(index)
      .inOrder(scope, index, range)
      .map(({ key, id }) => ({ key, value: this.get(scope, id)! }));
  }

  listAll(): Entry<T>[] {
    return this.#listAll.all(this.#name).map(entryOf<T>);
  }

  async *everywhere(): AsyncIterable<Entry<T>[]> {
    let last = { scope: { accountId: '', region: '' }, id: '' };
    for (;;) {
      const { accountId, region } = last.scope;
      const rows = this.#everywhere.all(this.#name, accountId, region, last.id, BATCH);
      const batch = rows.map(entryOf<T>);
      if (batch.length > 0) yield batch;
      if (batch.length < BATCH) return;
      last = batch.at(-1)!;
      await nextTurn();
    }
  }

  byAnywhere(index: string, key: string): Entry<T>[] {
    return this.#declared(index)
      .places(index, key)
      .map(({ scope, id }) => ({ scope, id, value: this.get(scope, id)! }));
  }

  #read(scope: Scope, range: Range): readonly Row[] {
    const cache = this.#cache;
    if (!cache) return this.#rows(scope, range);
    const { prefix, from, after, limit } = range;
    const name = JSON.stringify([scope.accountId, scope.region, prefix, from, after, limit]);
    let rows = cache.rows(name);
    if (!rows) cache.keepRows(name, (rows = this.#rows(scope, range)));
    return rows;
  }

  #rows(scope: Scope, range: Range): Row[] {
    const { least, isLeastWanted, end, limit } = boundsOf(range);
    const statement = isLeastWanted ? this.#from : this.#after;
    return statement.all(...this.#place(scope), least, end, limit) as unknown as Row[];
  }

  #declared(index: string): DocumentIndexes<T> {
    if (!this.#indexes?.has(index)) throw new TypeError(`${this.#name} declares no index ${index}`);
    return this.#indexes;
  }

  #place({ accountId, region }: Scope): [kind: string, account: string, region: string] {
    return [this.#name, accountId, region];
  }
}

const entryOf = <T>({ account, region, id, value }: Record<string, unknown>): Entry<T> => ({
  scope: { accountId: String(account), region: String(region) },
  id: String(id),
  value: parse<T>(value),
});

const parse = <T>(text: unknown): T => JSON.parse(text as string) as T;
