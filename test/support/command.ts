// Runs the command line from outside, as a shell does.

import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const pathOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The arguments that run the real program. */
export const MILLPOND = [pathOf('bin/millpond.mjs')];
/** The arguments that run the same command line over a stub of Millpond: see stub-program.ts. */
export const STUB = ['--disable-warning=ExperimentalWarning', pathOf('test/support/stub-program.ts')];

/** The output and exit code of a command. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A command that was started. */
export interface RunningCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
  /** Resolves when the output (stdout and stderr together) matches; rejects when the command ends first. */
  prints(pattern: RegExp): Promise<void>;
}

/** Starts `program` (a script and its Node flags) with `args`. The caller ends it. */
export function startCommand(program: string[], args: string[], options: SpawnOptions = {}): RunningCommand {
  const child = spawn(process.execPath, [...program, ...args], {
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  let look = () => {};
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]!.setEncoding('utf8').on('data', (chunk: string) => {
      output[name] += chunk;
      look();
    });
  }
  const ended = new Promise<Ending>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...output }));
  });
  const prints = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      look = () => {
        if (pattern.test(output.stdout + output.stderr)) resolve();
      };
      look();
      ended.then(
        () => reject(new Error(`ended without printing ${pattern}:\n${output.stdout}${output.stderr}`)),
        reject,
      );
    });
  return { child, ended, prints };
}

/** Runs the command and waits until it ends. */
export const runCommand = (program: string[], args: string[], options?: SpawnOptions): Promise<Ending> =>
  startCommand(program, args, options).ended;
