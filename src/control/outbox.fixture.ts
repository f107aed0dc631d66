// What outboxes have in a store, for tests.

import type { Store } from '../store/store.ts';

/** Rows of all outboxes: what waits, and what is kept of it. */
export function waitingIn(store: Store): { entries: number; contents: number } {
  const count = (table: string) =>
    Number(store.prepare(`SELECT count(*) AS count FROM ${table}`).get()!.count);
  return { entries: count('outbox'), contents: count('outbox_contents') };
}

export const NOTHING_WAITS = { entries: 0, contents: 0 };
