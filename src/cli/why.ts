// `millpond why RESOURCE`: shows the desired and observed state, the next steps and the last events.

import { inspect } from 'node:util';
import { type ConfigFlags, parseConfig } from '../config.ts';
import { OperationalError } from '../kernel/errors.ts';
import { type CliContext, print } from './context.ts';
import { renderCut } from './fault.ts';
import { fetchWhy, runningInstance } from './running.ts';

/** Throws CommandFailed for an unknown resource. */
export async function why(
  context: CliContext,
  flags: ConfigFlags & { json?: boolean },
  resource: string,
): Promise<void> {
  const { json, ...configFlags } = flags;
  const { dataDir } = parseConfig(configFlags, context.env);
  const report = await fetchWhy(runningInstance(dataDir), resource);
  if (!report) throw new OperationalError('CommandFailed', `There is no resource ${resource}.`);
  if (json) return print(JSON.stringify(report, undefined, 2));
  const show = (value: unknown) => inspect(value, { depth: 8, compact: 3, breakLength: 110, sorted: false });
  print(`Desired\n${show(withoutDirectives(report.desired))}`);
  print(`\nObserved\n${show(report.observed)}`);
  print(`\nPlan\n${report.plan.map((step) => `  ${step}`).join('\n') || '  nothing to do'}`);
  if (report.waits.length > 0) print(`\nWaits\n${report.waits.map((line) => `  ${line}`).join('\n')}`);
  if (report.cuts.length > 0)
    print(`\nCuts of the network\n${report.cuts.map((cut) => `  ${renderCut(cut, Date.now())}`).join('\n')}`);
  print(`\nEvents\n${report.events.map((event) => `  ${event}`).join('\n') || '  none'}`);
}

/** Replaces the directives by their number: each member has some sixty, which would hide the rest. */
function withoutDirectives(desired: unknown): unknown {
  const shorten = (name: string, value: unknown) =>
    name === 'directives' ? `${Object.keys(value as object).length} of them; --json shows them` : value;
  return JSON.parse(JSON.stringify(desired, shorten));
}
