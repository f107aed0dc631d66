// SQLite behind two ideas: collections of JSON documents, each owned by an account and a region, and
// transactions. Knows nothing of what the documents mean.
//
// WAL with synchronous=NORMAL: survives kill -9 of Millpond at any instant; a power cut may cost the last commits.

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { assert } from '../kernel/assert.ts';
import { OperationalError } from '../kernel/errors.ts';
import type { Scope } from '../kernel/scope.ts';
import { migrate } from './migrations.ts';

export interface Entry<T> {
  scope: Scope;
  id: string;
  value: T;
}

/** Documents of one kind, e.g. `elasticache/group`. Values are plain JSON: what is read is always a fresh copy. */
export interface Collection<T> {
  get(scope: Scope, id: string): T | undefined;
  put(scope: Scope, id: string, value: T): void;
  delete(scope: Scope, id: string): void;
  /** Sorted by id. */
  list(scope: Scope): T[];
  /** At most `limit` of them, sorted by id (by its UTF-8 bytes), beginning with the first that is not below `from`. */
  listFrom(scope: Scope, from: string, limit: number): T[];
  /** Over every account and region; for controllers. */
  listAll(): Entry<T>[];
}

export interface Store {
  collection<T>(name: string): Collection<T>;
  /** Whether a collection whose name begins so has a document. */
  holdsAny(prefix: string): boolean;
  /** Runs `work` in one transaction; inside another one it joins that. A throw rolls everything back. */
  transaction<T>(work: () => T): T;
  /** Runs `action` once the surrounding transaction is committed, at once when there is none; never after a rollback. */
  afterCommit(action: () => void): void;
  /** For a table that migrations.ts made and a module of control/ owns. */
  prepare(sql: string): PreparedStatement;
  close(): void;
}

export interface PreparedStatement {
  run(...values: SQLInputValue[]): { changes: number; lastInsertRowid: number };
  all(...values: SQLInputValue[]): Record<string, unknown>[];
  get(...values: SQLInputValue[]): Record<string, unknown> | undefined;
}

/** `file` is a path, or `:memory:`. Throws StateUnreadable when it is no database or a newer Millpond's. */
export function openStore(file: string): Store {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = openDatabase(file);
  return new SqliteStore(database);
}

function openDatabase(file: string): DatabaseSync {
  try {
    const database = new DatabaseSync(file, { timeout: 2000 });
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
    migrate(database);
    return database;
  } catch (error) {
    if (error instanceof OperationalError) throw error;
    throw new OperationalError(
      'StateUnreadable',
      `Cannot read the state in ${file}: ${String(error)}`,
      error,
    );
  }
}

class SqliteStore implements Store {
  readonly #database: DatabaseSync;
  #committed: (() => void)[] | undefined;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  collection<T>(name: string): Collection<T> {
    return new SqliteCollection<T>(this.#database, name);
  }

  holdsAny(prefix: string): boolean {
    const found = this.#database.prepare('SELECT 1 FROM documents WHERE kind >= ? AND kind < ? LIMIT 1');
    return found.get(prefix, `${prefix}\u{10ffff}`) !== undefined;
  }

  transaction<T>(work: () => T): T {
    if (this.#committed) return work();
    const committed: (() => void)[] = (this.#committed = []);
    this.#database.exec('BEGIN IMMEDIATE');
    let result: T;
    try {
      result = work();
      assert(!(result instanceof Promise), 'a transaction must not wait for anything');
      this.#database.exec('COMMIT');
    } catch (error) {
      // SQLite itself has rolled back already where the disk is full.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw asOperational(error);
    } finally {
      this.#committed = undefined;
    }
    for (const action of committed) action();
    return result;
  }

  afterCommit(action: () => void): void {
    if (this.#committed) this.#committed.push(action);
    else action();
  }

  prepare(sql: string): PreparedStatement {
    const statement = this.#database.prepare(sql);
    return {
      run: (...values) => {
        const { changes, lastInsertRowid } = translated(() => statement.run(...values));
        return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
      },
      all: (...values) => statement.all(...values) as Record<string, unknown>[],
      get: (...values) => statement.get(...values) as Record<string, unknown> | undefined,
    };
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}

class SqliteCollection<T> implements Collection<T> {
  readonly #name: string;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #list: StatementSync;
  readonly #listFrom: StatementSync;
  readonly #listAll: StatementSync;

  constructor(database: DatabaseSync, name: string) {
    this.#name = name;
    const where = 'kind = ? AND account = ? AND region = ?';
    this.#get = database.prepare(`SELECT value FROM documents WHERE ${where} AND id = ?`);
    this.#put = database.prepare('INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?, ?)');
    this.#delete = database.prepare(`DELETE FROM documents WHERE ${where} AND id = ?`);
    this.#list = database.prepare(`SELECT value FROM documents WHERE ${where} ORDER BY id`);
    this.#listFrom = database.prepare(
      `SELECT value FROM documents WHERE ${where} AND id >= ? ORDER BY id LIMIT ?`,
    );
    this.#listAll = database.prepare(
      'SELECT account, region, id, value FROM documents WHERE kind = ? ORDER BY account, region, id',
    );
  }

  get(scope: Scope, id: string): T | undefined {
    const row = this.#get.get(this.#name, scope.accountId, scope.region, id);
    return row ? parse<T>(row.value) : undefined;
  }

  put(scope: Scope, id: string, value: T): void {
    translated(() => this.#put.run(this.#name, scope.accountId, scope.region, id, JSON.stringify(value)));
  }

  delete(scope: Scope, id: string): void {
    translated(() => this.#delete.run(this.#name, scope.accountId, scope.region, id));
  }

  list(scope: Scope): T[] {
    return this.#list.all(this.#name, scope.accountId, scope.region).map((row) => parse<T>(row.value));
  }

  listFrom(scope: Scope, from: string, limit: number): T[] {
    const rows = this.#listFrom.all(this.#name, scope.accountId, scope.region, from, limit);
    return rows.map((row) => parse<T>(row.value));
  }

  listAll(): Entry<T>[] {
    return this.#listAll.all(this.#name).map((row) => ({
      scope: { accountId: String(row.account), region: String(row.region) },
      id: String(row.id),
      value: parse<T>(row.value),
    }));
  }
}

const parse = <T>(text: unknown): T => JSON.parse(text as string) as T;

function translated<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw asOperational(error);
  }
}

const SQLITE_FULL = 13;
const SQLITE_IOERR = 10;

/** What the host lacks, told as such; everything else is passed on. */
function asOperational(error: unknown): unknown {
  const code = Number((error as { errcode?: unknown } | undefined)?.errcode) & 0xff;
  if (code === SQLITE_FULL) {
    return new OperationalError(
      'DiskFull',
      'The disk that holds the state is full; nothing was changed.',
      error,
    );
  }
  if (code === SQLITE_IOERR) {
    return new OperationalError(
      'StateUnreadable',
      'The state cannot be written; nothing was changed.',
      error,
    );
  }
  return error;
}
