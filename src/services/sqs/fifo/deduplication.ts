// What FIFO queues remember of the last five minutes: the deduplication ids of messages, and the answers to receives
// with a ReceiveRequestAttemptId.

import type { Scope } from '../../../aws/scope.ts';
import type { Collection } from '../../../store/store.ts';
import type { Message, Queue, ReceiveAttempt, SentBefore } from '../domain/model.ts';
import { dueText, groupKey, type Records } from '../records.ts';

/** AWS: for so long a message with the same deduplication id, or a receive with the same attempt id, is a repetition. */
export const DEDUPLICATION_MS = 5 * 60 * 1_000;
/** More than one operation adds, so that in the end everything that is over is deleted. */
const FORGOTTEN_AT_ONCE = 3;

type Identified = Pick<Message, 'groupId' | 'deduplicationId'>;

/** The message with this deduplication id that was sent less than five minutes before `now`. */
export function sentBefore(
  records: Pick<Records, 'sentBefore'>,
  scope: Scope,
  queue: Queue,
  { message, now }: { message: Identified; now: number },
): SentBefore | undefined {
  return recent(records.sentBefore, scope, sentKey(queue, message), now);
}

/** Remembers a message that was sent. Call it in the transaction that stores the message. */
export function rememberSent(
  records: Pick<Records, 'sentBefore'>,
  scope: Scope,
  queue: Queue,
  message: Message,
): void {
  add(records.sentBefore, scope, {
    key: sentKey(queue, message),
    mailbox: queue.mailbox,
    messageId: message.id,
    sequence: message.sequence!,
    at: message.sentAt,
  });
}

/** The answer to a receive with this attempt id less than five minutes before `now`. */
export function attemptBefore(
  records: Pick<Records, 'attempts'>,
  scope: Scope,
  { mailbox }: Queue,
  { attemptId, now }: { attemptId: string; now: number },
): ReceiveAttempt | undefined {
  return recent(records.attempts, scope, groupKey(mailbox, attemptId), now);
}

/** Remembers the answer to a receive. Call it in the transaction that takes the messages. */
export function rememberAttempt(
  records: Pick<Records, 'attempts'>,
  scope: Scope,
  { mailbox }: Queue,
  { attemptId, ...answer }: Pick<ReceiveAttempt, 'at' | 'messages'> & { attemptId: string },
): void {
  add(records.attempts, scope, { key: groupKey(mailbox, attemptId), mailbox, ...answer });
}

/** AWS: DeduplicationScope says whether an id is one of the queue or of its group. */
function sentKey({ mailbox, attributes }: Queue, { groupId = '', deduplicationId = '' }: Identified): string {
  const group = attributes.DeduplicationScope === 'messageGroup' ? groupId : '';
  return `${groupKey(mailbox, group)}/${deduplicationId}`;
}

function recent<T extends { at: number }>(
  collection: Collection<T>,
  scope: Scope,
  key: string,
  now: number,
): T | undefined {
  const found = collection.get(scope, key);
  return found && found.at + DEDUPLICATION_MS > now ? found : undefined;
}

function add<T extends SentBefore | ReceiveAttempt>(collection: Collection<T>, scope: Scope, value: T): void {
  const prefix = `${value.mailbox}/`;
  const over = `${prefix}${dueText(value.at - DEDUPLICATION_MS)}`;
  for (const { key, value: old } of collection.inOrderOf(scope, 'age', {
    prefix,
    limit: FORGOTTEN_AT_ONCE,
  })) {
    if (key <= over) collection.delete(scope, old.key);
  }
  collection.put(scope, value.key, value);
}
