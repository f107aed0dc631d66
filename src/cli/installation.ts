// What the commands share that change this machine (`dns install`, `docker install`): the machine, and how they speak.

import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { systemCode } from '../kernel/errors.ts';
import { runInTerminal } from '../kernel/programs.ts';

/** The machine to change; tests replace it. */
export interface Machine {
  platform: NodeJS.Platform;
  /** `/`; tests use their own directory. */
  rootDirectory: string;
  isRoot: boolean;
  /** Resolves to the exit code; -1 when the program cannot be started. */
  run(program: string, args: readonly string[]): Promise<number>;
  say(line: string): void;
}

/** The real machine. */
export const thisMachine = (): Machine => ({
  platform: process.platform,
  rootDirectory: '/',
  isRoot: process.getuid?.() === 0,
  run: runInTerminal,
  say: (line) => process.stdout.write(`${line}\n`),
});

/** Commands to paste into a shell, which write a file. */
export const writingCommands = ({ path, text }: { path: string; text: string }): string[] => [
  `sudo mkdir -p ${dirname(path)}`,
  `sudo tee ${path} >/dev/null <<'EOF'\n${text}EOF`,
];

export const readIfThere = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').catch((error) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });

/** Says a line; the exit code of success. */
export function succeed(machine: Machine, line: string): number {
  machine.say(line);
  return 0;
}

/** Says a line; the exit code of failure. */
export function refuse(machine: Machine, line: string): number {
  machine.say(line);
  return 1;
}
