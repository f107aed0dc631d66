// SQLite behind two ideas: collections of JSON documents, each owned by an account and a region, and
// transactions. Knows nothing of what the documents mean.
//
// WAL with synchronous=NORMAL: survives kill -9 of Millpond at any instant; a power cut may cost the last commits.

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { assert } from '../kernel/assert.ts';
import { OperationalError } from '../kernel/errors.ts';
import { Checkpoints, LATEST_CHECKPOINT_PAGES } from './checkpoints.ts';
import { type Collection, SqliteCollection } from './collection.ts';
import type { Indexes } from './document-indexes.ts';
import { asOperational, translated } from './failure.ts';
import { migrate } from './migrations.ts';
import { ReadCache } from './read-cache.ts';

export type { Collection, Entry, Keyed, Range } from './collection.ts';

export interface Store {
  /** `indexes` must be the same wherever this kind is opened. */
  collection<T>(name: string, indexes?: Indexes<T>): Collection<T>;
  /** Whether a collection whose name begins so has a document. */
  holdsAny(prefix: string): boolean;
  /** Runs `work` in one transaction; inside another one it joins that. A throw rolls everything back. */
  transaction<T>(work: () => T): T;
  /** Inside a transaction, a part of it that may fail alone: a throw rolls back this part, and is thrown on. */
  attempt<T>(work: () => T): T;
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

/**
 * `file` is a path, or `:memory:`. Throws StateUnreadable when it is no database or a newer Millpond's. `verify` may
 * throw too; it sees the database before anything is changed.
 */
export function openStore(file: string, verify?: (database: DatabaseSync) => void): Store {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = openDatabase(file, verify);
  const checkpoints = file === ':memory:' ? undefined : new Checkpoints(file);
  return new SqliteStore(database, { checkpoints, cache: new ReadCache() });
}

/** As last committed, to be read only: a file that is missing or empty is an error, and stays as it is. */
export function readStore(file: string): Store {
  try {
    const database = new DatabaseSync(file, { readOnly: true, timeout: 2000 });
    return new SqliteStore(database, {});
  } catch (error) {
    throw unreadable(file, error);
  }
}

function openDatabase(file: string, verify?: (database: DatabaseSync) => void): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 2000 });
    verify?.(database);
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;
      PRAGMA wal_autocheckpoint = ${LATEST_CHECKPOINT_PAGES}`);
    migrate(database);
    return database;
  } catch (error) {
    database?.close();
    if (error instanceof OperationalError) throw error;
    throw unreadable(file, error);
  }
}

const unreadable = (file: string, error: unknown): OperationalError =>
  new OperationalError('StateUnreadable', `Cannot read the state in ${file}: ${String(error)}`, error);

interface Transaction {
  /** Something was written. */
  isBegun: boolean;
  committed: (() => void)[];
}

class SqliteStore implements Store {
  readonly #database: DatabaseSync;
  readonly #checkpoints: Checkpoints | undefined;
  /** The indexes of each collection: a writer that does not know them would leave documents out. */
  readonly #declared = new Map<string, string>();
  /** Absent where others write the file. */
  readonly #cache: ReadCache | undefined;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  #transaction: Transaction | undefined;

  constructor(database: DatabaseSync, parts: { checkpoints?: Checkpoints | undefined; cache?: ReadCache }) {
    this.#database = database;
    this.#checkpoints = parts.checkpoints;
    this.#cache = parts.cache;
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
  }

  collection<T>(name: string, indexes?: Indexes<T>): Collection<T> {
    const declared = Object.keys(indexes ?? {})
      .sort()
      .join(' ');
    const before = this.#declared.get(name);
    assert(
      before === undefined || before === declared,
      `${name} is opened with the indexes it has: ${before}`,
    );
    this.#declared.set(name, declared);
    return new SqliteCollection<T>(this.#database, name, {
      ...{ indexes, cache: this.#cache?.kind(name) },
      beforeWrite: () => this.#beforeWrite(),
    });
  }

  holdsAny(prefix: string): boolean {
    const found = this.#database.prepare('SELECT 1 FROM documents WHERE kind >= ? AND kind < ? LIMIT 1');
    return found.get(prefix, `${prefix}\u{10ffff}`) !== undefined;
  }

  transaction<T>(work: () => T): T {
    if (this.#transaction) return work();
    const transaction: Transaction = (this.#transaction = { isBegun: false, committed: [] });
    let result: T;
    try {
      result = work();
      assert(!(result instanceof Promise), 'a transaction must not wait for anything');
      if (transaction.isBegun) this.#commit.run();
    } catch (error) {
      if (transaction.isBegun) this.#cache?.forgetAll();
      // SQLite itself has rolled back already where the disk is full.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw asOperational(error);
    } finally {
      this.#transaction = undefined;
    }
    if (transaction.isBegun) this.#checkpoints?.committed();
    for (const action of transaction.committed) action();
    return result;
  }

  attempt<T>(work: () => T): T {
    assert(this.#transaction, 'there is a transaction');
    const { committed } = this.#transaction;
    const { length } = committed;
    this.#beforeWrite();
    this.#database.exec('SAVEPOINT attempt');
    try {
      const result = work();
      this.#database.exec('RELEASE attempt');
      return result;
    } catch (error) {
      this.#cache?.forgetAll();
      committed.length = length;
      // SQLite itself has rolled everything back where the disk is full.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK TO attempt; RELEASE attempt');
      throw asOperational(error);
    }
  }

  /** A transaction begins with its first write: nobody else writes, so that what is read before stays as it is. */
  #beforeWrite(): void {
    if (!this.#transaction || this.#transaction.isBegun) return;
    this.#begin.run();
    this.#transaction.isBegun = true;
  }

  afterCommit(action: () => void): void {
    if (this.#transaction) this.#transaction.committed.push(action);
    else action();
  }

  prepare(sql: string): PreparedStatement {
    const statement = this.#database.prepare(sql);
    return {
      run: (...values) => {
        const { changes, lastInsertRowid } = translated(() => {
          this.#beforeWrite();
          return statement.run(...values);
        });
        return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
      },
      all: (...values) => statement.all(...values) as Record<string, unknown>[],
      get: (...values) => statement.get(...values) as Record<string, unknown> | undefined,
    };
  }

  close(): void {
    this.#checkpoints?.stop();
    if (this.#database.isOpen) this.#database.close();
  }
}
