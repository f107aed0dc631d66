// Receivers that wait until there is something in their queue. Bounded by the connections that the API takes.

import type { Client } from '../../wire/service.ts';

/** Until `until` (milliseconds, by performance.now), the end of the client's connection, a message, or the end of Millpond. */
export interface Waiting {
  forArrival(mailbox: string, until: number, client: Client): Promise<void>;
  tell(mailbox: string): void;
  /** Lets everybody go, now and from now on. */
  stop(): void;
  readonly isStopped: boolean;
}

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
    tell(mailbox) {
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
