// The bytes of small objects, in the database. Each is a row that is written and deleted in the transaction of the
// record that refers to it. A file would cost more than all other work on a small upload.

import type { Store } from '../../store/store.ts';

/** The most bytes of a row. Above it a file is faster and keeps the database small. */
export const SMALL_BYTES = 64 * 1024;

/** Rows of bytes, by number. */
export interface SmallContents {
  /** Adds a row and returns its number. Call it in a transaction, and `delete`, too. */
  add(bytes: Uint8Array): number;
  /** Call it in the same turn of the event loop in which the record was read. */
  get(row: number): Uint8Array;
  delete(row: number): void;
}

/** Opens the table, which store/migrations.ts creates. */
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
