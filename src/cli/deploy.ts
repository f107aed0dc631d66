// `millpond deploy TEMPLATE`: creates or updates a stack as `aws cloudformation package` and `deploy` do together,
// shows the progress and reports the result. The deployment itself is in deploy/.

import { basename, dirname, extname, resolve } from 'node:path';
import { type ConfigFlags, parseConfig } from '../config.ts';
import { OperationalError } from '../kernel/errors.ts';
import { type CliContext, print, printError } from './context.ts';
import { deployStack, type Outcome, type Progress } from './deploy/deployment.ts';
import { describeFailure } from './deploy/failure.ts';
import { liveView } from './deploy/live-view.ts';
import { type LocalPages, localPages, renderOutputs } from './deploy/local-page.ts';
import { lineProgress, quietProgress, secondsOf } from './deploy/progress.ts';
import { callerOf, checkRegion } from './query-request.ts';
import { fetchStatus, runningInstance } from './running.ts';

/** The flags of the command. */
export interface DeployFlags {
  stackName?: string;
  region?: string;
  /** Each is `Name=value`. */
  parameter?: readonly string[];
  /** Shows every resource even if the output is not a terminal. */
  watch?: boolean;
}

const INTERRUPTED = 130;

/** Ends with exit code 1 when the stack fails, 130 when interrupted. */
export async function deploy(
  context: CliContext,
  flags: Pick<ConfigFlags, 'dataDir'> & DeployFlags,
  file: string,
): Promise<void> {
  const { stackName = stackNameFor(file), parameter = [], watch = false, region, dataDir } = flags;
  const parameters = parametersIn(parameter);
  checkRegion(region);
  const instance = runningInstance(parseConfig({ dataDir }, context.env).dataDir);
  const { url, region: ownRegion } = await fetchStatus(instance);
  const startedAt = performance.now();
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt);
  const caller = callerOf(context.env, region, ownRegion);
  const outcome = await deployStack({
    url,
    caller,
    stackName,
    file,
    parameters,
    progress: progressOn(process.stdout, { watch }),
    signal: interrupted.signal,
  });
  context.exitWith(tell(outcome, stackName, performance.now() - startedAt, localPages(url, caller)));
}

/**
 * The progress display: a live view on a terminal (erased at the end if `passing`); elsewhere lines, if `watch` is
 * set.
 */
export function progressOn(
  output: NodeJS.WriteStream,
  { watch = false, passing = false }: { watch?: boolean; passing?: boolean },
): Progress {
  const isTerminal = output.isTTY && process.env.TERM !== 'dumb';
  if (isTerminal) return liveView(output, Date.now, passing);
  const write = (text: string) => void output.write(text);
  return watch ? lineProgress(write) : quietProgress(write);
}

/** Prints the outcome; returns the exit code. */
function tell(outcome: Outcome, stackName: string, tookMs: number, pages: LocalPages): number {
  switch (outcome.kind) {
    case 'unchanged':
      print(`${stackName} is up to date; nothing to do.`);
      break;
    case 'created':
    case 'updated':
      print(`${stackName} is ${outcome.stack.status} after ${secondsOf(tookMs)}.`);
      break;
    case 'left': {
      const status = outcome.stack?.status ?? 'not begun';
      printError(`stopped watching ${stackName} (${status}); run the same command again to continue.`);
      return INTERRUPTED;
    }
    case 'failed':
      printError(describeEnd(outcome, stackName));
      return 1;
  }
  const outputs = renderOutputs(outcome.stack, pages);
  if (outputs) print(`\n${outputs}`);
  return 0;
}

/** One sentence about a failed stack, with excerpts of the template. */
export function describeEnd(
  { stack, failure }: Extract<Outcome, { kind: 'failed' }>,
  stackName: string,
): string {
  return `${stackName} ended in ${stack.status}${failure ? `: ${describeFailure(failure)}` : '.'}`;
}

/** AWS: a name has letters, digits and hyphens. A file with a generic name gets the name of its folder. */
function stackNameFor(file: string): string {
  const bare = basename(file, extname(file));
  const name = /^(template|stack|main|index)$/i.test(bare) ? basename(dirname(resolve(file))) : bare;
  return name.replace(/[^A-Za-z0-9]+/g, '-').replace(/^[^A-Za-z]+|-+$/g, '') || 'stack';
}

function parametersIn(given: readonly string[]): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const one of given) {
    const equals = one.indexOf('=');
    if (equals <= 0) throw new OperationalError('InvalidOption', `--parameter ${one}: must be Name=value.`);
    parameters.set(one.slice(0, equals), one.slice(equals + 1));
  }
  return parameters;
}
