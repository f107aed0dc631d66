// `millpond ssm start-session --target i-…`: opens a shell on an instance, like the AWS CLI's command with its
// plugin. The shell runs in the instance; for one that is a record only it runs here, with the instance's name, region
// and credentials.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { OperationalError } from '../kernel/errors.ts';
import { randomHex } from '../kernel/ids.ts';
import type { MachineRequest } from '../status.ts';
import { type ExecOptions, execCommand } from './exec.ts';
import { fetchInside } from './instances/fetch.ts';
import type { HeldMachine } from './machine.ts';
import { callerOf, checkRegion, regionIn } from './query-request.ts';
import { type ConnectedInstance, findInstance, TargetNotConnected } from './session/instance.ts';
import { SESSION_DIRECTORY, sessionCommand, sessionEnvironment } from './session/shell.ts';

/** The flags of the command. */
export interface StartSessionFlags {
  target?: string;
  region?: string;
  /** One command instead of a shell. */
  command?: string;
}

/** A running Millpond, and how to open a machine there; absent where there are none. */
export type Surroundings = ExecOptions & {
  environment: NodeJS.ProcessEnv;
  machineAt?: ((wish: MachineRequest) => Promise<HeldMachine>) | undefined;
};

/** The AWS CLI's exit code when the service refuses. */
const REFUSED = 254;

/** Resolves to the exit code: the shell's or the command's own, or as `execCommand` when it cannot be started. */
export async function startSession(
  surroundings: Surroundings,
  { target, region, command }: StartSessionFlags,
): Promise<number> {
  if (!target) throw new OperationalError('InvalidOption', 'Say which instance: --target i-…');
  checkRegion(region);
  const { environment, endpointUrl } = surroundings;
  const caller = callerOf(environment, region, surroundings.region);
  const anyRegion = region === undefined && regionIn(environment) === undefined;
  try {
    const instance = await findInstance(endpointUrl, caller, target, anyRegion);
    const inside = await insideOf(endpointUrl, target, command);
    // AWS: the agent of the instance is not there yet.
    if (inside === 'boots') throw new TargetNotConnected(target, 'it is still booting.');
    const session = { ...instance, accessKeyId: caller.accessKeyId, command };
    return await open(surroundings, session, inside === 'record' ? undefined : inside);
  } catch (error) {
    if (!(error instanceof TargetNotConnected)) throw error;
    process.stderr.write(`\n${error.message}\nmillpond: ${error.because}\n`);
    return REFUSED;
  }
}

/** AWS: the agent's user is ssm-user; its shell starts in /usr/bin. */
const SESSION_USER = 'ssm-user';

/** See `fetchInside`. */
function insideOf(endpointUrl: string, instanceId: string, command: string | undefined) {
  const shell = sessionCommand('/bin/bash', command, isatty(0));
  const script = `cd ${SESSION_DIRECTORY}; PS1='sh-\\v$ '; HISTFILE=; export PS1 HISTFILE; exec "$@"`;
  const listening = { pid: 0, listening: { url: endpointUrl } };
  return fetchInside(listening, instanceId, SESSION_USER, ['/bin/sh', '-c', script, 'session', ...shell]);
}

/** On this terminal. Resolves to the exit code. */
async function runInside([program, ...args]: [string, ...string[]]): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit' });
  // The terminal sends them to the shell, too.
  const ignore = () => {};
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.on(signal, ignore);
  try {
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    return code ?? 128 + constants.signals[signal!];
  } finally {
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.off(signal, ignore);
  }
}

async function open(
  surroundings: Surroundings,
  session: Pick<ConnectedInstance, 'hostName' | 'region' | 'place'> & {
    accessKeyId: string;
    command: string | undefined;
  },
  inside: [string, ...string[]] | undefined,
): Promise<number> {
  const { hostName, region, command, place, accessKeyId } = session;
  const shell = ['/bin/bash', '/usr/bin/bash'].find((path) => existsSync(path)) ?? '/bin/sh';
  // AWS: the plugin writes this to standard output. With a command, standard output is for the command only.
  const say = (text: string) => (command === undefined ? process.stdout : process.stderr).write(text);
  // AWS: the user's name and 17 hexadecimal digits.
  const sessionId = `root-0${randomHex(16)}`;
  say(`\nStarting session with SessionId: ${sessionId}\n`);
  try {
    if (inside) return await runInside(inside);
    return await execCommand(
      {
        ...surroundings,
        region,
        openMachine:
          surroundings.machineAt && (() => surroundings.machineAt!({ region, accessKeyId, ...place })),
        environment: sessionEnvironment(surroundings.environment, { ...session, shell }),
        commandName: 'millpond ssm start-session',
        hostName,
        directory: SESSION_DIRECTORY,
      },
      sessionCommand(shell, command, isatty(0)),
    );
  } finally {
    say(`\n\nExiting session with sessionId: ${sessionId}.\n\n`);
  }
}
