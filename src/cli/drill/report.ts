// Computes a drill's report from everything that was observed. Pure.

import type { Attempt } from './attempt.ts';

/** How the primary is removed: TestFailover, SIGKILL, a planned promotion, or a cut of the network around it. */
export type DrillKind = (typeof DRILL_KINDS)[number];

/** All kinds; the first is the default. */
export const DRILL_KINDS = ['failover', 'kill', 'switch', 'partition'] as const;

/** Everything that a drill observed, in milliseconds of its own clock. */
export interface Sightings {
  calledAt: number;
  acceptedAt: number;
  /** In the order of their ends. */
  writes: readonly Attempt[];
  reads: readonly Attempt[];
  /** The end of the cut, in a partition. */
  healedAt?: number;
  /** Absent when not observed before the end. */
  namePointsAwayAt?: number;
  replicaBackAt?: number;
  /** The number of acknowledged writes that were not found afterwards. */
  lost: number;
  /** The longest time that the drill itself was blocked, as on a busy machine. */
  ownStallMs: number;
}

/** Statistics of reads or writes. */
export interface Traffic {
  attempts: number;
  succeeded: number;
  failed: number;
  /** The longest time without a success after the call. */
  longestGapMs: number;
  errors: Record<string, number>;
}

/** The result of a drill. */
export interface DrillReport {
  groupId: string;
  nodeGroupId: string;
  kind: DrillKind;
  /** The member that was primary at the start. */
  member: string;
  /** Milliseconds after the call; null when not observed. */
  timeline: {
    accepted: number;
    firstFailedWrite: number | null;
    namePointsAway: number | null;
    firstWriteAgain: number | null;
    /** Only in a partition: packets pass again. */
    healed?: number | null;
    replicaBack: number | null;
  };
  writes: Traffic;
  reads: Traffic;
  lostWrites: number;
  /** Gaps may be longer by this much because the drill itself was blocked. */
  ownStallMs: number;
  /** Whether writes succeed again and the member is back as a replica. */
  recovered: boolean;
}

/** The report of one drill. */
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
      ...(what.kind === 'partition' && { healed: since(seen.healedAt) }),
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

/** The longest time between two successes, the later one after `from`. The end counts as a success. */
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
