// Receivers that wait for a message in a queue (long polling). The number of connections that the API accepts bounds
// how many can wait.

import type { Client } from '../../wire/service.ts';

/** Waiting receivers, by mailbox. */
export interface Waiting {
  /**
   * Resolves at a message, at the end of the client's connection, at `stop`, or at `until` (milliseconds of
   * performance.now).
   */
  forArrival(mailbox: string, until: number, client: Client): Promise<void>;
  /** Wakes the receivers that wait for this mailbox. */
  notify(mailbox: string): void;
  /** Wakes all receivers. Later ones do not wait. */
  stop(): void;
  readonly isStopped: boolean;
}

/** Starts with no waiting receivers. */
export function createWaiting(): Waiting {
  const waiting = new Map<string, Set<() => void>>();
  let isStopped = false;

  return {
    forArrival(mailbox, until, client) {
      if (isStopped) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(end, Math.max(0, until - performance.now()));
      const listening = client.onGone(end);
      const others = waiting.get(mailbox) ?? new Set();
      waiting.set(mailbox, others.add(end));
      function end(): void {
        clearTimeout(timer);
        listening();
        others.delete(end);
        if (others.size === 0 && waiting.get(mailbox) === others) waiting.delete(mailbox);
        resolve();
      }
      return promise;
    },
    notify(mailbox) {
      for (const end of [...(waiting.get(mailbox) ?? [])]) end();
    },
    stop() {
      isStopped = true;
      for (const ends of [...waiting.values()]) for (const end of [...ends]) end();
    },
    get isStopped() {
      return isStopped;
    },
  };
}
