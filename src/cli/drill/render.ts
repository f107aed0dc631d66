// Renders a drill's report for people.

import type { DrillKind, DrillReport, Traffic } from './report.ts';

const CALL: Record<DrillKind, string> = {
  failover: 'TestFailover called',
  kill: 'the primary killed (SIGKILL)',
  switch: 'ModifyReplicationGroup called with another PrimaryClusterId',
  partition: 'the primary cut off from everything else',
};

const ACCEPTED: Partial<Record<DrillKind, string>> = {
  kill: 'signal sent',
  partition: 'packets are dropped',
};

const STALL_WORTH_TELLING_MS = 20;

/** Several lines of text. */
export function renderReport(report: DrillReport): string {
  const { timeline, member } = report;
  const events: [number | null, string][] = [
    [0, CALL[report.kind]],
    [timeline.accepted, ACCEPTED[report.kind] ?? 'API accepted'],
    [timeline.firstFailedWrite, 'first failed write'],
    [timeline.namePointsAway, `the endpoint no longer gives ${member}'s address`],
    [timeline.firstWriteAgain, 'first acknowledged write again'],
    ...(timeline.healed === undefined
      ? []
      : [[timeline.healed, 'packets pass again'] as [number | null, string]]),
    [timeline.replicaBack, `${member} is back as a replica`],
  ];
  const seen = events.filter((event): event is [number, string] => event[0] !== null);
  const unseen = events.filter(([at]) => at === null).map(([, what]) => what);
  seen.sort(([a], [b]) => a - b);
  return [
    `Drill of ${report.groupId}, node group ${report.nodeGroupId}`,
    '',
    `${'ms'.padStart(10)}  what happened`,
    ...seen.map(([at, what]) => `${at.toFixed(1).padStart(10)}  ${what}`),
    ...unseen.map((what) => `${'not seen'.padStart(10)}  ${what}`),
    '',
    `  Writes  ${renderTraffic(report.writes)}`,
    `  Reads   ${renderTraffic(report.reads)}`,
    `  Lost    ${report.lostWrites} of ${report.writes.succeeded} acknowledged writes`,
    ...(report.ownStallMs < STALL_WORTH_TELLING_MS
      ? []
      : ['', `This machine is busy: the drill itself was blocked for up to ${report.ownStallMs} ms.`]),
    ...(report.recovered ? [] : ['', 'The node group had not recovered when the drill ended.']),
  ].join('\n');
}

function renderTraffic({ succeeded, failed, longestGapMs, errors }: Traffic): string {
  const kinds = Object.entries(errors).map(([kind, count]) => `${count} ${kind}`);
  const failures = failed === 0 ? 'none failed' : `${failed} failed (${kinds.join(', ')})`;
  return `${succeeded} done, ${failures}, longest gap ${longestGapMs} ms`;
}
