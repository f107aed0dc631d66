// SQS: standard and FIFO queues with delays, visibility timeouts, long polling and dead-letter queues.
// Queue policies are recorded; SNS asks them before it sends.

import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import { defineService, type Service } from '../../wire/service.ts';
import { constraints } from './constraints.ts';
import type { Sqs } from './context.ts';
import { openMailboxes } from './mailbox.ts';
import { type CloudWatch, createQueueMetrics } from './metrics.ts';
import { createMoveTasks } from './move-tasks.ts';
import { operations } from './operations.ts';
import { openRecords } from './records.ts';
import type { Sdk } from './sdk.ts';
import { createSweeper } from './sweeper.ts';
import { createWaiting } from './waiting.ts';

/** What `createSqs` needs. */
export interface SqsDependencies {
  store: Store;
  clock: Clock;
  log: Log;
  /** Gets the metrics of queues; without it there are none. */
  cloudwatch?: CloudWatch | undefined;
  /** The base URL of Millpond's API, without a slash at the end. It is read each time a queue URL is shown. */
  baseUrl(): string;
}

/** SQS as the manifest runs it: the operations, and the work in the background. */
export interface SqsService {
  service: Service;
  /** Resumes what earlier runs left unfinished: move tasks and the deletion of messages. */
  start(): void;
  /** Answers waiting receivers and resolves once no background work is running. */
  stop(): Promise<void>;
  /** Deletes expired messages. For tests. */
  sweep(): Promise<void>;
}

/** Builds SQS over a store. No background work runs before `start`. */
export function createSqs({ store, clock, baseUrl, ...dependencies }: SqsDependencies): SqsService {
  const log = dependencies.log.child({ service: 'sqs' });
  const records = openRecords(store);
  const waiting = createWaiting();
  const mailboxes = openMailboxes({ store, records, clock, onArrival: waiting.notify });
  const sweeper = createSweeper({ store, records, mailboxes, clock, log });
  const moveTasks = createMoveTasks({ store, records, mailboxes, clock, log });
  const metrics = createQueueMetrics({
    ...{ cloudwatch: dependencies.cloudwatch, records, mailboxes, clock, log },
  });
  const sqs: Sqs = { store, records, clock, mailboxes, waiting, sweeper, moveTasks, metrics, baseUrl };
  return {
    service: defineService<Sdk, Sqs>('sqs', sqs, operations, { constraints }),
    start() {
      sweeper.start();
      moveTasks.start();
      metrics.start();
    },
    async stop() {
      waiting.stop();
      await Promise.all([sweeper.stop(), moveTasks.stop(), metrics.stop()]);
    },
    sweep: () => sweeper.sweep(),
  };
}
