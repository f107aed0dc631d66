// The policy of an outbox as data, and the outcomes of an attempt.

import type { LaneRules } from './outbox-lanes.ts';

/** How often, and for how long, a failed entry is tried again. */
export interface Retries {
  /** The number of attempts, including the first one. */
  attempts: number;
  /** The delays before the second attempt, the third and so on. The last one applies to all further attempts. */
  delaysMs: readonly number[];
  /** The time since the entry was accepted after which no attempt is made. */
  retentionMs: number;
}

/** The limits of an outbox. */
export interface OutboxPolicy extends LaneRules {
  retries: Retries;
  /** Entries of one lane. Beyond it, a new entry is a dead letter at once. */
  mostWaiting: number;
  /** An attempt that takes longer has failed. Without it, attempts have no time limit. */
  attemptMs?: number;
  /** The number of dead letters to keep; the oldest are dropped. */
  mostDeadLetters: number;
}

/** The outcome of an attempt. `retries` overrides the policy's. */
export type Outcome =
  | { kind: 'done' }
  /** A later attempt may succeed. `detail` is for `redirect` alone: it is neither logged nor kept. */
  | { kind: 'failed'; reason: string; detail?: string; retries?: Retries }
  /** The attempt was not possible yet. It does not count. */
  | { kind: 'not now'; reason: string; afterMs: number; retries?: Retries }
  /** No attempt can succeed. */
  | { kind: 'refused'; reason: string };

/** The outcome of an attempt that did not succeed. */
export type Failure = Exclude<Outcome, { kind: 'done' }>;

/** The outcome of a successful attempt. */
export const DONE: Outcome = { kind: 'done' };

/** Delays that double from `firstMs` up to `lastMs`, which is the last one. */
export function doublingDelays(firstMs: number, lastMs: number): number[] {
  const delays: number[] = [];
  for (let delay = firstMs; delay < lastMs; delay *= 2) delays.push(delay);
  return [...delays, lastMs];
}
