// What a feed knows between two starts, in one SQLite file: the position of each shard. It survives `kill -9`; a power
// failure may lose the newest of it.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { hostFailure, OperationalError } from '../../kernel/errors.ts';
import type { ReadPosition } from './position.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS shards (
    id TEXT PRIMARY KEY, generation INTEGER NOT NULL, offset INTEGER NOT NULL,
    past_dump INTEGER NOT NULL, database INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS eras (number INTEGER PRIMARY KEY, era TEXT NOT NULL);
  -- Keys that a shard took over from another one, and the deletion there that belongs to it.
  CREATE TABLE IF NOT EXISTS moved_keys (
    key BLOB NOT NULL, shard TEXT NOT NULL, generation INTEGER NOT NULL, offset INTEGER NOT NULL,
    from_shard TEXT, from_generation INTEGER, from_offset INTEGER,
    PRIMARY KEY (key, shard, generation, offset)
  ) WITHOUT ROWID;
  -- The last deletion of each key in a shard's stream while slots may move.
  CREATE TABLE IF NOT EXISTS last_deletions (
    key BLOB NOT NULL, shard TEXT NOT NULL, generation INTEGER NOT NULL, offset INTEGER NOT NULL,
    PRIMARY KEY (key, shard)
  ) WITHOUT ROWID;
`;

/** An open file of a feed. */
export type FeedDatabase = ReturnType<typeof openFeedDatabase>;

/** Opens or creates it in this directory. Throws an OperationalError that says why it cannot. */
export function openFeedDatabase(directory: string) {
  const database = openFile(directory);
  const read = database.prepare('SELECT * FROM shards WHERE id = ?');
  const write = database.prepare('INSERT OR REPLACE INTO shards VALUES (?, ?, ?, ?, ?)');
  const remove = database.prepare('DELETE FROM shards WHERE id = ?');
  return {
    database,
    /** Runs `work` in one transaction, or in the one that is open. */
    transaction<T>(work: () => T): T {
      if (database.isTransaction) return work();
      database.exec('BEGIN');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
    position(shardId: string): ReadPosition | undefined {
      const row = read.get(shardId);
      return (
        row && {
          generation: Number(row.generation),
          offset: Number(row.offset),
          isPastDump: row.past_dump === 1,
          database: Number(row.database),
        }
      );
    },
    /** The shards that have a position. */
    shardIds: (): string[] =>
      database
        .prepare('SELECT id FROM shards')
        .all()
        .map(({ id }) => String(id)),
    setPosition(shardId: string, { generation, offset, isPastDump, database }: ReadPosition): void {
      write.run(shardId, generation, offset, Number(isPastDump), database);
    },
    forgetShard(shardId: string): void {
      remove.run(shardId);
    },
    close(): void {
      database.close();
    },
  };
}

function openFile(directory: string): DatabaseSync {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const database = new DatabaseSync(join(directory, 'feed.sqlite'));
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;');
    database.exec(SCHEMA);
    return database;
  } catch (error) {
    const failure = hostFailure(error, `The positions of the feed cannot be kept in ${directory}`);
    throw (
      failure ??
      new OperationalError(
        'StateUnreadable',
        `The positions of the feed in ${directory} cannot be read.`,
        error,
      )
    );
  }
}
