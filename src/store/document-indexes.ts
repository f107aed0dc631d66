// The indexes of a collection: further keys by which documents are found, in a table that is written in the same
// transaction. A new index is filled from the existing documents.

import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Scope } from '../aws/scope.ts';
import { boundsOf, type Range } from './range.ts';

/**
 * For each index name, a function that returns the keys of a document: one, several or none. When the function changes
 * its result for the same document, the index must get a new name.
 */
export type Indexes<T> = Readonly<Record<string, (value: T) => string | readonly string[] | undefined>>;

const IS_DOCUMENT = 'kind = ? AND account = ? AND region = ? AND id = ?';
const IS_KEY = 'kind = ? AND name = ? AND account = ? AND region = ? AND key = ?';

/** The index rows of one collection. */
export class DocumentIndexes<T> {
  readonly #kind: string;
  readonly #indexes: Indexes<T>;
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;
  readonly #ids: StatementSync;
  readonly #places: StatementSync;
  readonly #inOrder: StatementSync;
  readonly #inOrderAfter: StatementSync;
  readonly #count: StatementSync;

  constructor(database: DatabaseSync, kind: string, indexes: Indexes<T>) {
    this.#database = database;
    this.#kind = kind;
    this.#indexes = indexes;
    this.#insert = database.prepare('INSERT OR IGNORE INTO document_keys VALUES (?, ?, ?, ?, ?, ?)');
    this.#delete = database.prepare(`DELETE FROM document_keys WHERE ${IS_DOCUMENT}`);
    this.#ids = database.prepare(
      `SELECT id FROM document_keys WHERE ${IS_KEY} AND id > ? ORDER BY id LIMIT ?`,
    );
    this.#places = database.prepare(
      'SELECT account, region, id FROM document_keys WHERE kind = ? AND name = ? AND key = ? ORDER BY account, region, id',
    );
    const inOrder =
      'SELECT key, id FROM document_keys WHERE kind = ? AND name = ? AND account = ? AND region = ?';
    const run = 'AND key < ? ORDER BY key, id LIMIT ?';
    this.#inOrder = database.prepare(`${inOrder} AND key >= ? ${run}`);
    this.#inOrderAfter = database.prepare(`${inOrder} AND key > ? ${run}`);
    this.#count = database.prepare(`SELECT count(*) AS count FROM document_keys WHERE ${IS_KEY}`);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#indexes, name);
  }

  put(scope: Scope, id: string, value: T): void {
    this.delete(scope, id);
    for (const name of Object.keys(this.#indexes)) this.#add(name, scope, id, value);
  }

  delete({ accountId, region }: Scope, id: string): void {
    this.#delete.run(this.#kind, accountId, region, id);
  }

  /** Sorted ids after `after`, at most `limit` of them; -1 means all. */
  ids({ accountId, region }: Scope, name: string, key: string, after = '', limit = -1): string[] {
    const rows = this.#ids.all(this.#kind, name, accountId, region, key, after, limit);
    return rows.map((row) => String(row.id));
  }

  /** The places of the documents in every account and region. */
  places(name: string, key: string): { scope: Scope; id: string }[] {
    return this.#places.all(this.#kind, name, key).map((row) => ({
      scope: { accountId: String(row.account), region: String(row.region) },
      id: String(row.id),
    }));
  }

  /** A range of keys, sorted by key and then by id. */
  inOrder({ accountId, region }: Scope, name: string, range: Range): { key: string; id: string }[] {
    const { least, isLeastWanted, end, limit } = boundsOf(range);
    const statement = isLeastWanted ? this.#inOrder : this.#inOrderAfter;
    const rows = statement.all(this.#kind, name, accountId, region, least, end, limit);
    return rows.map(({ key, id }) => ({ key: String(key), id: String(id) }));
  }

  count({ accountId, region }: Scope, name: string, key: string): number {
    return Number(this.#count.get(this.#kind, name, accountId, region, key)?.count);
  }

  /** Builds indexes that the state does not have yet, and drops those that are no longer declared. */
  fill(documents: () => { scope: Scope; id: string; value: T }[]): void {
    const declared = Object.keys(this.#indexes).sort();
    const known = this.#database.prepare('SELECT name FROM document_indexes WHERE kind = ? ORDER BY name');
    const made = known.all(this.#kind).map((row) => String(row.name));
    if (declared.join('\n') === made.join('\n')) return;
    this.#database.exec('SAVEPOINT indexes');
    this.#database.prepare('DELETE FROM document_keys WHERE kind = ?').run(this.#kind);
    this.#database.prepare('DELETE FROM document_indexes WHERE kind = ?').run(this.#kind);
    for (const { scope, id, value } of documents()) this.put(scope, id, value);
    const remember = this.#database.prepare('INSERT INTO document_indexes VALUES (?, ?)');
    for (const name of declared) remember.run(this.#kind, name);
    this.#database.exec('RELEASE indexes');
  }

  #add(name: string, { accountId, region }: Scope, id: string, value: T): void {
    const keys = this.#indexes[name]!(value);
    for (const key of typeof keys === 'string' ? [keys] : (keys ?? []))
      this.#insert.run(this.#kind, name, accountId, region, key, id);
  }
}
