// The messages between the main thread and the threads that read, settle and query events (thread.ts).

import type { EventSelection, SelectedEvents } from './select-events.ts';
import type { SettleRequest, Settled } from './settle.ts';

/** Every request. A thread answers one at a time. */
export type Request = SettleRequest | EventSelection;

/** The answer to each kind of request. */
export interface Answers {
  settle: Settled;
  select: SelectedEvents;
}

/** How far a query is. Bytes as AWS counts them. */
export interface Progress {
  recordsMatched: number;
  recordsScanned: number;
  bytesScanned: number;
}

/** Messages from the thread: any number of `progress`, and then one of the others. */
export type FromThread =
  | { kind: 'progress'; progress: Progress }
  | { kind: 'answer'; answer: Answers[keyof Answers] }
  /** A bug, or a file that cannot be read. */
  | { kind: 'failed'; message: string };
