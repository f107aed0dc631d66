// `millpond why RESOURCE`: what is wanted, what is seen, what comes next, what happened last.

import { inspect } from 'node:util';
import { type ConfigFlags, parseConfig } from '../config.ts';
import { OperationalError } from '../kernel/errors.ts';
import { type CliContext, print } from './context.ts';
import { fetchWhy, runningInstance } from './running.ts';

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
  print(`\nEvents\n${report.events.map((event) => `  ${event}`).join('\n') || '  none'}`);
}

/** Every member has some sixty of them: too many to read the rest by. */
function withoutDirectives(desired: unknown): unknown {
  const shorten = (name: string, value: unknown) =>
    name === 'directives' ? `${Object.keys(value as object).length} of them; --json shows them` : value;
  return JSON.parse(JSON.stringify(desired, shorten));
}
