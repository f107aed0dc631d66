// SQS's records. Messages are stored in the order in which they become due, so that a receive reads only what it
// returns.

import { type RecordKind, type Records as RecordsOf, openRecords as recordsOf } from '../../aws/records.ts';
import type { Scope } from '../../aws/scope.ts';
import type { Collection, Store } from '../../store/store.ts';
import type { Message, MoveTask, Queue } from './domain/model.ts';
import { readQueueArn } from './domain/queue-names.ts';
import { redrivePolicyOf } from './domain/redrive.ts';
import { queueDoesNotExist, taskNotFound } from './faults.ts';

const QUEUE: RecordKind<Queue> = {
  collection: 'sqs/queue',
  idOf: ({ name }) => name,
  indexes: { deadLetterTarget: ({ attributes }) => redrivePolicyOf(attributes)?.deadLetterTargetArn },
  notFound: queueDoesNotExist,
};

/** The only key of the index `unfinished`. */
export const UNFINISHED = 'yes';

const isUnfinished = ({ status }: MoveTask) => status === 'RUNNING' || status === 'CANCELLING';

const MOVE_TASK: RecordKind<MoveTask> = {
  collection: 'sqs/move-task',
  idOf: ({ id }) => id,
  indexes: {
    source: ({ source }) => source,
    running: (task) => (isUnfinished(task) ? task.source : undefined),
    unfinished: (task) => (isUnfinished(task) ? UNFINISHED : undefined),
  },
  notFound: taskNotFound,
};

/** The collections of SQS. */
export interface Records {
  queues: RecordsOf<Queue>;
  messages: Collection<Message>;
  /** Mailboxes of deleted or purged queues, by id, until the sweeper has emptied them. */
  abandoned: Collection<Record<never, never>>;
  moveTasks: RecordsOf<MoveTask>;
}

/** Opens the collections in the store. */
export const openRecords = (store: Store): Records => ({
  queues: recordsOf(store, QUEUE),
  messages: store.collection('sqs/message', {
    id: ({ id }) => id,
    mailbox: ({ mailbox }) => mailbox,
  }),
  abandoned: store.collection('sqs/abandoned-mailbox'),
  moveTasks: recordsOf(store, MOVE_TASK),
});

/** A queue and the account and region that own it. */
export interface FoundQueue {
  scope: Scope;
  queue: Queue;
}

/** Finds a queue by its ARN; `undefined` for another text, and where there is no such queue. */
export function findQueueByArn({ queues }: Pick<Records, 'queues'>, arn: string): FoundQueue | undefined {
  const reference = readQueueArn(arn);
  const queue = reference && queues.find(reference.scope, reference.name);
  return queue && { scope: reference.scope, queue };
}

/**
 * The key prefix of a mailbox's messages. Messages that were received are stored apart from new ones, so that both can
 * be counted.
 */
export const trackOf = (mailbox: string, track: 'new' | 'received'): string => `${mailbox}/${track}/`;

const TIME_DIGITS = 15;
const ORDER_DIGITS = 12;

/** A time in milliseconds as a part of a message key; it sorts as the number does. */
export const dueText = (at: number): string => String(at).padStart(TIME_DIGITS, '0');

/** The key of a message: its mailbox, whether it was received, and when it becomes due. */
export const messageKey = ({ mailbox, receives, dueAt, order, id }: Message): string =>
  `${trackOf(mailbox, receives > 0 ? 'received' : 'new')}${dueText(dueAt)}/${String(order).padStart(ORDER_DIGITS, '0')}/${id}`;
