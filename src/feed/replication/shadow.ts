// The shadow of the cache: which keys its shards have as far as their streams were read, and the digest of each value
// where a dump told it. A full resynchronization is compared with it.
//
// Reading may begin again at an earlier place, after a restart. So what a dump or a flush found is kept until it was
// acknowledged: it finds the same when it is read again.

import type { FeedDatabase } from './feed-database.ts';
import type { Position } from './position.ts';

// `generation`: of the shard, when the key was last found in a dump, or created. `changed`: the dump of that generation
// had the key with another value. `gone_…`: the place where a dump or a flush found it missing.
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS shadow (
    database INTEGER NOT NULL, key BLOB NOT NULL, shard TEXT NOT NULL, digest INTEGER,
    generation INTEGER NOT NULL, changed INTEGER NOT NULL, gone_generation INTEGER, gone_offset INTEGER,
    PRIMARY KEY (database, key)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS shadow_gone ON shadow (shard, gone_generation) WHERE gone_generation IS NOT NULL;
`;

/** A key of a database. */
export interface ShadowKey {
  database: number;
  key: Buffer;
}

/** Keys that were written since the last dump, and are known to be noted so: most writes are of the same keys. */
const MOST_NOTED = 200_000;

/** One for a feed. */
export class Shadow {
  /** The shard that wrote them. */
  readonly #noted = new Map<string, string>();
  readonly #database: FeedDatabase;
  readonly #write;
  readonly #delete;
  readonly #find;
  readonly #set;
  readonly #missing;
  readonly #all;
  readonly #mark;
  readonly #forget;
  #mayHaveGone = true;

  constructor(database: FeedDatabase) {
    database.database.exec(SCHEMA);
    const prepare = (sql: string) => database.database.prepare(sql);
    this.#database = database;
    this.#write = prepare(`
      INSERT INTO shadow (database, key, shard, generation, changed) VALUES (?, ?, ?, ?, 1)
      ON CONFLICT DO UPDATE SET shard = excluded.shard, digest = NULL, gone_generation = NULL, gone_offset = NULL,
        changed = CASE WHEN shard = excluded.shard AND generation = excluded.generation THEN changed ELSE 1 END,
        generation = excluded.generation`);
    this.#delete = prepare('DELETE FROM shadow WHERE database = ? AND key = ?');
    this.#find = prepare('SELECT * FROM shadow WHERE database = ? AND key = ?');
    this.#find.setReadBigInts(true);
    this.#set = prepare(`
      INSERT OR REPLACE INTO shadow (database, key, shard, digest, generation, changed) VALUES (?, ?, ?, ?, ?, ?)`);
    const page =
      '(database, key) > (?, ?) AND shard = ? AND (gone_generation IS NULL OR (gone_generation = ? AND gone_offset = ?))';
    this.#missing = prepare(`
      SELECT database, key FROM shadow WHERE ${page} AND (generation < ? OR gone_generation IS NOT NULL)
      ORDER BY database, key LIMIT ?`);
    this.#all = prepare(`SELECT database, key FROM shadow WHERE ${page} ORDER BY database, key LIMIT ?`);
    this.#mark = prepare(
      'UPDATE shadow SET gone_generation = ?, gone_offset = ?, digest = NULL WHERE database = ? AND key = ?',
    );
    this.#forget = prepare(`
      DELETE FROM shadow WHERE shard = ? AND gone_generation IS NOT NULL
        AND (gone_generation < ? OR (gone_generation = ? AND gone_offset <= ?))`);
  }

  /** The shard has written the key, or has taken it over. */
  written(shardId: string, generation: number, { database, key }: ShadowKey): void {
    const name = nameOf(database, key);
    if (this.#noted.get(name) === shardId) return;
    this.#write.run(database, key, shardId, generation);
    if (this.#noted.size >= MOST_NOTED) this.#noted.clear();
    this.#noted.set(name, shardId);
  }

  deleted({ database, key }: ShadowKey): void {
    this.#noted.delete(nameOf(database, key));
    this.#delete.run(database, key);
  }

  /** A dump is read: what was noted as written has a new generation. */
  beginDump(): void {
    this.#noted.clear();
  }

  /**
   * A dump of the shard has the key with this digest. Returns whether that is news.
   *
   * @param isFirst It is what the shadow begins with, and no news.
   */
  found(
    shardId: string,
    generation: number,
    { database, key }: ShadowKey,
    digest: bigint,
    isFirst: boolean,
  ): boolean {
    const row = this.#find.get(database, key);
    if (
      row &&
      row.shard === shardId &&
      Number(row.generation) === generation &&
      row.gone_generation === null
    ) {
      return row.changed === 1n;
    }
    const isNews = !isFirst && !(row && row.digest === digest && row.gone_generation === null);
    this.#set.run(database, key, shardId, digest, generation, Number(isNews));
    return isNews;
  }

  /** The keys of the shard that the dump which was read to its end did not have, in pages. */
  *missing(shardId: string, place: Position, pageSize: number): Generator<ShadowKey[]> {
    const { generation, offset } = place;
    yield* this.#pages(pageSize, ({ database, key }) =>
      this.#missing.all(database, key, shardId, generation, offset, generation, pageSize),
    );
  }

  /** All keys of the shard in pages, or those of one database. */
  *keys(shardId: string, place: Position, pageSize: number, database?: number): Generator<ShadowKey[]> {
    const { generation, offset } = place;
    for (const page of this.#pages(pageSize, (last) =>
      this.#all.all(last.database, last.key, shardId, generation, offset, pageSize),
    )) {
      const own = database === undefined ? page : page.filter((one) => one.database === database);
      if (own.length > 0) yield own;
    }
  }

  /** The keys are gone since this place. */
  gone({ generation, offset }: Position, keys: readonly ShadowKey[]): void {
    this.#mayHaveGone = true;
    for (const { database, key } of keys) {
      this.#noted.delete(nameOf(database, key));
      this.#mark.run(generation, offset, database, key);
    }
  }

  /** Forgets what is gone and was acknowledged. */
  forgetBefore(acknowledged: ReadonlyMap<string, Position>): void {
    if (!this.#mayHaveGone) return;
    for (const [shardId, { generation, offset }] of acknowledged) {
      this.#forget.run(shardId, generation, generation, offset);
    }
    const left = this.#database.database
      .prepare('SELECT 1 FROM shadow WHERE gone_generation IS NOT NULL LIMIT 1')
      .get();
    this.#mayHaveGone = left !== undefined;
  }

  *#pages(size: number, read: (last: ShadowKey) => Record<string, unknown>[]): Generator<ShadowKey[]> {
    let last: ShadowKey = { database: -1, key: Buffer.alloc(0) };
    for (;;) {
      const rows = read(last);
      const page = rows.map(({ database, key }) => ({
        database: Number(database),
        key: Buffer.from(key as Uint8Array),
      }));
      if (page.length > 0) yield page;
      if (page.length < size) return;
      last = page.at(-1)!;
    }
  }
}

const nameOf = (database: number, key: Buffer): string =>
  database === 0 ? key.toString('latin1') : `${database}\n${key.toString('latin1')}`;
