// What every operation is given, and the lookups that they share.

import type { Scope } from '../../aws/scope.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import type { Queue } from './domain/model.ts';
import { queueUrl, readQueueArn, readQueueUrl } from './domain/queue-names.ts';
import { queueDoesNotExist } from './faults.ts';
import type { Mailboxes } from './mailbox.ts';
import type { MoveTasks } from './move-tasks.ts';
import type { Records } from './records.ts';
import type { Sweeper } from './sweeper.ts';
import type { Waiting } from './waiting.ts';

export interface Sqs {
  store: Store;
  records: Records;
  clock: Clock;
  log: Log;
  mailboxes: Mailboxes;
  waiting: Waiting;
  sweeper: Sweeper;
  moveTasks: MoveTasks;
  /** Of Millpond's API, without a slash at the end; queue URLs begin with it. */
  baseUrl(): string;
}

export interface FoundQueue {
  scope: Scope;
  queue: Queue;
}

/** The URL says whose queue it is. Throws QueueDoesNotExist. */
export function findQueue(sqs: Pick<Sqs, 'records'>, asked: Scope, url: string): FoundQueue {
  const { scope, name } = readQueueUrl(url, asked);
  return { scope, queue: sqs.records.queues.existing(scope, name) };
}

/** Throws QueueDoesNotExist. */
export function findQueueByArn(sqs: Pick<Sqs, 'records'>, arn: string): FoundQueue {
  const reference = readQueueArn(arn);
  if (!reference) throw queueDoesNotExist();
  return { scope: reference.scope, queue: sqs.records.queues.existing(reference.scope, reference.name) };
}

export const urlOf = (sqs: Pick<Sqs, 'baseUrl'>, scope: Scope, { name }: Pick<Queue, 'name'>): string =>
  queueUrl(sqs.baseUrl(), scope, name);
