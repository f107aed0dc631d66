// A service's events, in order. An event is appended in the transaction of the change that it reports, kept for a
// while, and passed to subscribers after the commit. The log is bounded by age and by number.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Scope } from '../aws/scope.ts';
import type { Store } from '../store/store.ts';

/** An event with its position in the log. */
export interface LoggedEvent<T> {
  /** Increases with every event. Gaps have no meaning. */
  sequence: number;
  /** Milliseconds since the epoch. */
  at: number;
  scope: Scope;
  value: T;
}

/** The log of one service. */
export interface EventLog<T> {
  /** Call it in the transaction of the change. `at` is in milliseconds since the epoch. */
  append(scope: Scope, at: number, value: T): void;
  /**
   * The events newest first; `from` and `to` are inclusive, in milliseconds since the epoch. With `after`, only the
   * events behind it in this order. No batch is empty, and the event loop gets a turn after each.
   */
  batches(scope: Scope, from: number, to: number, after?: EventPlace): AsyncIterable<LoggedEvent<T>[]>;
  /** The listener is called after each commit, in order. Returns a function that unsubscribes it. */
  subscribe(listener: (event: LoggedEvent<T>) => void): () => void;
}

/** An event's position in the log. */
export type EventPlace = Pick<LoggedEvent<unknown>, 'at' | 'sequence'>;

const MAX_EVENTS = 100_000;
const BATCH = 200;
const PRUNE_EVERY = 1_000;

/** The events of one service. They can be read for `retentionMs`. */
export function createEventLog<T>(store: Store, service: string, retentionMs: number): EventLog<T> {
  const insert = store.prepare(
    'INSERT INTO events (at, service, account, region, value) VALUES (?, ?, ?, ?, ?)',
  );
  const select = store.prepare(
    `SELECT sequence, at, value FROM events
     WHERE service = ? AND account = ? AND region = ? AND at BETWEEN ? AND ? AND (at, sequence) < (?, ?)
     ORDER BY at DESC, sequence DESC LIMIT ?`,
  );
  const prune = store.prepare('DELETE FROM events WHERE service = ? AND (at < ? OR sequence <= ?)');
  const read = (scope: Scope, row: Record<string, unknown>): LoggedEvent<T> => ({
    sequence: Number(row.sequence),
    at: Number(row.at),
    scope,
    value: JSON.parse(String(row.value)) as T,
  });
  const listeners = new Set<(event: LoggedEvent<T>) => void>();

  return {
    append(scope, at, value) {
      const row = insert.run(at, service, scope.accountId, scope.region, JSON.stringify(value));
      const sequence = row.lastInsertRowid;
      if (sequence % PRUNE_EVERY === 0) prune.run(service, at - retentionMs, sequence - MAX_EVENTS);
      store.afterCommit(() => {
        for (const listener of listeners) listener({ sequence, at, scope, value });
      });
    },
    async *batches(scope, from, to, after = { at: to + 1, sequence: 0 }) {
      const { accountId, region } = scope;
      for (let place = after; ; ) {
        const rows = select.all(
          ...[service, accountId, region, from, Math.min(to, place.at), place.at, place.sequence, BATCH],
        );
        const batch = rows.map((row) => read(scope, row));
        if (batch.length > 0) yield batch;
        if (batch.length < BATCH) return;
        place = batch.at(-1)!;
        await nextTurn();
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
