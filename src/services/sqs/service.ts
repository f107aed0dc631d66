// SQS: standard queues with delays, visibility timeouts, long polling and dead letters. No FIFO queues; policies are kept
// and refuse nobody.

import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import type { Sqs } from './context.ts';
import { openMailboxes } from './mailbox.ts';
import { createMoveTasks } from './move-tasks.ts';
import { operations } from './operations.ts';
import { openRecords } from './records.ts';
import type { Sdk } from './sdk.ts';
import { createSweeper } from './sweeper.ts';
import { createWaiting } from './waiting.ts';

export interface SqsDependencies {
  store: Store;
  clock: Clock;
  log: Log;
  /** Of Millpond's API, without a slash at the end; asked for when a URL is shown. */
  baseUrl(): string;
}

export interface SqsService {
  service: Service;
  /** Goes on with what earlier runs left: tasks, and messages to be deleted. */
  start(): void;
  /** Receivers that wait are answered; resolves once nothing goes on. */
  stop(): Promise<void>;
  /** Deletes what has expired. For tests. */
  sweep(): Promise<void>;
}

export function createSqs({ store, clock, baseUrl, ...dependencies }: SqsDependencies): SqsService {
  const log = dependencies.log.child({ service: 'sqs' });
  const records = openRecords(store);
  const waiting = createWaiting();
  const mailboxes = openMailboxes({ store, records, clock, onArrival: waiting.tell });
  const sweeper = createSweeper({ store, records, clock, log });
  const moveTasks = createMoveTasks({ store, records, mailboxes, clock, log });
  const sqs: Sqs = { store, records, clock, log, mailboxes, waiting, sweeper, moveTasks, baseUrl };
  return {
    service: defineService<Sdk, Sqs>('sqs', sqs, operations, { constraints }),
    start() {
      sweeper.start();
      moveTasks.start();
    },
    async stop() {
      waiting.stop();
      await Promise.all([sweeper.stop(), moveTasks.stop()]);
    },
    sweep: () => sweeper.sweep(),
  };
}
