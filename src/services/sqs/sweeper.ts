// Deletes messages that can no longer be received, and what FIFO queues remembered for five minutes: that of deleted or
// purged queues at once, and what is over every hour. It works in batches, so that other requests are served in between.

import type { Scope } from '../../aws/scope.ts';
import { createBackground } from '../../control/background.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Collection, Store } from '../../store/store.ts';
import type { Queue } from './domain/model.ts';
import { DEDUPLICATION_MS } from './fifo/deduplication.ts';
import { isExpired, type Mailboxes } from './mailbox.ts';
import type { Records } from './records.ts';

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
  mailboxes: Pick<Mailboxes, 'discard'>;
  clock: Clock;
  log: Log;
}

/** Nothing is deleted before `start`, except abandoned mailboxes. */
export function createSweeper({ store, records, mailboxes, clock, log }: SweeperOptions): Sweeper {
  const { abandoned, attempts, groups, messages, queues, sentBefore } = records;
  const background = createBackground({ log, failure: 'messages could not be deleted' });

  async function empty(scope: Scope, mailbox: string): Promise<void> {
    for (const collection of [messages, groups, sentBefore, attempts]) {
      for await (const batch of collection.batches(scope, { prefix: `${mailbox}/` })) {
        if (background.isStopped) return;
        store.transaction(() => {
          for (const { id } of batch) collection.delete(scope, id);
        });
      }
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
    for (const memory of [sentBefore, attempts]) await forgetOld(memory);
  }

  async function forgetOld(memory: Collection<{ at: number }>): Promise<void> {
    for await (const batch of memory.everywhere()) {
      if (background.isStopped) return;
      const old = batch.filter(({ value }) => value.at + DEDUPLICATION_MS <= clock.now());
      store.transaction(() => {
        for (const { scope, id } of old) memory.delete(scope, id);
      });
    }
  }

  async function sweepQueue(scope: Scope, queue: Queue): Promise<void> {
    for await (const batch of messages.batches(scope, { prefix: `${queue.mailbox}/` })) {
      if (background.isStopped) return;
      const now = clock.now();
      const expired = batch.filter(({ value }) => isExpired(queue, value, now));
      store.transaction(() => {
        for (const { value } of expired) mailboxes.discard(scope, value);
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
