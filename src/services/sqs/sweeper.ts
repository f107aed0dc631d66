// Deletes messages that can no longer be received: those of deleted or purged queues at once, and expired ones every
// hour. It works in batches, so that other requests are served in between.

import type { Scope } from '../../aws/scope.ts';
import { createBackground } from '../../control/background.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import type { Queue } from './domain/model.ts';
import { isExpired } from './mailbox.ts';
import { messageKey, type Records } from './records.ts';

/** The deletion of messages in the background. */
export interface Sweeper {
  /**
   * Schedules the deletion of a mailbox's messages. Call it in the transaction that detaches the mailbox from its
   * queue.
   */
  abandon(scope: Scope, mailbox: string): void;
  /** Sweeps now and then every hour. */
  start(): void;
  /** Resolves once no deletion is running. The next start deletes the rest. */
  stop(): Promise<void>;
  /** Sweeps once. For tests. */
  sweep(): Promise<void>;
}

const HOUR_MS = 60 * 60 * 1_000;

/** What the sweeper needs. */
export interface SweeperOptions {
  store: Store;
  records: Records;
  clock: Clock;
  log: Log;
}

/** Nothing is deleted before `start`, except abandoned mailboxes. */
export function createSweeper({ store, records, clock, log }: SweeperOptions): Sweeper {
  const { abandoned, messages, queues } = records;
  const background = createBackground({ log, failure: 'messages could not be deleted' });

  async function empty(scope: Scope, mailbox: string): Promise<void> {
    for await (const batch of messages.batches(scope, { prefix: `${mailbox}/` })) {
      if (background.isStopped) return;
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
      if (background.isStopped) return;
      const now = clock.now();
      const expired = batch.filter(({ value }) => isExpired(queue, value, now));
      store.transaction(() => {
        for (const { value } of expired) messages.delete(scope, messageKey(value));
      });
    }
  }

  return {
    abandon(scope, mailbox) {
      abandoned.put(scope, mailbox, {});
      store.afterCommit(() => void background.add(() => empty(scope, mailbox)));
    },
    start: () => background.repeat(sweep, HOUR_MS),
    stop: background.stop,
    sweep: () => background.add(sweep),
  };
}
