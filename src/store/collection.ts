// Documents of one kind, kept in SQLite by account, region and id. They are found by id, by a range of ids, or by an
// index that the collection declares; no read takes more than was asked for.

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Scope } from '../aws/scope.ts';
import { DocumentIndexes, type Indexes } from './document-indexes.ts';
import { translated } from './failure.ts';
import type { KindCache, Row } from './read-cache.ts';

export interface Entry<T> {
  scope: Scope;
  id: string;
  value: T;
}

/** A run of ids, compared by their UTF-8 bytes. Without members, all of them. */
export interface Range {
  /** What they begin with. */
  prefix?: string | undefined;
  /** The least that is wanted. */
  from?: string | undefined;
  /** One that is not wanted, nor any below it. */
  after?: string | undefined;
  /** The most documents to read. */
  limit?: number | undefined;
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
  /** Over every account and region; for controllers. */
  listAll(): Entry<T>[];
}

const BATCH = 100;
const IS_HERE = 'kind = ? AND account = ? AND region = ?';
/** SQLite sorts every blob behind every text. */
const BEHIND_ALL = new Uint8Array();
const LAST_CODE_POINT = 0x10ffff;

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
    return Number(this.#count.get(...this.#place(scope), later(from, prefix), behindPrefix(prefix))?.count);
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

  listAll(): Entry<T>[] {
    return this.#listAll.all(this.#name).map((row) => ({
      scope: { accountId: String(row.account), region: String(row.region) },
      id: String(row.id),
      value: parse<T>(row.value),
    }));
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

  #rows(scope: Scope, { prefix = '', from = '', after, limit = -1 }: Range): Row[] {
    const end = behindPrefix(prefix);
    const least = later(from, prefix);
    // What is behind `after` is behind the prefix's first id as well, unless that comes first.
    const rows =
      after !== undefined && !isBelow(after, least)
        ? this.#after.all(...this.#place(scope), after, end, limit)
        : this.#from.all(...this.#place(scope), least, end, limit);
    return rows as unknown as Row[];
  }

  #declared(index: string): DocumentIndexes<T> {
    if (!this.#indexes?.has(index)) throw new TypeError(`${this.#name} declares no index ${index}`);
    return this.#indexes;
  }

  #place({ accountId, region }: Scope): [kind: string, account: string, region: string] {
    return [this.#name, accountId, region];
  }
}

const parse = <T>(text: unknown): T => JSON.parse(text as string) as T;

/** In the order that SQLite sorts by, which is not that of UTF-16. */
const isBelow = (a: string, b: string): boolean =>
  a !== b && Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;

const later = (a: string, b: string): string => (a === '' || isBelow(a, b) ? b : a);

/** The least text behind all that begin with `prefix`. */
function behindPrefix(prefix: string): string | Uint8Array {
  const unit = prefix.charCodeAt(prefix.length - 1);
  // Of most prefixes the last character is a plain one.
  if (unit < 0xd7ff) return prefix.slice(0, -1) + String.fromCharCode(unit + 1);
  const points = Array.from(prefix, (character) => character.codePointAt(0)!);
  while (points.at(-1) === LAST_CODE_POINT) points.pop();
  const last = points.pop();
  if (last === undefined) return BEHIND_ALL;
  // Between these lie the surrogates, which are no characters.
  return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
}
