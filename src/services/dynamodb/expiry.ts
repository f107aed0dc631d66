// Deletes items whose time has come, in tables with a time to live. An index has the items of each table in the order
// of their times, so that only what is due is read.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { createBackground } from '../../control/background.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { encodeKey } from './domain/keys.ts';
import { readItem, writeItem } from './storage/items.ts';
import type { Storage } from './storage/storage.ts';
import type { OpenTable } from './storage/tables.ts';

/** The deletion of expired items. */
export interface Expiry {
  /** Looks now and then every few seconds. */
  start(): void;
  /** Resolves once no deletion is running. */
  stop(): Promise<void>;
  /** Deletes what is due. */
  sweep(): Promise<void>;
}

/** AWS: usually within a few days. */
const INTERVAL_MS = 5_000;
const ITEMS_AT_ONCE = 50;
/** AWS: an item whose time was more than five years ago is not deleted. */
const OLDEST_SECONDS = 5 * 365 * 24 * 60 * 60;

/** Nothing is deleted before `start` or `sweep`. */
export function createExpiry(options: { storage: Storage; clock: Clock; log: Log }): Expiry {
  const { storage, clock, log } = options;
  const background = createBackground({ log, failure: 'expired items could not be deleted' });

  async function sweepAll(): Promise<void> {
    for (const table of storage.tables.all()) {
      if (table.record.timeToLive?.status !== 'ENABLED') continue;
      while (!background.isStopped && deleteSome(table)) await nextTurn();
    }
  }

  /** Returns whether there may be more. */
  function deleteSome(table: OpenTable): boolean {
    const { status, timeToLive } = table.record;
    if (timeToLive?.status !== 'ENABLED' || status === 'DELETING') return false;
    const now = Math.floor(clock.now() / 1000);
    const range = {
      from: encodeKey({ N: String(Math.max(1, now - OLDEST_SECONDS)) }),
      to: encodeKey({ N: String(now) }),
    };
    const due = table.rows.due(timeToLive.index, range, ITEMS_AT_ONCE);
    if (due.length === 0) return false;
    storage.transaction(() => {
      for (const key of due) writeItem({ table, key, before: readItem(table, key), after: undefined });
    });
    return due.length === ITEMS_AT_ONCE;
  }

  return {
    start: () => background.repeat(sweepAll, INTERVAL_MS),
    stop: () => background.stop(),
    sweep: () => background.add(sweepAll),
  };
}
