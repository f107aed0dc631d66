// The messages of queues: sending, receiving, hiding, deleting and moving them to dead-letter queues. Every change is
// in the store before it is answered. There are no timers: a receive compares due times with the clock. What differs
// between standard and FIFO queues is in `standard-mailbox.ts` and `fifo/mailbox.ts`.

import { randomUUID } from 'node:crypto';
import type { Scope } from '../../aws/scope.ts';
import type { Clock } from '../../kernel/clock.ts';
import { randomHex } from '../../kernel/ids.ts';
import type { Store } from '../../store/store.ts';
import { LONGEST_VISIBILITY_SECONDS, numberOf } from './domain/attributes.ts';
import type { ReadMessage } from './domain/message-rules.ts';
import type { Message, Queue } from './domain/model.ts';
import { isFifoName, queueArn } from './domain/queue-names.ts';
import { readHandle } from './domain/receipt-handle.ts';
import { redrivePolicyOf } from './domain/redrive.ts';
import { beyondLimit, handleExpired, invalidReceiptHandle, notAvailable } from './faults.ts';
import { fifoMailbox } from './fifo/mailbox.ts';
import type { Counts, MailboxType, Sent, Shared, Wanted } from './mailbox-type.ts';
import { findQueueByArn, messageKey, type Records } from './records.ts';
import { standardMailbox } from './standard-mailbox.ts';

/** The messages of all queues. Each queue has a mailbox; a purge gives it a new, empty one. */
export interface Mailboxes {
  /** Adds a message that becomes due after its delay. A duplicate in a FIFO queue returns the first one's id. */
  put(scope: Scope, queue: Queue, message: ReadMessage, senderId: string): Sent;
  /**
   * Returns at most `most` due messages and hides them. Messages that were received too often go to the dead-letter
   * queue. Throws OverLimit.
   */
  take(scope: Scope, queue: Queue, wanted: Wanted): Message[];
  /** When the next message becomes due, in milliseconds since the epoch; `undefined` if the queue is empty. */
  nextDue(scope: Scope, queue: Queue): number | undefined;
  /** Deletes the message. A handle that is not its newest deletes nothing. Throws ReceiptHandleIsInvalid. */
  delete(scope: Scope, queue: Queue, handle: string): void;
  /** Deletes a message that can no longer be received. */
  discard(scope: Scope, message: Message): void;
  /** Hides a message in flight for `seconds` from now. Throws ReceiptHandleIsInvalid, InvalidParameterValue. */
  hide(scope: Scope, queue: Queue, handle: string, seconds: number): void;
  counts(scope: Scope, queue: Queue): Counts;
  /** Moves a message to another queue of the same type, as `after` says, where it is due at once. */
  move(scope: Scope, before: Message, after: Message, to: Queue): void;
}

/** What the mailboxes need. */
export interface MailboxOptions {
  store: Store;
  records: Records;
  clock: Clock;
  /** Called after the commit with a mailbox that may have a due message. */
  onArrival(mailbox: string): void;
}

/** Opens the messages in the store. */
export function openMailboxes({ store, records, clock, onArrival }: MailboxOptions): Mailboxes {
  const { messages } = records;
  const shared: Shared = {
    records,
    now: () => clock.now(),
    announce: (mailbox) => store.afterCommit(() => onArrival(mailbox)),
    receive,
  };
  const standard = standardMailbox(shared);
  const fifo = fifoMailbox(shared);
  const typeOf = ({ name }: Pick<Queue, 'name'>): MailboxType => (isFifoName(name) ? fifo : standard);
  const typeOfMessage = ({ sequence }: Message): MailboxType => (sequence === undefined ? standard : fifo);

  /** A visibility timeout of zero hides the message for one millisecond, so that one receive cannot return it twice. */
  function receive(scope: Scope, queue: Queue, message: Message, seconds: number): Message | undefined {
    const now = clock.now();
    if (isExpired(queue, message, now)) {
      messages.delete(scope, messageKey(message));
      return undefined;
    }
    if (moveToDeadLetters(scope, queue, message)) return undefined;
    const received = {
      ...message,
      receives: message.receives + 1,
      firstReceivedAt: message.firstReceivedAt ?? now,
      lastReceivedAt: now,
      dueAt: now + Math.max(seconds * 1_000, 1),
      receipt: randomHex(16),
    };
    messages.delete(scope, messageKey(message));
    messages.put(scope, messageKey(received), received);
    return received;
  }

  function moveToDeadLetters(scope: Scope, queue: Queue, message: Message): boolean {
    const policy = redrivePolicyOf(queue.attributes);
    if (!policy || message.receives < policy.maxReceiveCount) return false;
    const to = findQueueByArn(records, policy.deadLetterTargetArn)?.queue;
    // A queue that is its own dead-letter queue would move the same messages forever.
    if (!to || to.mailbox === queue.mailbox) return false;
    messages.delete(scope, messageKey(message));
    arrive(scope, { ...message, deadLetterSource: queueArn(scope, queue.name) }, to);
    return true;
  }

  function arrive(scope: Scope, message: Message, to: Queue): void {
    const { receipt: _, ...rest } = message;
    typeOf(to).add(scope, to, { ...rest, mailbox: to.mailbox });
  }

  /** The message, if this is its newest handle. Throws ReceiptHandleIsInvalid for the handle of another queue. */
  function found(scope: Scope, { mailbox }: Queue, handle: string): Message | undefined {
    const receipt = readHandle(handle);
    const [message] = messages.by(scope, 'id', receipt.messageId);
    if (message?.mailbox === mailbox) return message.receipt === receipt.receipt ? message : undefined;
    // A handle from before a purge, or of a message that moved to another queue, is well-formed and deletes nothing.
    if (message && receipt.mailbox !== mailbox) throw invalidReceiptHandle();
    return undefined;
  }

  const isFifoAndVisible = ({ sequence, dueAt }: Message): boolean =>
    sequence !== undefined && dueAt <= clock.now();

  return {
    put(scope, queue, { delaySeconds, ...message }, senderId) {
      const now = clock.now();
      const whole = { id: randomUUID(), mailbox: queue.mailbox, ...message, senderId, sentAt: now };
      const delay = delaySeconds ?? numberOf(queue, 'DelaySeconds');
      return typeOf(queue).add(scope, queue, { ...whole, dueAt: now, order: 0, receives: 0 }, delay);
    },
    take: (scope, queue, wanted) => store.transaction(() => typeOf(queue).take(scope, queue, wanted)),
    nextDue: (scope, queue) => typeOf(queue).nextDue(scope, queue),
    delete(scope, queue, handle) {
      const message = found(scope, queue, handle);
      if (message && isFifoAndVisible(message)) throw handleExpired(handle);
      if (message) typeOf(queue).remove(scope, message);
    },
    discard: (scope, message) => typeOfMessage(message).remove(scope, message),
    hide(scope, queue, handle, seconds) {
      const message = found(scope, queue, handle);
      if (!message || isFifoAndVisible(message)) throw notAvailable(handle);
      const now = clock.now();
      const since = message.lastReceivedAt ?? now;
      if (now + seconds * 1_000 > since + LONGEST_VISIBILITY_SECONDS * 1_000) {
        throw beyondLimit(seconds, LONGEST_VISIBILITY_SECONDS);
      }
      typeOf(queue).replace(scope, message, { ...message, dueAt: now + seconds * 1_000 });
      shared.announce(queue.mailbox);
    },
    counts: (scope, queue) => typeOf(queue).counts(scope, queue),
    move(scope, before, after, to) {
      typeOfMessage(before).remove(scope, before);
      arrive(scope, after, to);
    },
  };
}

/** Whether the retention period of a message is over. */
export const isExpired = (queue: Queue, { sentAt }: Message, now: number): boolean =>
  sentAt + numberOf(queue, 'MessageRetentionPeriod') * 1_000 <= now;
