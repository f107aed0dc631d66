// How many items, and how many bytes, a table or an index has. The numbers are exact: they are written in the
// transaction of the items, once for all changes of a transaction.

import type { ItemDatabase } from './database.ts';

/** The size of a table or an index. */
export interface Tally {
  readonly items: number;
  readonly bytes: number;
  /** Counts a change of the running transaction. */
  add(items: number, bytes: number): void;
}

/** The tallies of one database. */
export interface Tallies {
  /** `owner` is a SQL table. */
  of(owner: string): Tally;
  /** Writes the changes. Call it at the end of each transaction, and then `committed` or `rolledBack`. */
  write(): void;
  committed(): void;
  rolledBack(): void;
  /** Removes a tally, in a transaction. */
  remove(owner: string): void;
}

/** Opens the tallies of a database. */
export function openTallies(database: ItemDatabase): Tallies {
  const select = database.prepare('SELECT items, bytes FROM tallies WHERE owner = ?');
  const upsert = database.prepare(
    `INSERT INTO tallies (owner, items, bytes) VALUES (?, ?, ?)
       ON CONFLICT (owner) DO UPDATE SET items = excluded.items, bytes = excluded.bytes`,
  );
  const remove = database.prepare('DELETE FROM tallies WHERE owner = ?');
  const known = new Map<string, CountedTally>();
  const changed = new Set<CountedTally>();

  class CountedTally implements Tally {
    readonly owner: string;
    items = 0;
    bytes = 0;

    constructor(owner: string) {
      this.owner = owner;
      this.read();
    }

    read(): void {
      const row = select.get(this.owner);
      this.items = Number(row?.items ?? 0);
      this.bytes = Number(row?.bytes ?? 0);
    }

    add(items: number, bytes: number): void {
      this.items += items;
      this.bytes += bytes;
      changed.add(this);
    }
  }

  return {
    of(owner) {
      let tally = known.get(owner);
      if (!tally) known.set(owner, (tally = new CountedTally(owner)));
      return tally;
    },
    write() {
      for (const { owner, items, bytes } of changed) upsert.run(owner, items, bytes);
    },
    committed: () => changed.clear(),
    rolledBack() {
      for (const tally of changed) tally.read();
      changed.clear();
    },
    remove(owner) {
      remove.run(owner);
      const tally = known.get(owner);
      if (tally) changed.delete(tally);
      known.delete(owner);
    },
  };
}
