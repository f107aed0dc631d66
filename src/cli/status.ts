// `millpond status`: shows the running Millpond and its groups.

import { type ConfigFlags, parseConfig } from '../config.ts';
import type { GroupStatus, MillpondStatus } from '../status.ts';
import { type CliContext, print } from './context.ts';
import { localPages } from './deploy/local-page.ts';
import { stacksAt } from './deploy/stacks.ts';
import { renderCut } from './fault.ts';
import { feedLine } from './feed.ts';
import { fetchInstances, renderInstance } from './instances/fetch.ts';
import { callerOf } from './query-request.ts';
import { fetchStatus, runningInstance } from './running.ts';

/** Throws NotRunning, TimedOut or CommandFailed. */
export async function status(context: CliContext, flags: ConfigFlags & { json?: boolean }): Promise<void> {
  const { json, ...configFlags } = flags;
  const { dataDir } = parseConfig(configFlags, context.env);
  const record = runningInstance(dataDir);
  const running = await fetchStatus(record);
  // Asking for them would load EC2.
  const instances = running.hasInstances ? await fetchInstances(record) : [];
  const current = { dataDir, ...running, instances, pages: await pagesIn(running, context.env) };
  if (json) return print(JSON.stringify(current, undefined, 2));
  const engines = current.engines.map(({ engine, version }) => `${engine} ${version}`).join(', ');
  print(`Millpond ${current.version}, pid ${current.pid}`);
  print(`  API       ${current.url}   (default region ${current.region})`);
  print(`  DNS       ${current.dns.address}:${current.dns.port}   (names under ${current.domain})`);
  print(`  Network   ${current.network}   (${current.networkSummary})`);
  if (current.outside) print(`  Outside   ${renderOutside(current.outside)}`);
  print(`  Engines   ${engines || 'none'}`);
  print(`  Data      ${dataDir}`);
  for (const { stack, output, page } of current.pages) print(`  Page      ${page}   (${output} of ${stack})`);
  for (const cut of current.cuts) print(`  Cut       ${renderCut(cut, Date.now())}`);
  // An older Millpond may run, whose answer has none.
  for (const notice of current.notices ?? []) print(`  Note      ${notice}`);
  for (const instance of instances) print(`  Instance  ${renderInstance(instance)}`);
  if (current.groups.length === 0) print('\nNo replication groups yet.');
  for (const group of current.groups) print(`\n${renderGroup(group)}`);
  const { feeds = [] } = current;
  if (feeds.length > 0) print(`\n${feeds.map((feed) => `feed ${feedLine(feed)}`).join('\n')}`);
}

interface OutputPage {
  stack: string;
  output: string;
  page: string;
}

/** The pages of this Millpond for the outputs of stacks that are addresses of AWS's console. */
async function pagesIn(
  { url, region, hasStacks }: MillpondStatus,
  env: NodeJS.ProcessEnv,
): Promise<OutputPage[]> {
  // Asking for them would load CloudFormation.
  if (!hasStacks) return [];
  const caller = callerOf(env, undefined, region);
  const pages = localPages(url, caller);
  // Without them the rest of the status is still true.
  const stacks = await stacksAt(url, caller)
    .all()
    .catch(() => []);
  return stacks.flatMap(({ name, outputs }) =>
    outputs.flatMap((output) => {
      const page = pages(output.value);
      return page === undefined ? [] : [{ stack: name, output: output.name, page }];
    }),
  );
}

/** The way from machines to the outside, in a clause. */
function renderOutside(outside: NonNullable<MillpondStatus['outside']>): string {
  switch (outside.is) {
    case 'open':
      return `by ${outside.program}, pid ${outside.pid}`;
    case 'missing':
      return `machines do not reach it: ${outside.reason}`;
    case 'closed':
      return 'no machine has needed it yet';
  }
}

/** A group with its endpoints and members, as lines of text. */
export function renderGroup(group: GroupStatus): string {
  const asked = `${group.engine} ${group.engineVersion}`;
  const runs = `${group.runs.engine} ${group.runs.version}`;
  const mode = group.clusterEnabled ? 'cluster mode on' : 'cluster mode off';
  const lines = [`${group.id}   ${group.status}   ${group.region}   ${asked} (runs ${runs}), ${mode}`];
  for (const [kind, endpoint] of Object.entries(group.endpoints)) {
    if (endpoint) lines.push(`  ${kind.padEnd(14)} ${endpoint}`);
  }
  const idColumns = Math.max(...group.members.map(({ id }) => id.length), 14);
  for (const member of group.members) {
    const pid = member.pid === undefined ? '' : `   pid ${member.pid}`;
    const cutOff = member.isolated ? '   cut off' : '';
    lines.push(
      `  ${member.id.padEnd(idColumns)} ${member.role.padEnd(8)} ${member.state.padEnd(9)} ${member.address}${pid}${cutOff}`,
    );
  }
  return lines.join('\n');
}
