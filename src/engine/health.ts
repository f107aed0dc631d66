// Decides whether a silent engine is busy or hung. Pure; node-health.ts collects the observations.
//
// CLIENT PAUSE and long scripts silence PING on a healthy engine, and a stall of our own event loop silences all
// engines at once. So hung means: no answer, no turn of the engine's event loop and no progress for a whole detection
// window in which our own loop did not stall.

/** What was observed of one engine. All times are in milliseconds of one monotonic clock. */
export interface Vitals {
  startedAt: number;
  /** The last reply to a probe. */
  answeredAt?: number;
  /** What that reply said. */
  answer?: 'ready' | 'loading';
  /** When the process was last seen to use CPU; checked only while an answer is overdue. */
  progressedAt?: number;
  /** When the engine's event loop was last seen to turn while it answered no commands, as under CLIENT PAUSE. */
  turnedAt?: number;
  /** When our own event loop last stalled: silence before that proves nothing. */
  stalledAt?: number;
}

/**
 * A process that uses CPU, but whose event loop does not turn and that answers nothing for this long, counts as hung.
 */
export const BUSY_LIMIT_MS = 15_000;

/** The state of a running engine at the time `now`. */
export function judge(vitals: Vitals, now: number, failureDetectionMs: number): LiveState {
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

/** The states of a node whose process exists. */
export type LiveState = 'starting' | 'running' | 'busy' | 'hung';
