// The most messages of a queue in flight. Counting them for each receive would take as long as there are many, so they
// are counted only when so many were taken since the last count that the limit may be reached.

import type { Scope } from '../../aws/scope.ts';
import type { Queue } from './domain/model.ts';

/** AWS: the most messages of one queue in flight; since November 2024 also of a FIFO queue. */
const MOST_IN_FLIGHT = 120_000;

/** The limit of all queues of one type. */
export interface InFlightLimit {
  isReached(scope: Scope, queue: Queue): boolean;
  /** Call it after messages were taken. */
  add(queue: Queue, taken: number): void;
}

/** `count` counts the messages in flight; `most` is AWS's limit, unless a test gives another. */
export function createInFlightLimit(
  count: (scope: Scope, queue: Queue) => number,
  most = MOST_IN_FLIGHT,
): InFlightLimit {
  /** At least as many as are in flight, by mailbox. */
  const atMost = new Map<string, number>();
  return {
    isReached(scope, queue) {
      const known = atMost.get(queue.mailbox);
      if (known !== undefined && known < most) return false;
      const counted = count(scope, queue);
      atMost.set(queue.mailbox, counted);
      return counted >= most;
    },
    add({ mailbox }, taken) {
      atMost.set(mailbox, (atMost.get(mailbox) ?? 0) + taken);
    },
  };
}
