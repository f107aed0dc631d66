// The tables of all accounts and regions. Their records are few and are kept in memory as they were last committed.

import { type Scope, scopeKey } from '../../../aws/scope.ts';
import type { Table } from '../domain/tables/model.ts';
import type { ItemDatabase } from './database.ts';
import { createIndex, createItems, followed, indexTable, itemsTable, Rows } from './rows.ts';
import type { Tallies, Tally } from './tallies.ts';

/** A table with its rows. */
export interface OpenTable {
  readonly scope: Scope;
  /** As last committed. Never changed in place. */
  readonly record: Table;
  readonly rows: Rows;
  readonly tally: Tally;
  tallyOf(index: number): Tally;
}

/** All tables. Changes happen inside a transaction, and are seen after it. */
export interface Tables {
  find(scope: Scope, name: string): OpenTable | undefined;
  /** In the order of their names. */
  list(scope: Scope): OpenTable[];
  count(scope: Scope): number;
  all(): Iterable<OpenTable>;
  /** Adds a table that has no number yet, with its indexes. */
  create(scope: Scope, record: Omit<Table, 'id'>): Table;
  /** Replaces the record, and creates the SQL tables of indexes that are new in it. */
  put(table: OpenTable, record: Table): void;
  /** Removes the record and the SQL tables, which should be nearly empty. */
  remove(table: OpenTable): void;
  /** Removes the SQL table of an index. */
  dropIndex(table: OpenTable, index: number): void;
  /** Applies the changes of the transaction, or forgets them. */
  committed(): void;
  rolledBack(): void;
}

/** Prepared statements are kept for so many tables. */
const MOST_WITH_ROWS = 200;

/** Reads all records. */
export function openTables(database: ItemDatabase, tallies: Tallies): Tables {
  const insert = database.prepare('INSERT INTO tables (account, region, name, record) VALUES (?, ?, ?, ?)');
  const update = database.prepare('UPDATE tables SET record = ? WHERE number = ?');
  const remove = database.prepare('DELETE FROM tables WHERE number = ?');
  const scopes = new Map<string, Map<string, StoredTable>>();
  const withRows = new Set<StoredTable>();
  let changes: (() => void)[] = [];

  class StoredTable implements OpenTable {
    readonly scope: Scope;
    readonly tally: Tally;
    record: Table;
    #rows: Rows | undefined;

    constructor(scope: Scope, record: Table) {
      this.scope = scope;
      this.record = record;
      this.tally = tallies.of(itemsTable(record));
    }

    get rows(): Rows {
      if (this.#rows) return this.#rows;
      withRows.add(this);
      if (withRows.size > MOST_WITH_ROWS) {
        const [oldest] = withRows;
        withRows.delete(oldest!);
        oldest!.#rows = undefined;
      }
      return (this.#rows = new Rows(database, this.record));
    }

    tallyOf(index: number): Tally {
      return tallies.of(indexTable(this.record, index));
    }
  }

  function add(scope: Scope, record: Table): void {
    const key = scopeKey(scope);
    let names = scopes.get(key);
    if (!names) scopes.set(key, (names = new Map()));
    names.set(record.name, new StoredTable(scope, record));
  }

  for (const row of database.prepare('SELECT number, account, region, record FROM tables').all()) {
    const record = JSON.parse(String(row.record)) as Omit<Table, 'id'>;
    const scope = { accountId: String(row.account), region: String(row.region) };
    add(scope, { ...record, id: Number(row.number) });
  }

  const numbersOf = (record: Table) => followed(record).map(({ id }) => id);

  return {
    find: (scope, name) => scopes.get(scopeKey(scope))?.get(name),
    list: (scope) =>
      [...(scopes.get(scopeKey(scope))?.values() ?? [])].sort((one, other) =>
        one.record.name < other.record.name ? -1 : 1,
      ),
    count: (scope) => scopes.get(scopeKey(scope))?.size ?? 0,
    *all() {
      for (const names of scopes.values()) yield* [...names.values()];
    },
    create(scope, given) {
      const { accountId, region } = scope;
      const { lastInsertRowid } = insert.run(accountId, region, given.name, JSON.stringify(given));
      const record: Table = { ...given, id: Number(lastInsertRowid) };
      createItems(database, record);
      for (const number of numbersOf(record)) createIndex(database, record, number);
      changes.push(() => add({ accountId, region }, record));
      return record;
    },
    put(table, record) {
      const before = new Set(numbersOf(table.record));
      for (const number of numbersOf(record)) if (!before.has(number)) createIndex(database, record, number);
      update.run(JSON.stringify({ ...record, id: undefined }), record.id);
      changes.push(() => {
        (table as StoredTable).record = record;
      });
    },
    remove({ scope, record }) {
      for (const { id } of record.indexes) database.exec(`DROP TABLE IF EXISTS ${indexTable(record, id)}`);
      if (record.timeToLive) {
        database.exec(`DROP TABLE IF EXISTS ${indexTable(record, record.timeToLive.index)}`);
      }
      database.exec(`DROP TABLE ${itemsTable(record)}`);
      for (const { id } of record.indexes) tallies.remove(indexTable(record, id));
      tallies.remove(itemsTable(record));
      remove.run(record.id);
      changes.push(() => {
        const names = scopes.get(scopeKey(scope));
        const table = names?.get(record.name);
        if (table) withRows.delete(table);
        names?.delete(record.name);
      });
    },
    dropIndex({ record }, index) {
      database.exec(`DROP TABLE IF EXISTS ${indexTable(record, index)}`);
      tallies.remove(indexTable(record, index));
    },
    committed() {
      if (changes.length === 0) return;
      const made = changes;
      changes = [];
      for (const change of made) change();
    },
    rolledBack() {
      changes = [];
    },
  };
}
