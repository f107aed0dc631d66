// What happened, in order: appended in the transaction that makes it true, kept for a while, and told to
// whoever subscribed once it is committed. Bounded by age and by number.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Scope } from '../aws/scope.ts';
import type { Store } from '../store/store.ts';

export interface LoggedEvent<T> {
  /** Grows with every event; gaps mean nothing. */
  sequence: number;
  /** Milliseconds since the epoch. */
  at: number;
  scope: Scope;
  value: T;
}

export interface EventLog<T> {
  append(scope: Scope, at: number, value: T): void;
  /**
   * Newest first, `from` and `to` inclusive, in milliseconds; only those behind `after` if that is given. Never an empty
   * batch, and a turn of the event loop after each.
   */
  batches(scope: Scope, from: number, to: number, after?: EventPlace): AsyncIterable<LoggedEvent<T>[]>;
  /** Called after commit, in order. Returns the unsubscriber. */
  subscribe(listener: (event: LoggedEvent<T>) => void): () => void;
}

/** Where an event stands among the others. */
export type EventPlace = Pick<LoggedEvent<unknown>, 'at' | 'sequence'>;

const MAX_EVENTS = 100_000;
const BATCH = 200;
const PRUNE_EVERY = 1_000;

/** The events of one service; `retentionMs` is how long they can be asked for. */
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
