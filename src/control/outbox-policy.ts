// How an outbox attempts what it has: rules as data, and what an attempt comes to.

import type { LaneRules } from './outbox-lanes.ts';

/** How often, and for how long, what failed is tried again. */
export interface Retries {
  /** In all, with the first one. */
  attempts: number;
  /** Before the second attempt, before the third and so on; the last one counts for all that come after it. */
  delaysMs: readonly number[];
  /** Since it was accepted: an attempt that would come later is not made. */
  retentionMs: number;
}

export interface OutboxPolicy extends LaneRules {
  retries: Retries;
  /** In one lane; what comes then is a dead letter at once. */
  mostWaiting: number;
  /** What takes longer has failed. Without it an attempt takes as long as it takes. */
  attemptMs?: number;
  /** How many dead letters are kept, the newest. */
  mostDeadLetters: number;
}

/** What came of an attempt. `retries` take the place of the policy's. */
export type Outcome =
  | { kind: 'done' }
  /** May succeed later. */
  | { kind: 'failed'; reason: string; retries?: Retries }
  /** Could not be attempted yet, which does not count as an attempt. */
  | { kind: 'not now'; reason: string; afterMs: number; retries?: Retries }
  /** Would never succeed. */
  | { kind: 'refused'; reason: string };

export const DONE: Outcome = { kind: 'done' };

/** Delays that double from the first to the last. */
export function doublingDelays(firstMs: number, lastMs: number): number[] {
  const delays: number[] = [];
  for (let delay = firstMs; delay < lastMs; delay *= 2) delays.push(delay);
  return [...delays, lastMs];
}
