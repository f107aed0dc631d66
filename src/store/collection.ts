// Documents of one kind, kept in SQLite by account, region and id. They are found by id, by a range of ids, or by an
// index that the collection declares; no read takes more than was asked for.

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Scope } from '../aws/scope.ts';
import { DocumentIndexes, type Indexes } from './document-indexes.ts';
import { translated } from './failure.ts';
import { boundsOf, type Range } from './range.ts';
import type { KindCache, Row } from './read-cache.ts';

export type { Range } from './range.ts';

export interface Entry<T> {
  scope: Scope;
  id: string;
  value: T;
}

/** What an index gives. */
export interface Keyed<T> {
  key: string;
  value: T;
}

/**
 * Documents of one kind, e.g. `elasticache/group`. Values are plain JSON: what is read is always a fresh copy, and
 * what is put may be changed afterwards. Writes throw an OperationalError (DiskFull, StateUnreadable).
 */
export interface Collection<T> {
  get(scope: Scope, id: string): T | undefined;
  has(scope: Scope, id: string): boolean;
  put(scope: Scope, id: string, value: T): void;
  delete(scope: Scope, id: string): void;
  /** Sorted by id. All at once: name a range where there may be many, or use `batches`. */
  list(scope: Scope, range?: Range): T[];
  /** The same with their ids. */
  entries(scope: Scope, range?: Range): Entry<T>[];
  /** How many there are whose ids begin so, from the least that is wanted on. */
  count(scope: Scope, prefix?: string, from?: string): number;
  /**
   * A range of any size, sorted by id, with a turn of the event loop after each batch. What is written or deleted
   * meanwhile is seen as it is when its batch is read. `limit` is the size of a batch, 100 by default.
   */
  batches(scope: Scope, range?: Range): AsyncIterable<Entry<T>[]>;
  /** Those to which the index gives this key, sorted by id. The index must be declared. */
  by(scope: Scope, index: string, key: string, range?: Pick<Range, 'after' | 'limit'>): T[];
  countBy(scope: Scope, index: string, key: string): number;
  /** Sorted by the keys that the index gives, of which the range is a run. `after` leaves out all that have that key. */
  inOrderOf(scope: Scope, index: string, range?: Range): Keyed<T>[];
  /** Those of every account and region to which the index gives this key. */
  byAnywhere(index: string, key: string): Entry<T>[];
  /** Those of every account and region, as `batches` gives them; for what is read when a service starts. */
  everywhere(): AsyncIterable<Entry<T>[]>;
  /** The same all at once: for what is never many. */
  listAll(): Entry<T>[];
}

const BATCH = 100;
const IS_HERE = 'kind = ? AND account = ? AND region = ?';

/** How a collection belongs to its store. */
export interface CollectionOptions<T> {
  indexes?: Indexes<T> | undefined;
  /** Absent where others write the file. */
  cache?: KindCache | undefined;
  /** Called before each write. */
  beforeWrite(): void;
}

export class SqliteCollection<T> implements Collection<T> {
  readonly #name: string;
  readonly #cache: KindCache | undefined;
  readonly #beforeWrite: () => void;
  readonly #indexes: DocumentIndexes<T> | undefined;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #from: StatementSync;
  readonly #after: StatementSync;
  readonly #count: StatementSync;
  readonly #listAll: StatementSync;
  readonly #everywhere: StatementSync;

  constructor(database: DatabaseSync, name: string, { indexes, cache, beforeWrite }: CollectionOptions<T>) {
    this.#name = name;
    this.#cache = cache;
    this.#beforeWrite = beforeWrite;
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
    translated(() => {
      this.#beforeWrite();
      this.#put.run(...this.#place(scope), id, text);
      this.#indexes?.put(scope, id, value);
    });
    this.#cache?.keepText(scope, id, text);
  }

  delete(scope: Scope, id: string): void {
    this.#cache?.forget(scope, id);
    translated(() => {
      this.#beforeWrite();
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
