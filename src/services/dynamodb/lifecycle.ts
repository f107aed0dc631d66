// Carries out the transitions of tables: CREATING, UPDATING, DELETING, of indexes and of the deletion of expired items.
// A transition is recorded before its work begins, and every step can be repeated, so that a start after `kill -9`
// continues it. Long work happens in batches, each in its own turn of the event loop.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Log } from '../../kernel/log.ts';
import type { Index, Table } from './domain/tables/model.ts';
import { StoredItem, sizeIn } from './storage/items.ts';
import { followed, indexTable, itemsTable } from './storage/rows.ts';
import type { Storage } from './storage/storage.ts';
import type { StoredKey } from './storage/stored-key.ts';
import type { OpenTable } from './storage/tables.ts';

/** The transitions of all tables. */
export interface Lifecycle {
  /** Begins the transitions that the table's record has. Call it after the record is committed. */
  advance(table: OpenTable): void;
  /** Resolves when the table has no transition left, when it is gone, or when `signal` aborts. */
  settled(table: OpenTable, signal: AbortSignal): Promise<void>;
  /** Continues the transitions of all tables. */
  start(): void;
  /** Resolves once nothing is running. The next start continues. */
  stop(): Promise<void>;
}

/** Rows that one turn of the event loop changes. */
const ROWS_AT_ONCE = 100;

/** Nothing happens before `start` or `advance`. */
export function createLifecycle({ storage, log }: { storage: Storage; log: Log }): Lifecycle {
  const running = new Map<OpenTable, Promise<void>>();
  let isStopped = false;

  function advance(table: OpenTable): void {
    if (isStopped || running.has(table)) return;
    const work = run(table).then(
      () => {
        running.delete(table);
        // A transition may have been recorded after the last step looked.
        const { scope, record } = table;
        if (isUnsettled(record) && storage.tables.find(scope, record.name) === table) advance(table);
      },
      (error) => {
        running.delete(table);
        log.error({ err: error, table: table.record.name }, 'a table could not be changed');
      },
    );
    running.set(table, work);
  }

  async function run(table: OpenTable): Promise<void> {
    for (;;) {
      // The response to the request that began the transition shows it.
      await nextTurn();
      if (isStopped || !(await step(table))) return;
    }
  }

  /** Makes one step; returns whether there may be another. */
  async function step(table: OpenTable): Promise<boolean> {
    const { record } = table;
    if (record.status === 'DELETING') {
      await deleteTable(table);
      return false;
    }
    if (record.status === 'CREATING') {
      change(table, (before) => ({
        ...before,
        status: 'ACTIVE',
        indexes: before.indexes.map((index) => ({ ...index, status: 'ACTIVE' })),
      }));
      return true;
    }
    const busy = record.indexes.find(({ status }) => status !== 'ACTIVE');
    if (busy) {
      await advanceIndex(table, busy);
      return true;
    }
    const { timeToLive } = record;
    if (timeToLive && timeToLive.status !== 'ENABLED') {
      await advanceTimeToLive(table, timeToLive);
      return true;
    }
    if (record.status !== 'UPDATING') return false;
    change(table, (before) => ({ ...before, status: 'ACTIVE' }));
    return true;
  }

  async function advanceIndex(table: OpenTable, index: Index): Promise<void> {
    if (index.status === 'DELETING') {
      await empty(table, indexTable(table.record, index.id), 'hash, range, item_hash, item_range');
      if (isStopped || table.record.status === 'DELETING') return;
      storage.transaction(() => {
        storage.tables.dropIndex(table, index.id);
        storage.tables.put(table, {
          ...table.record,
          indexes: table.record.indexes.filter(({ id }) => id !== index.id),
        });
      });
      return;
    }
    if (index.status === 'CREATING' && !(await fill(table, index.id, index))) return;
    change(table, (before) => ({
      ...before,
      indexes: before.indexes.map((each) => (each.id === index.id ? { ...each, status: 'ACTIVE' } : each)),
    }));
  }

  async function advanceTimeToLive(table: OpenTable, given: NonNullable<Table['timeToLive']>): Promise<void> {
    const { index, status } = given;
    if (status === 'ENABLING') {
      if (await fill(table, index, undefined)) {
        change(table, (before) => ({ ...before, timeToLive: { ...given, status: 'ENABLED' } }));
      }
      return;
    }
    await empty(table, indexTable(table.record, index), 'hash, range, item_hash, item_range');
    if (isStopped || table.record.status === 'DELETING') return;
    storage.transaction(() => {
      storage.tables.dropIndex(table, index);
      const { timeToLive: _, ...rest } = table.record;
      storage.tables.put(table, rest);
    });
  }

  /** Adds all items to an index. Returns false when something else must happen first. */
  async function fill(table: OpenTable, id: number, index: Index | undefined): Promise<boolean> {
    let after: StoredKey | undefined;
    do {
      if (isStopped || table.record.status === 'DELETING') return false;
      after = storage.transaction(() => fillSome(table, id, index, after));
      await nextTurn();
    } while (after);
    return true;
  }

  function fillSome(
    table: OpenTable,
    id: number,
    index: Index | undefined,
    after: StoredKey | undefined,
  ): StoredKey | undefined {
    const { record, rows } = table;
    const keyOf = followed(record).find((each) => each.id === id)?.keyOf;
    if (!keyOf) return undefined;
    const page = rows.page(after, ROWS_AT_ONCE);
    for (const { key, row } of page) {
      const item = StoredItem.read(row);
      const position = keyOf(item.item);
      if (!position || !rows.addToIndex(id, position, key)) continue;
      table.tallyOf(id).add(1, index ? sizeIn(record, index, item) : 0);
    }
    return page.length < ROWS_AT_ONCE ? undefined : page.at(-1)!.key;
  }

  async function deleteTable(table: OpenTable): Promise<void> {
    const { record } = table;
    const indexes = record.indexes.map(({ id }) => id);
    if (record.timeToLive) indexes.push(record.timeToLive.index);
    for (const id of indexes) {
      await empty(table, indexTable(record, id), 'hash, range, item_hash, item_range');
    }
    await empty(table, itemsTable(record), 'hash, range');
    if (!isStopped) storage.transaction(() => storage.tables.remove(table));
  }

  /** Deletes the rows of a SQL table in batches: to drop a large one would take long. */
  async function empty(table: OpenTable, name: string, key: string): Promise<void> {
    while (!isStopped && storage.transaction(() => table.rows.deleteSome(name, key, ROWS_AT_ONCE)) > 0) {
      await nextTurn();
    }
  }

  function change(table: OpenTable, make: (before: Table) => Table): void {
    storage.transaction(() => storage.tables.put(table, make(table.record)));
  }

  return {
    advance,
    async settled(table, signal) {
      const aborted = new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        else signal.addEventListener('abort', () => resolve(), { once: true });
      });
      await Promise.race([running.get(table), aborted]);
    },
    start() {
      for (const table of storage.tables.all()) if (isUnsettled(table.record)) advance(table);
    },
    async stop() {
      isStopped = true;
      await Promise.all(running.values());
    },
  };
}

const isUnsettled = ({ status, indexes, timeToLive }: Table): boolean =>
  status !== 'ACTIVE' ||
  indexes.some((index) => index.status !== 'ACTIVE') ||
  (timeToLive !== undefined && timeToLive.status !== 'ENABLED');
