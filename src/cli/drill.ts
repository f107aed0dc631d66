// `millpond drill GROUP`: rehearses a failover with a writer and a reader that know only endpoint names, and reports
// what they observed. Exits with 1 when acknowledged writes are lost or the group does not recover.

import { OperationalError } from '../kernel/errors.ts';
import type { MillpondStatus } from '../status.ts';
import { print, printError } from './context.ts';
import { longestApartMs, rehearse } from './drill/rehearse.ts';
import { renderReport } from './drill/render.ts';
import { DRILL_KINDS, type DrillKind } from './drill/report.ts';
import { targetOf } from './drill/target.ts';

/** The flags of the command. */
export interface DrillFlags {
  /** `0001` when absent. */
  nodeGroup?: string;
  /** How long to watch after the call, 1 to 300 seconds; 10 when absent. Ends earlier once everything has settled. */
  seconds?: string;
  /** `failover` when absent. */
  kind?: string;
  json?: boolean;
}

const MAX_SECONDS = 300;

/** Returns the exit code. Throws InvalidOption, or CommandFailed when the drill is impossible or refused. */
export async function drill(status: MillpondStatus, groupId: string, flags: DrillFlags): Promise<number> {
  const kind = parseKind(flags.kind ?? 'failover');
  const watchMs = parseSeconds(flags.seconds ?? '10') * 1000;
  if (kind === 'partition') checkPartition(watchMs, status.failureDetectionMs);
  const named = status.groups.filter((group) => group.id === groupId);
  const group = named.find(({ region }) => region === status.region) ?? named[0];
  const target = targetOf(group, groupId, flags.nodeGroup ?? '0001');
  if (!flags.json) printError(`drilling ${groupId}: writing and reading through its endpoints…`);
  const report = await rehearse(target, { kind, watchMs, url: status.url, dns: status.dns });
  print(flags.json ? JSON.stringify(report, undefined, 2) : renderReport(report));
  return report.lostWrites === 0 && report.recovered ? 0 : 1;
}

function parseKind(text: string): DrillKind {
  const kind = DRILL_KINDS.find((each) => each === text);
  if (kind) return kind;
  throw new OperationalError(
    'InvalidOption',
    `--kind must be failover, kill, switch or partition, not ${JSON.stringify(text)}.`,
  );
}

/** Throws InvalidOption when packets would pass again before the primary can have failed over. */
function checkPartition(watchMs: number, failureDetectionMs: number): void {
  if (longestApartMs(watchMs) > failureDetectionMs) return;
  const least = Math.ceil((2 * failureDetectionMs) / 1000);
  throw new OperationalError(
    'InvalidOption',
    `--kind partition fails over after ${failureDetectionMs / 1000} s at the earliest (--failure-detection-ms), and with --seconds ${watchMs / 1000} packets pass again before; use --seconds ${least} or more.`,
  );
}

function parseSeconds(text: string): number {
  const seconds = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= MAX_SECONDS) return seconds;
  throw new OperationalError(
    'InvalidOption',
    `--seconds must be a whole number from 1 to ${MAX_SECONDS}, not ${JSON.stringify(text)}.`,
  );
}
