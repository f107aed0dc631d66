// SQS's records. Messages are stored in the order in which they become due, so that a receive reads only what it
// returns.

import { type RecordKind, type Records as RecordsOf, openRecords as recordsOf } from '../../aws/records.ts';
import type { Scope } from '../../aws/scope.ts';
import type { Collection, Store } from '../../store/store.ts';
import type { Message, MessageGroup, MoveTask, Queue, ReceiveAttempt, SentBefore } from './domain/model.ts';
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
  /** The groups of FIFO queues that have messages. */
  groups: Collection<MessageGroup>;
  /** What was sent to FIFO queues within the deduplication interval, by deduplication id. */
  sentBefore: Collection<SentBefore>;
  /** Receives of FIFO queues with a ReceiveRequestAttemptId, by that id. */
  attempts: Collection<ReceiveAttempt>;
  /** The last sequence number that was given to a message, in one document. */
  lastSequence: Collection<{ last: string }>;
}

/** Opens the collections in the store. */
export const openRecords = (store: Store): Records => ({
  queues: recordsOf(store, QUEUE),
  messages: store.collection('sqs/message', {
    id: ({ id }) => id,
    mailbox: ({ mailbox }) => mailbox,
    group: ({ mailbox, groupId, sequence }) =>
      sequence === undefined ? undefined : `${groupKey(mailbox, groupId!)}/${sequence}`,
  }),
  abandoned: store.collection('sqs/abandoned-mailbox'),
  moveTasks: recordsOf(store, MOVE_TASK),
  groups: store.collection('sqs/message-group', {
    ready: ({ mailbox, head, blockedUntil }) => (blockedUntil > 0 ? undefined : `${mailbox}/${head}`),
    blocked: ({ mailbox, blockedUntil }) =>
      blockedUntil > 0 ? `${mailbox}/${dueText(blockedUntil)}` : undefined,
  }),
  sentBefore: store.collection<SentBefore>('sqs/sent-before', { age: ageOf }),
  attempts: store.collection<ReceiveAttempt>('sqs/receive-attempt', { age: ageOf }),
  lastSequence: store.collection('sqs/last-sequence'),
});

const ageOf = ({ mailbox, at }: SentBefore | ReceiveAttempt): string => `${mailbox}/${dueText(at)}`;

/** The key of a group of a FIFO queue. A group's name may contain slashes. */
export const groupKey = (mailbox: string, group: string): string => `${mailbox}/${encodeURIComponent(group)}`;

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
