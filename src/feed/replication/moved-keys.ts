// Keys that slots in motion took with them. MIGRATE shows as RESTORE-ASKING in the target's stream and as DEL in the
// source's; a DEL of a client looks the same. MIGRATE's is the last one of the key: the source does not create it again.
// So restorations and deletions are noted before a deletion is judged, on disk, since one side may have been delivered
// before a restart and the other not.

import type { FeedDatabase } from './feed-database.ts';
import { comparePositions, type Position } from './position.ts';

export type MovedKeys = ReturnType<typeof openMovedKeys>;

export function openMovedKeys({ database }: FeedDatabase) {
  const insert = database.prepare(
    'INSERT OR IGNORE INTO moved_keys (key, shard, generation, offset) VALUES (?, ?, ?, ?)',
  );
  const find = database.prepare(`
    SELECT shard, generation, offset, from_shard FROM moved_keys WHERE key = ? AND shard <> ? AND (
      from_shard IS NULL OR (from_shard = ? AND from_generation = ? AND from_offset = ?)
    ) ORDER BY from_shard IS NULL, generation, offset LIMIT 1`);
  const match = database.prepare(`
    UPDATE moved_keys SET from_shard = ?, from_generation = ?, from_offset = ?
    WHERE key = ? AND shard = ? AND generation = ? AND offset = ?`);
  const noteDeletion = database.prepare(`
    INSERT INTO last_deletions VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET
      generation = excluded.generation, offset = excluded.offset
      WHERE (excluded.generation, excluded.offset) > (generation, offset)`);
  const lastDeletion = database.prepare(
    'SELECT generation, offset FROM last_deletions WHERE key = ? AND shard = ?',
  );
  return {
    /** The shard restored this key; the place is that of the command. Noting it again changes nothing. */
    restored(key: Buffer, shardId: string, { generation, offset }: Position): void {
      insert.run(key, shardId, generation, offset);
    },
    /** The shard deleted this key, or MIGRATE did. */
    deleted(key: Buffer, shardId: string, { generation, offset }: Position): void {
      noteDeletion.run(key, shardId, generation, offset);
    },
    /**
     * Whether this deletion belongs to a restoration by another shard, and is no deletion of the key. The answer is the
     * same when it is asked again.
     */
    hasMoved(key: Buffer, shardId: string, { generation, offset }: Position): boolean {
      const found = find.get(key, shardId, shardId, generation, offset);
      if (!found) return false;
      if (found.from_shard === null) {
        const last = lastDeletion.get(key, shardId);
        if (last && comparePositions(last as unknown as Position, { generation, offset }) > 0) return false;
        match.run(shardId, generation, offset, key, found.shard!, found.generation!, found.offset!);
      }
      return true;
    },
    /** No slots are in motion, and everything of the last motion was acknowledged. */
    clear(): void {
      database.exec('DELETE FROM moved_keys; DELETE FROM last_deletions');
    },
  };
}
