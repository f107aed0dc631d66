// `millpond start` (and `npm start`): runs Millpond in the foreground with the stack of the first walkthrough and
// suggestions for it. A later start continues with the same state.

import { relative } from 'node:path';
import { type ConfigFlags, parseConfig } from '../config.ts';
import { OperationalError } from '../kernel/errors.ts';
import { type CliContext, print, printError } from './context.ts';
import { type InstanceRecord, isHeld } from './data-directory.ts';
import { availableGroup, createDemoGroup } from './demo/group.ts';
import { DEMO, demoTemplate, deployDemo } from './demo/stack.ts';
import { suggestions } from './demo/suggestions.ts';
import type { Stack } from './deploy/stacks.ts';
import { describeEnd } from './deploy.ts';
import { type Caller, callerOf } from './query-request.ts';
import { fetchStatus, runningInstance } from './running.ts';
import { renderGroup } from './status.ts';
import { describe, upUntilSignal } from './up.ts';

const AVAILABLE_TIMEOUT_MS = 120_000;

/** Shows the demo of a running Millpond, if one runs. */
export async function start(context: CliContext, flags: ConfigFlags): Promise<void> {
  const { dataDir } = parseConfig(flags, context.env);
  if (isHeld(dataDir)) {
    printError('it is already running; this does not change it.');
    return await showDemo(context, runningInstance(dataDir), dataDir, new AbortController().signal);
  }
  await upUntilSignal(context, flags, async ({ record, ending, serving }) => {
    await showDemo(context, record, dataDir, ending, serving);
    if (!ending.aborted) print('\nCtrl-C stops everything and keeps the data.');
  });
}

async function showDemo(
  { env }: CliContext,
  instance: Required<InstanceRecord>,
  dataDir: string,
  ending: AbortSignal,
  serving?: Promise<string | undefined>,
): Promise<void> {
  print(`${describe(instance, dataDir)}\n`);
  const late = await serving;
  if (late) printError(late);
  const { url } = instance.listening;
  const caller = callerOf(env, undefined, (await fetchStatus(instance)).region);
  const template = demoTemplate();
  const stack = template ? await demoStack(url, caller, template, ending) : undefined;
  if (ending.aborted) return;
  const outputs = Object.fromEntries(stack?.outputs.map(({ name, value }) => [name, value]) ?? []);
  const groupId = outputs.Group ?? (await createDemoGroup(url, caller));
  const waiting = AbortSignal.any([ending, AbortSignal.timeout(AVAILABLE_TIMEOUT_MS)]);
  const group = await availableGroup({ instance, dataDir }, groupId, caller.region, waiting);
  if (!group) return;
  print(`\n${renderGroup(group)}`);
  const { FunctionUrl, InstanceId } = outputs;
  if (FunctionUrl) print(`  function       ${FunctionUrl}`);
  if (InstanceId) print(`  instance       ${InstanceId}`);
  const around = {
    ...{ dataDir, outputs },
    template: stack && template && relative(process.cwd(), template),
  };
  print(`\n${suggestions(group, around)}`);
}

/** Deploys the demo stack. `undefined` after an error message when it fails: a group alone is still useful. */
async function demoStack(
  url: string,
  caller: Caller,
  template: string,
  ending: AbortSignal,
): Promise<Stack | undefined> {
  let why: string;
  try {
    const outcome = await deployDemo(url, caller, template, ending);
    if (outcome.kind !== 'failed') return outcome.stack;
    why = describeEnd(outcome, `The stack ${DEMO}`);
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    why = error.message;
  }
  if (!ending.aborted) printError(`${why}\nContinuing with a replication group only.`);
  return undefined;
}
