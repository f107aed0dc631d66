// The messages of queues: sending, receiving, hiding, deleting and moving them to dead-letter queues. Every change is
// in the store before it is answered. There are no timers: a receive compares due times with the clock.

import { randomUUID } from 'node:crypto';
import type { Scope } from '../../aws/scope.ts';
import type { Clock } from '../../kernel/clock.ts';
import { randomHex } from '../../kernel/ids.ts';
import type { Store } from '../../store/store.ts';
import { LONGEST_VISIBILITY_SECONDS, numberOf } from './domain/attributes.ts';
import type { ReadMessage } from './domain/message-rules.ts';
import type { Message, Queue } from './domain/model.ts';
import { queueArn } from './domain/queue-names.ts';
import { readHandle } from './domain/receipt-handle.ts';
import { type RedrivePolicy, redrivePolicyOf } from './domain/redrive.ts';
import { beyondLimit, invalidReceiptHandle, notAvailable, tooManyInFlight } from './faults.ts';
import { dueText, findQueueByArn, messageKey, type Records, trackOf } from './records.ts';

/** AWS: the most messages of one queue in flight. */
const MOST_IN_FLIGHT = 120_000;
/** The most batches that one receive reads. A batch may consist of expired messages and dead letters only. */
const MOST_LOOKS = 100;

/** The approximate numbers of messages that GetQueueAttributes shows. */
export interface Counts {
  visible: number;
  delayed: number;
  inFlight: number;
}

/** The messages of all queues. Each queue has a mailbox; a purge gives it a new, empty one. */
export interface Mailboxes {
  /** Adds a message that becomes due after its delay. */
  put(scope: Scope, queue: Queue, message: ReadMessage, senderId: string): Message;
  /**
   * Returns at most `most` due messages and hides them. Messages that were received too often go to the dead-letter
   * queue. Throws OverLimit.
   */
  take(scope: Scope, queue: Queue, most: number, visibilitySeconds: number): Message[];
  /** When the next message becomes due, in milliseconds since the epoch; `undefined` if the queue is empty. */
  nextDue(scope: Scope, queue: Queue): number | undefined;
  /** Deletes the message. A handle that is not its newest deletes nothing. Throws ReceiptHandleIsInvalid. */
  delete(scope: Scope, queue: Queue, handle: string): void;
  /** Hides a message in flight for `seconds` from now. Throws ReceiptHandleIsInvalid, InvalidParameterValue. */
  hide(scope: Scope, queue: Queue, handle: string, seconds: number): void;
  counts(scope: Scope, queue: Queue): Counts;
  /** Moves a message to the queue `to`, where it is due at once. It is stored there as `after`. */
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
  let lastOrder = 0;

  /** Receivers that wait learn of it: the message may become due before what they wait for. */
  function write(scope: Scope, message: Message): Message {
    messages.put(scope, messageKey(message), message);
    store.afterCommit(() => onArrival(message.mailbox));
    return message;
  }

  function take(scope: Scope, queue: Queue, most: number, visibilitySeconds: number): Message[] {
    const now = clock.now();
    const policy = redrivePolicyOf(queue.attributes);
    const taken: Message[] = [];
    return store.transaction(() => {
      // Expired messages and dead letters are removed from the batch, so another batch may be needed. Every batch
      // shrinks the queue, so the loop ends.
      for (let looks = 0; taken.length < most && looks < MOST_LOOKS; looks++) {
        const due = dueMessages(scope, queue, now, most - taken.length);
        for (const message of due) {
          if (isExpired(queue, message, now)) messages.delete(scope, messageKey(message));
          else if (
            policy &&
            message.receives >= policy.maxReceiveCount &&
            moveToDeadLetters(scope, queue, message, policy)
          )
            continue;
          else taken.push(receive(scope, message, now, visibilitySeconds));
        }
        if (due.length === 0) break;
      }
      if (taken.length > 0 && isFull(scope, queue)) throw tooManyInFlight();
      return taken;
    });
  }

  /** A visibility timeout of zero hides the message for one millisecond, so that one receive cannot return it twice. */
  function receive(scope: Scope, message: Message, now: number, visibilitySeconds: number): Message {
    messages.delete(scope, messageKey(message));
    const received = {
      ...message,
      receives: message.receives + 1,
      firstReceivedAt: message.firstReceivedAt ?? now,
      lastReceivedAt: now,
      dueAt: now + Math.max(visibilitySeconds * 1_000, 1),
      receipt: randomHex(16),
    };
    messages.put(scope, messageKey(received), received);
    return received;
  }

  function dueMessages(scope: Scope, queue: Queue, now: number, limit: number): Message[] {
    const both = (['received', 'new'] as const).flatMap((track) =>
      messages.list(scope, { prefix: trackOf(queue.mailbox, track), limit }),
    );
    return both
      .filter(({ dueAt }) => dueAt <= now)
      .sort((a, b) => a.dueAt - b.dueAt || a.order - b.order)
      .slice(0, limit);
  }

  function moveToDeadLetters(scope: Scope, queue: Queue, message: Message, policy: RedrivePolicy): boolean {
    const to = findQueueByArn(records, policy.deadLetterTargetArn)?.queue;
    // A queue that is its own dead-letter queue would move the same messages forever.
    if (!to || to.mailbox === queue.mailbox) return false;
    move(scope, message, { ...message, deadLetterSource: queueArn(scope, queue.name) }, to);
    return true;
  }

  function move(scope: Scope, before: Message, after: Message, to: Queue): void {
    messages.delete(scope, messageKey(before));
    const { receipt: _, ...rest } = after;
    write(scope, { ...rest, mailbox: to.mailbox, dueAt: clock.now() });
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

  function counts(scope: Scope, { mailbox }: Queue): Counts {
    const now = clock.now();
    const later = (track: 'new' | 'received') => {
      const prefix = trackOf(mailbox, track);
      return messages.count(scope, prefix, prefix + dueText(now + 1));
    };
    const delayed = later('new');
    const inFlight = later('received');
    return { visible: messages.countBy(scope, 'mailbox', mailbox) - delayed - inFlight, delayed, inFlight };
  }

  const isFull = (scope: Scope, queue: Queue): boolean =>
    messages.countBy(scope, 'mailbox', queue.mailbox) > MOST_IN_FLIGHT &&
    counts(scope, queue).inFlight > MOST_IN_FLIGHT;

  return {
    put(scope, queue, { delaySeconds, ...message }, senderId) {
      const now = clock.now();
      const delay = delaySeconds ?? numberOf(queue, 'DelaySeconds');
      lastOrder += 1;
      return write(scope, {
        id: randomUUID(),
        mailbox: queue.mailbox,
        ...message,
        senderId,
        sentAt: now,
        dueAt: now + delay * 1_000,
        order: lastOrder,
        receives: 0,
      });
    },
    take,
    nextDue(scope, { mailbox }) {
      const next = (['received', 'new'] as const).flatMap((track) =>
        messages.list(scope, { prefix: trackOf(mailbox, track), limit: 1 }),
      );
      return next.length > 0 ? Math.min(...next.map(({ dueAt }) => dueAt)) : undefined;
    },
    delete(scope, queue, handle) {
      const message = found(scope, queue, handle);
      if (message) messages.delete(scope, messageKey(message));
    },
    hide(scope, queue, handle, seconds) {
      const message = found(scope, queue, handle);
      if (!message) throw notAvailable(handle);
      const now = clock.now();
      const since = message.lastReceivedAt ?? now;
      if (now + seconds * 1_000 > since + LONGEST_VISIBILITY_SECONDS * 1_000) {
        throw beyondLimit(seconds, LONGEST_VISIBILITY_SECONDS);
      }
      messages.delete(scope, messageKey(message));
      write(scope, { ...message, dueAt: now + seconds * 1_000 });
    },
    counts,
    move,
  };
}

/** Whether the retention period of a message is over. */
export const isExpired = (queue: Queue, { sentAt }: Message, now: number): boolean =>
  sentAt + numberOf(queue, 'MessageRetentionPeriod') * 1_000 <= now;
