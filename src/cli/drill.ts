// `millpond drill GROUP`: rehearses a failover with a writer and a reader that know only the endpoints' names, and
// says what they went through. Exits with 1 when acknowledged writes are lost or the group does not recover.

import { type ConfigFlags, parseConfig } from '../config.ts';
import { OperationalError } from '../kernel/errors.ts';
import { type CliContext, print, printError } from './context.ts';
import { rehearse } from './drill/rehearse.ts';
import { renderReport } from './drill/render.ts';
import type { DrillKind } from './drill/report.ts';
import { targetOf } from './drill/target.ts';
import { fetchStatus, runningInstance } from './running.ts';

export interface DrillFlags {
  /** `0001` when absent. */
  nodeGroup?: string;
  /** How long to watch after the call, 1 to 300; 60 when absent. It ends sooner once all has settled. */
  seconds?: string;
  /** `failover` when absent. */
  kind?: string;
  json?: boolean;
}

const KINDS: readonly string[] = ['failover', 'kill', 'switch'] satisfies DrillKind[];
const DEFAULT_SECONDS = '60';
const MAX_SECONDS = 300;

export async function drill(
  context: CliContext,
  {
    nodeGroup = '0001',
    seconds = DEFAULT_SECONDS,
    kind = 'failover',
    json,
    ...configFlags
  }: ConfigFlags & DrillFlags,
  groupId: string,
): Promise<void> {
  const watchMs = parseSeconds(seconds) * 1000;
  if (!KINDS.includes(kind)) {
    throw new OperationalError(
      'InvalidOption',
      `--kind must be one of ${KINDS.join(', ')}, not ${JSON.stringify(kind)}.`,
    );
  }
  const { dataDir } = parseConfig(configFlags, context.env);
  const { listening } = runningInstance(dataDir);
  const { groups, region } = await fetchStatus(runningInstance(dataDir));
  const named = groups.filter((group) => group.id === groupId);
  const group = named.find((one) => one.region === region) ?? named[0];
  const target = targetOf(group, groupId, nodeGroup);
  if (!json) printError(`drilling ${groupId}: writing and reading through its endpoints…`);
  const report = await rehearse(target, { kind: kind as DrillKind, watchMs, ...listening });
  print(json ? JSON.stringify(report, undefined, 2) : renderReport(report));
  context.exitWith(report.lostWrites === 0 && report.recovered ? 0 : 1);
}

function parseSeconds(text: string): number {
  const seconds = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= MAX_SECONDS) return seconds;
  throw new OperationalError(
    'InvalidOption',
    `--seconds must be a whole number from 1 to ${MAX_SECONDS}, not ${JSON.stringify(text)}.`,
  );
}
