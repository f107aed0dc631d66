// What the messages of a queue offer, whichever type the queue has, and what the types share.

import type { Scope } from '../../aws/scope.ts';
import type { Message, Queue } from './domain/model.ts';
import type { Records } from './records.ts';

/** The approximate numbers of messages that GetQueueAttributes shows. */
export interface Counts {
  visible: number;
  delayed: number;
  inFlight: number;
}

/** What a receive asks for. */
export interface Wanted {
  /** From 1 to 10. */
  most: number;
  visibilitySeconds: number;
  /** FIFO queues only. */
  attemptId?: string | undefined;
}

/** What the sender of a message is told. */
export interface Sent extends Pick<Message, 'id' | 'sequence'> {
  /** An earlier message was told, because this one repeats it. */
  isDuplicate?: true;
}

/** What differs between the types of queues. Call all of it in a transaction. */
export interface MailboxType {
  /** Adds a message; `delaySeconds` is its own delay, where it has one. Returns what the sender is told. */
  add(scope: Scope, queue: Queue, message: Message, delaySeconds?: number): Sent;
  take(scope: Scope, queue: Queue, wanted: Wanted): Message[];
  nextDue(scope: Scope, queue: Queue): number | undefined;
  /** Replaces a stored message, with another due time for example. */
  replace(scope: Scope, before: Message, after: Message): void;
  remove(scope: Scope, message: Message): void;
  counts(scope: Scope, queue: Queue): Counts;
}

/** What the types of mailboxes share. */
export interface Shared {
  records: Records;
  now(): number;
  /** Tells receivers that wait: a message may become due before what they wait for. */
  announce(mailbox: string): void;
  /**
   * What becomes of a due message: it is received, or it is in the queue no longer because it was too old, or was
   * received too often.
   */
  receive(scope: Scope, queue: Queue, message: Message, visibilitySeconds: number): Message | undefined;
}
