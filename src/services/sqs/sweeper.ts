// Deletes messages that nobody can receive any more: those of queues that were deleted or purged, at once, and those
// whose retention is over, every hour. In batches, so that other work goes on in between.

import type { Scope } from '../../aws/scope.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import type { Queue } from './domain/model.ts';
import { isExpired } from './mailbox.ts';
import { messageKey, type Records } from './records.ts';

export interface Sweeper {
  /** Part of the caller's transaction: from its commit on nothing of the mailbox is left to be received. */
  abandon(scope: Scope, mailbox: string): void;
  start(): void;
  /** Resolves once nothing is being deleted. What is left is deleted after the next start. */
  stop(): Promise<void>;
  /** For tests. */
  sweep(): Promise<void>;
}

const HOUR_MS = 60 * 60 * 1_000;

export interface SweeperOptions {
  store: Store;
  records: Records;
  clock: Clock;
  log: Log;
}

export function createSweeper({ store, records, clock, log }: SweeperOptions): Sweeper {
  const { abandoned, messages, queues } = records;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let working: Promise<void> = Promise.resolve();

  async function empty(scope: Scope, mailbox: string): Promise<void> {
    for await (const batch of messages.batches(scope, { prefix: `${mailbox}/` })) {
      if (isStopped) return;
      store.transaction(() => {
        for (const { id } of batch) messages.delete(scope, id);
      });
    }
    abandoned.delete(scope, mailbox);
  }

  async function sweep(): Promise<void> {
    for await (const batch of abandoned.everywhere()) {
      for (const { scope, id } of batch) await empty(scope, id);
    }
    for await (const batch of queues.everywhere()) {
      for (const { scope, value } of batch) await sweepQueue(scope, value);
    }
  }

  async function sweepQueue(scope: Scope, queue: Queue): Promise<void> {
    for await (const batch of messages.batches(scope, { prefix: `${queue.mailbox}/` })) {
      if (isStopped) return;
      const now = clock.now();
      const expired = batch.filter(({ value }) => isExpired(queue, value, now));
      store.transaction(() => {
        for (const { value } of expired) messages.delete(scope, messageKey(value));
      });
    }
  }

  /** One thing after another. */
  function after(work: () => Promise<void>): Promise<void> {
    working = working.then(work).catch((error) => log.error({ err: error }, 'messages could not be deleted'));
    return working;
  }

  return {
    abandon(scope, mailbox) {
      abandoned.put(scope, mailbox, {});
      store.afterCommit(() => void after(() => empty(scope, mailbox)));
    },
    start() {
      void after(sweep);
      timer = setInterval(() => void after(sweep), HOUR_MS).unref();
    },
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await working;
    },
    sweep: () => after(sweep),
  };
}
