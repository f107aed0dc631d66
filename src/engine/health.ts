// Is a silent engine busy or hung? A pure decision over what was seen of it; node-health.ts does the looking.
//
// CLIENT PAUSE and a long script silence PING on a healthy engine, and a stall of our own loop silences all of
// them at once. So hung means: no answer, no turn of the engine's loop, and no progress either, for a whole window of ours.

import type { NodeState } from './fleet.ts';

/** All times are of one monotonic clock, in milliseconds. */
export interface Vitals {
  startedAt: number;
  /** The last reply to a PING, of whatever kind. */
  answeredAt?: number;
  /** What that reply said. */
  answer?: 'ready' | 'loading';
  /** When the process was last seen to have run; looked at only while an answer is overdue. */
  progressedAt?: number;
  /** When the engine's loop was last seen to turn, though it answers no commands: as under CLIENT PAUSE. */
  turnedAt?: number;
  /** When our own loop last stalled: what happened before it proves nothing. */
  stalledAt?: number;
}

/** An engine that runs, whose loop does not turn, and that answers nothing after this long is given up. */
export const BUSY_LIMIT_MS = 15_000;

export function judge(vitals: Vitals, now: number, failureDetectionMs: number): NodeState & LiveState {
  const quietSince = Math.max(vitals.answeredAt ?? vitals.startedAt, vitals.stalledAt ?? 0);
  const quietMs = now - quietSince;
  if (quietMs < failureDetectionMs) return vitals.answer === 'ready' ? 'running' : 'starting';
  const turnedAt = vitals.turnedAt ?? Number.NEGATIVE_INFINITY;
  const stuckMs = now - Math.max(quietSince, vitals.progressedAt ?? 0, turnedAt);
  if (stuckMs >= failureDetectionMs) return 'hung';
  const turns = now - turnedAt < failureDetectionMs;
  if (!turns && quietMs >= Math.max(BUSY_LIMIT_MS, failureDetectionMs)) return 'hung';
  return vitals.answer === undefined ? 'starting' : 'busy';
}

/** The states of a node whose process lives. */
export type LiveState = 'starting' | 'running' | 'busy' | 'hung';
