// The file of items, an SQLite database of its own: tables of its own shape, and transactions. It does not know what the
// rows mean.
//
// WAL with synchronous=NORMAL survives `kill -9` of Millpond at any time. A power failure may lose the last commits.

import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { assert } from '../../../kernel/assert.ts';
import { OperationalError } from '../../../kernel/errors.ts';
import { Checkpoints, LATEST_CHECKPOINT_PAGES } from '../../../store/checkpoints.ts';
import { asOperational } from '../../../store/failure.ts';

/** One open database of items. */
export interface ItemDatabase {
  prepare(sql: string): StatementSync;
  /** Runs SQL that changes the schema or the settings. */
  exec(sql: string): void;
  /**
   * Runs `work` in one transaction. A throw rolls everything back. Throws an OperationalError (DiskFull,
   * StateUnreadable) when the host refuses the write.
   */
  transaction<T>(work: () => T): T;
  close(): void;
}

/** The version of the schema below. */
const VERSION = 1;

// `number` is never used twice, so that a table of a deleted table's name never shows its rows.
const SCHEMA = `
  CREATE TABLE tables (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, record TEXT NOT NULL,
    UNIQUE (account, region, name)
  );
  CREATE TABLE tallies (
    owner TEXT PRIMARY KEY, items INTEGER NOT NULL, bytes INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE request_tokens (
    account TEXT NOT NULL, region TEXT NOT NULL, token TEXT NOT NULL,
    digest BLOB NOT NULL, at INTEGER NOT NULL, capacity TEXT NOT NULL,
    PRIMARY KEY (account, region, token)
  ) WITHOUT ROWID;
  CREATE INDEX request_tokens_by_time ON request_tokens (at);
  PRAGMA user_version = ${VERSION};
`;

/** Opens or creates the file, or `:memory:`. Throws StateUnreadable with what the user can do. */
export function openItemDatabase(file: string): ItemDatabase {
  const database = openFile(file);
  const checkpoints = file === ':memory:' ? undefined : new Checkpoints(file);
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');

  return {
    prepare: (sql) => database.prepare(sql),
    exec: (sql) => database.exec(sql),
    transaction(work) {
      assert(!database.isTransaction, 'transactions of items are not nested');
      begin.run();
      let result: ReturnType<typeof work>;
      try {
        result = work();
        assert(!(result instanceof Promise), 'a transaction must not wait for anything');
        commit.run();
      } catch (error) {
        // SQLite has already rolled back when the disk is full.
        if (database.isTransaction) database.exec('ROLLBACK');
        throw asOperational(error);
      }
      checkpoints?.committed();
      return result;
    },
    close() {
      checkpoints?.stop();
      if (database.isOpen) database.close();
    },
  };
}

function openFile(file: string): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 2000 });
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      PRAGMA wal_autocheckpoint = ${LATEST_CHECKPOINT_PAGES}`);
    const version = Number(database.prepare('PRAGMA user_version').get()!.user_version);
    if (version > VERSION) throw new Error('it was written by a newer Millpond');
    if (version === 0) database.exec(`BEGIN; ${SCHEMA} COMMIT`);
    return database;
  } catch (error) {
    database?.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperationalError(
      'StateUnreadable',
      `Cannot read DynamoDB's items in ${file}: ${reason}. Put a copy of it in its place, or move it away to begin ` +
        'without tables.',
      error,
    );
  }
}
