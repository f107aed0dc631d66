// `millpond open [OUTPUT]`: prints where an output of a stack leads on this machine, and opens it in the browser.

import { spawn } from 'node:child_process';
import { isConsoleAddress } from '../aws/console-address.ts';
import { type ConfigFlags, parseConfig } from '../config.ts';
import { OperationalError } from '../kernel/errors.ts';
import { type CliContext, print } from './context.ts';
import { type LocalPages, localPages } from './deploy/local-page.ts';
import { type Stack, type Stacks, stacksAt } from './deploy/stacks.ts';
import { ApiError, callerOf, checkRegion } from './query-request.ts';
import { fetchStatus, runningInstance } from './running.ts';

/** The flags of the command. */
export interface OpenFlags {
  stackName?: string;
  region?: string;
  /** Opens no browser. */
  print?: boolean;
}

/** Without an output, the list of dashboards. Throws NotRunning, InvalidOption, CommandFailed or TimedOut. */
export async function open(
  context: CliContext,
  flags: Pick<ConfigFlags, 'dataDir'> & OpenFlags,
  output?: string,
): Promise<void> {
  const { stackName, region, dataDir } = flags;
  checkRegion(region);
  const { url, region: ownRegion } = await fetchStatus(
    runningInstance(parseConfig({ dataDir }, context.env).dataDir),
  );
  const caller = callerOf(context.env, region, ownRegion);
  const pages = localPages(url, caller);
  const address =
    output === undefined
      ? pages(DASHBOARDS)!
      : addressIn(await findOutput(stacksAt(url, caller), output, stackName), output, pages);
  print(address);
  if (!flags.print) openInBrowser(address, context.env);
}

const DASHBOARDS = 'https://console.aws.amazon.com/cloudwatch/home#dashboards:';

/** The value of the output, in the stack of this name or in the only one that has it. */
async function findOutput(stacks: Stacks, output: string, stackName: string | undefined): Promise<string> {
  const found = await asOperational(() =>
    stackName === undefined ? stacks.all() : stacks.describe(stackName).then((one) => (one ? [one] : [])),
  );
  if (stackName !== undefined && found.length === 0) throw failed(`There is no stack ${stackName}.`);
  const holders = found.filter((stack) => valueIn(stack, output) !== undefined);
  if (holders.length > 1) {
    const names = holders.map(({ name }) => name).join(', ');
    throw failed(`Several stacks have an output ${output}: ${names}. --stack-name chooses one.`);
  }
  const value = holders[0] && valueIn(holders[0], output);
  if (value !== undefined) return value;
  const outputs = [...new Set(found.flatMap((stack) => stack.outputs.map(({ name }) => name)))];
  const known = outputs.length > 0 ? `The outputs are ${outputs.join(', ')}.` : 'There are no outputs.';
  throw failed(`${stackName ?? 'No stack'} has ${stackName ? 'no' : 'an'} output ${output}. ${known}`);
}

const valueIn = ({ outputs }: Stack, output: string): string | undefined =>
  outputs.find(({ name }) => name === output)?.value;

function addressIn(value: string, output: string, pages: LocalPages): string {
  const page = pages(value);
  if (page !== undefined) return page;
  if (isConsoleAddress(value))
    throw failed(`${output} is a page of AWS's console that Millpond does not have: ${value}`);
  if (/^https?:\/\//i.test(value) && URL.canParse(value)) return value;
  throw failed(`${output} is not an address, but ${JSON.stringify(value.slice(0, 200))}.`);
}

async function asOperational<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ApiError) throw failed(`${error.code}: ${error.message}`, error);
    throw error;
  }
}

const failed = (sentence: string, cause?: unknown) => new OperationalError('CommandFailed', sentence, cause);

/** Where there is one. The address has been printed, so a browser that does not start is no failure. */
function openInBrowser(address: string, env: NodeJS.ProcessEnv): void {
  const program = browserOpener(process.platform, env);
  if (!program) return;
  const child = spawn(program, [address], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}

/** The program that opens addresses; `undefined` without a desktop. */
export function browserOpener(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string | undefined {
  if (platform === 'darwin') return 'open';
  return env.DISPLAY || env.WAYLAND_DISPLAY ? 'xdg-open' : undefined;
}
