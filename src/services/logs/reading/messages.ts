// The messages between the main thread and the threads that read, settle and query events (thread.ts).

import type { Progress, QueryOutcome, QueryRequest } from '../insights/run-query.ts';
import type { FieldCounts, FieldsRequest, RecordRequest } from './read-fields.ts';
import type { EventSelection, SelectedEvents } from './select-events.ts';
import type { Settled, SettleRequest } from './settle.ts';

/** Every request. A thread answers one at a time. */
export type Request = SettleRequest | EventSelection | FieldsRequest | RecordRequest | QueryRequest;

/** The answer to each kind of request. */
export interface Answers {
  settle: Settled;
  select: SelectedEvents;
  fields: FieldCounts;
  record: Record<string, string> | undefined;
  query: QueryOutcome;
}

/** Messages from the thread: any number of `progress`, and then one of the others. */
export type FromThread =
  | { kind: 'progress'; progress: Progress }
  | { kind: 'answer'; answer: Answers[keyof Answers] }
  /** A query that would hold more memory than it may. */
  | { kind: 'too much'; message: string }
  /** A bug, or a file that cannot be read. */
  | { kind: 'failed'; message: string };
