// A few bytes of an object, kept in the database: one row, written and deleted in the transaction of the record that
// refers to it. To open, write, close and rename a file would take longer than all the rest of a small upload.

import type { Store } from '../../store/store.ts';

/** The most bytes of a row. Beyond, a file is faster, and does not swell the database. */
export const SMALL_BYTES = 64 * 1024;

export interface SmallContents {
  /** To be called in a transaction; so is `delete`. */
  add(bytes: Uint8Array): number;
  /** Read it in the turn of the event loop that read the record. */
  get(row: number): Uint8Array;
  delete(row: number): void;
}

/** The table is made by store/migrations.ts. */
export function openSmallContents(store: Store): SmallContents {
  const insert = store.prepare('INSERT INTO s3_contents (bytes) VALUES (?)');
  const select = store.prepare('SELECT bytes FROM s3_contents WHERE row = ?');
  const remove = store.prepare('DELETE FROM s3_contents WHERE row = ?');
  return {
    add: (bytes) => insert.run(bytes).lastInsertRowid,
    get: (row) => select.get(row)!.bytes as Uint8Array,
    delete: (row) => void remove.run(row),
  };
}
