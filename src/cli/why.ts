// `millpond why RESOURCE`: shows the desired and observed state, the next steps and the last events.

import { inspect } from 'node:util';
import { type ConfigFlags, parseConfig } from '../config.ts';
import { OperationalError } from '../kernel/errors.ts';
import { type CliContext, print } from './context.ts';
import { renderCut } from './fault.ts';
import { renderFeed } from './feed.ts';
import { fetchInstances, renderInstance } from './instances/fetch.ts';
import { fetchWhy, type Listening, runningInstance } from './running.ts';

/** Throws CommandFailed for an unknown resource. */
export async function why(
  context: CliContext,
  flags: ConfigFlags & { json?: boolean },
  resource: string,
): Promise<void> {
  const { json, ...configFlags } = flags;
  const { dataDir } = parseConfig(configFlags, context.env);
  const running = runningInstance(dataDir);
  if (/^i-[0-9a-f]+$/.test(resource)) return whyInstance(running, resource, json);
  const report = await fetchWhy(running, resource);
  if (!report) throw new OperationalError('CommandFailed', `There is no resource ${resource}.`);
  if (json) return print(JSON.stringify(report, undefined, 2));
  const show = (value: unknown) => inspect(value, { depth: 8, compact: 3, breakLength: 110, sorted: false });
  print(`Desired\n${show(withoutDirectives(report.desired))}`);
  print(`\nObserved\n${show(report.observed)}`);
  print(`\nPlan\n${report.plan.map((step) => `  ${step}`).join('\n') || '  nothing to do'}`);
  if (report.waits.length > 0) print(`\nWaits\n${report.waits.map((line) => `  ${line}`).join('\n')}`);
  const { feeds = [] } = report;
  if (feeds.length > 0) print(`\nFeeds\n${feeds.map((feed) => renderFeed(feed)).join('\n')}`);
  if (report.cuts.length > 0)
    print(`\nCuts of the network\n${report.cuts.map((cut) => `  ${renderCut(cut, Date.now())}`).join('\n')}`);
  print(`\nEvents\n${report.events.map((event) => `  ${event}`).join('\n') || '  none'}`);
}

/** An instance: its state, the reason, and what is waited for. */
async function whyInstance(running: Listening, id: string, json: boolean | undefined): Promise<void> {
  const found = (await fetchInstances(running)).find(({ instanceId }) => instanceId === id);
  if (!found) throw new OperationalError('CommandFailed', `There is no instance ${id}.`);
  if (json) return print(JSON.stringify(found, undefined, 2));
  print(renderInstance(found));
  if (found.reason !== undefined) print(`Reason   ${found.reason}`);
  if (found.waits !== undefined) print(`Waits    ${found.waits}`);
}

/** Replaces the directives by their number: each member has some sixty, which would hide the rest. */
function withoutDirectives(desired: unknown): unknown {
  const shorten = (name: string, value: unknown) =>
    name === 'directives' ? `${Object.keys(value as object).length} of them; --json shows them` : value;
  return JSON.parse(JSON.stringify(desired, shorten));
}
