// What a drill found, worked out from everything that was seen. Pure.

import type { Attempt } from './attempt.ts';

export type DrillKind = 'failover' | 'kill' | 'switch';

/** All that a drill saw, on its own clock in milliseconds. */
export interface Sightings {
  calledAt: number;
  acceptedAt: number;
  /** In the order in which they ended. */
  writes: readonly Attempt[];
  reads: readonly Attempt[];
  /** Absent: not seen before the end. */
  namePointsAwayAt?: number;
  replicaBackAt?: number;
  /** Acknowledged writes that were not found afterwards. */
  lost: number;
  /** The longest that the drill itself did not run, as on a busy machine. */
  ownStallMs: number;
}

export interface Traffic {
  attempts: number;
  succeeded: number;
  failed: number;
  /** The longest time without a success, from the call on. */
  longestGapMs: number;
  errors: Record<string, number>;
}

export interface DrillReport {
  groupId: string;
  nodeGroupId: string;
  kind: DrillKind;
  /** Who was primary before. */
  member: string;
  /** Milliseconds from the call; null for what was not seen. */
  timeline: {
    accepted: number;
    firstFailedWrite: number | null;
    namePointsAway: number | null;
    firstWriteAgain: number | null;
    replicaBack: number | null;
  };
  writes: Traffic;
  reads: Traffic;
  lostWrites: number;
  /** By so much the gaps may be the drill's own. */
  ownStallMs: number;
  /** Writes succeed again, and the member is back as a replica. */
  recovered: boolean;
}

export function reportOf(
  what: Pick<DrillReport, 'groupId' | 'nodeGroupId' | 'kind' | 'member'>,
  seen: Sightings,
): DrillReport {
  const after = seen.writes.filter((attempt) => attempt.endedAt >= seen.calledAt);
  const firstFailed = after.find((attempt) => attempt.error !== undefined);
  const again = firstFailed && firstSuccessAfterLastFailure(after);
  const since = (at: number | undefined) => (at === undefined ? null : round(at - seen.calledAt));
  return {
    ...what,
    timeline: {
      accepted: round(seen.acceptedAt - seen.calledAt),
      firstFailedWrite: since(firstFailed?.endedAt),
      namePointsAway: since(seen.namePointsAwayAt),
      firstWriteAgain: since(again?.endedAt),
      replicaBack: since(seen.replicaBackAt),
    },
    writes: trafficOf(seen.writes, seen.calledAt),
    reads: trafficOf(seen.reads, seen.calledAt),
    lostWrites: seen.lost,
    ownStallMs: round(seen.ownStallMs),
    recovered: seen.replicaBackAt !== undefined && after.at(-1)?.error === undefined && after.length > 0,
  };
}

function firstSuccessAfterLastFailure(attempts: readonly Attempt[]): Attempt | undefined {
  const lastFailure = attempts.findLastIndex((attempt) => attempt.error !== undefined);
  return attempts[lastFailure + 1];
}

function trafficOf(attempts: readonly Attempt[], from: number): Traffic {
  const failures = attempts.filter((attempt) => attempt.error !== undefined);
  const errors: Record<string, number> = {};
  for (const { error } of failures) errors[error!] = (errors[error!] ?? 0) + 1;
  return {
    attempts: attempts.length,
    succeeded: attempts.length - failures.length,
    failed: failures.length,
    longestGapMs: round(longestGap(attempts, from)),
    errors,
  };
}

/** Between two successes, of which the later one came after `from`; an end without success counts as one. */
function longestGap(attempts: readonly Attempt[], from: number): number {
  let longest = 0;
  let last = attempts[0]?.startedAt ?? from;
  for (const { endedAt, error } of attempts) {
    if (error !== undefined) continue;
    if (endedAt >= from) longest = Math.max(longest, endedAt - last);
    last = endedAt;
  }
  return Math.max(longest, (attempts.at(-1)?.endedAt ?? from) - last);
}

const round = (ms: number): number => Math.round(ms * 10) / 10;
