// The store: collections of JSON documents, each owned by an account and a region, and transactions, on SQLite. It does
// not know what the documents mean.
//
// WAL with synchronous=NORMAL survives `kill -9` of Millpond at any time. A power failure may lose the last commits.

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { assert } from '../kernel/assert.ts';
import { OperationalError } from '../kernel/errors.ts';
import { Checkpoints, LATEST_CHECKPOINT_PAGES } from './checkpoints.ts';
import { type Collection, SqliteCollection } from './collection.ts';
import { DiskReserve } from './disk-reserve.ts';
import type { Indexes } from './document-indexes.ts';
import { asOperational, isDiskFull, translated } from './failure.ts';
import { migrate } from './migrations.ts';
import { boundsOf } from './range.ts';
import { ReadCache } from './read-cache.ts';

export type { Collection, Entry, Keyed, Range } from './collection.ts';

/** One open state file. Writes throw an OperationalError (DiskFull, StateUnreadable). */
export interface Store {
  /** Opens a collection. Every call with the same name must declare the same indexes. */
  collection<T>(name: string, indexes?: Indexes<T>): Collection<T>;
  /** Whether a collection whose name begins with `prefix` has a document. */
  holdsAny(prefix: string): boolean;
  /** Runs `work` in one transaction; inside another transaction it joins that one. A throw rolls everything back. */
  transaction<T>(work: () => T): T;
  /**
   * Runs a part of the surrounding transaction that may fail alone: a throw rolls back only this part and is rethrown.
   */
  attempt<T>(work: () => T): T;
  /**
   * Runs `action` after the surrounding transaction is committed, or at once when there is none. It does not run after
   * a rollback.
   */
  afterCommit(action: () => void): void;
  /** Prepares a statement on a table that migrations.ts creates and a module of control/ owns. */
  prepare(sql: string): PreparedStatement;
  close(): void;
}

/** A prepared SQL statement. `run` joins the surrounding transaction, or is one by itself. */
export interface PreparedStatement {
  run(...values: SQLInputValue[]): { changes: number; lastInsertRowid: number };
  all(...values: SQLInputValue[]): Record<string, unknown>[];
  get(...values: SQLInputValue[]): Record<string, unknown> | undefined;
}

/**
 * Opens or creates a state file: a path, or `:memory:`. Throws StateUnreadable when the file is not a database or comes
 * from a newer Millpond. `verify` sees the database before anything changes, and may throw.
 */
export function openStore(file: string, verify?: (database: DatabaseSync) => void): Store {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = openDatabase(file, verify);
  const checkpoints = file === ':memory:' ? undefined : new Checkpoints(file);
  const reserve = file === ':memory:' ? undefined : new DiskReserve(`${file}.reserve`);
  return new SqliteStore(database, { checkpoints, reserve, cache: new ReadCache() });
}

/**
 * Opens the last committed state for reading only. A missing or empty file is an error (StateUnreadable) and is not
 * created.
 */
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
  /** Whether anything has been written. */
  isBegun: boolean;
  committed: (() => void)[];
}

class SqliteStore implements Store {
  readonly #database: DatabaseSync;
  readonly #checkpoints: Checkpoints | undefined;
  readonly #reserve: DiskReserve | undefined;
  /** The indexes of each collection: a writer that did not know them would leave documents out of them. */
  readonly #declared = new Map<string, string>();
  /** Absent when other processes write the file. */
  readonly #cache: ReadCache | undefined;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  #transaction: Transaction | undefined;

  constructor(
    database: DatabaseSync,
    parts: { checkpoints?: Checkpoints | undefined; reserve?: DiskReserve | undefined; cache?: ReadCache },
  ) {
    this.#database = database;
    this.#checkpoints = parts.checkpoints;
    this.#reserve = parts.reserve;
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
      write: (work) => this.#write(work),
    });
  }

  holdsAny(prefix: string): boolean {
    const found = this.#database.prepare('SELECT 1 FROM documents WHERE kind >= ? AND kind < ? LIMIT 1');
    const { least, end } = boundsOf({ prefix });
    return found.get(least, end) !== undefined;
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
      // SQLite has already rolled back when the disk is full.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      const translatedError = asOperational(error);
      if (isDiskFull(translatedError)) this.#reserve?.release();
      throw translatedError;
    } finally {
      this.#transaction = undefined;
    }
    if (transaction.isBegun) {
      this.#checkpoints?.committed();
      this.#reserve?.committed();
    }
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
      // SQLite has already rolled everything back when the disk is full.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK TO attempt; RELEASE attempt');
      throw asOperational(error);
    }
  }

  /** Runs a write in the surrounding transaction, or in one of its own. */
  #write<T>(work: () => T): T {
    return this.transaction(() =>
      translated(() => {
        this.#beforeWrite();
        return work();
      }),
    );
  }

  /** A transaction begins with its first write. No other process writes, so earlier reads stay valid. */
  #beforeWrite(): void {
    if (this.#transaction!.isBegun) return;
    this.#begin.run();
    this.#transaction!.isBegun = true;
  }

  afterCommit(action: () => void): void {
    if (this.#transaction) this.#transaction.committed.push(action);
    else action();
  }

  prepare(sql: string): PreparedStatement {
    const statement = this.#database.prepare(sql);
    return {
      run: (...values) => {
        const { changes, lastInsertRowid } = this.#write(() => statement.run(...values));
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
