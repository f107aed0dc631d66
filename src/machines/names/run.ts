// Runs one command for which Millpond's names resolve. It has the caller's standard streams, terminal and signals,
// and its exit code is returned. The public interface of this folder.

import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { isatty } from 'node:tty';
import { commandOn } from '../../kernel/command-name.ts';
import { OperationalError } from '../../kernel/errors.ts';
import type { Cover, MachineNames } from '../machine.ts';
import { type Caller, commandLine, findWay, type Way, wayInto } from './namespace.ts';
import { nameSource, openView } from './open-view.ts';
import { createView, type View } from './view.ts';

/** How to run the command. */
export interface NamesOptions extends MachineNames {
  /** The command's whole environment. */
  environment: NodeJS.ProcessEnv;
  /** Further files to replace for the command. */
  covers?: readonly Cover[];
  /** The standard streams; `inherit` by default. */
  stdio?: StdioOptions;
  /** The words that run a command in a machine, where all mounts are allowed. This host's network by default. */
  enter?: readonly string[] | undefined;
  /** The host name that the command sees, where possible. */
  hostName?: string;
  /** The working directory; the caller's by default. */
  directory?: string;
  /** Millpond's data directory, for advice; the default one when absent. */
  dataDir?: string | undefined;
}

const FORWARDED: NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];
/** A terminal sends these to the whole foreground group, including the command. */
const FROM_TERMINAL: NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];

/**
 * Resolves to the command's exit code, or 128 + the number of the signal that ended it. Rejects with
 * NameResolution when names cannot be made to resolve here, before the command is started.
 */
export async function runWithNames(command: readonly string[], options: NamesOptions): Promise<number> {
  const caller = callerOf(options.environment, options.dataDir);
  const source = await nameSource(options);
  const way = options.enter
    ? wayInto(options.enter, caller, options.hostName)
    : await findWay(caller, () => createView(source), options.hostName);
  const view = await openView(options, options.covers);
  try {
    return await run(way, view, command, options);
  } finally {
    await view.dispose();
  }
}

/** The way in which a command would get names here, for `doctor`. Rejects as runWithNames does. */
export async function probeNames(dnsAddress: string, dataDir?: string): Promise<Way['name']> {
  const caller = callerOf(process.env, dataDir);
  const way = await findWay(caller, () => createView({ nameserver: dnsAddress }));
  return way.name;
}

function callerOf(environment: NodeJS.ProcessEnv, dataDir: string | undefined): Caller {
  if (process.platform !== 'linux' || !process.getuid || !process.getgid) {
    throw new OperationalError(
      'NameResolution',
      `Only Linux can give one command its own names; run \`${commandOn(dataDir, 'dns install')}\` to make this machine resolve them.`,
    );
  }
  return { uid: process.getuid(), gid: process.getgid(), environment, dataDir };
}

function run(way: Way, view: View, command: readonly string[], options: NamesOptions): Promise<number> {
  const [program, ...args] = commandLine(way, view, command);
  const stopPassing: (() => void)[] = [];
  return new Promise<number>((resolve, reject) => {
    const { environment, stdio = 'inherit', directory } = options;
    const child = spawn(program, args, { env: environment, stdio, cwd: directory });
    // Not process.stdin.isTTY: using that stream makes the descriptor, which the command shares, non-blocking.
    const onTerminal = [0, 1, 2].some(isatty);
    for (const signal of [...FORWARDED, ...FROM_TERMINAL]) {
      const passes = FORWARDED.includes(signal) || !onTerminal;
      const onSignal = () => void (passes && passOn(signal, child, view));
      process.on(signal, onSignal);
      stopPassing.push(() => process.off(signal, onSignal));
    }
    child.once('error', (error) =>
      reject(new OperationalError('CommandFailed', `Cannot start ${program}.`, error)),
    );
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  }).finally(() => {
    for (const stop of stopPassing) stop();
  });
}

/** Signals the command itself: a sudo in between belongs to root and accepts no signals from us. */
async function passOn(signal: NodeJS.Signals, child: ChildProcess, view: View): Promise<void> {
  const pid = (await view.commandPid().catch(() => undefined)) ?? child.pid;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}
