// The context of every command, and its output: results on stdout, everything else as one sentence on stderr.

import type { CommandContext } from '@stricli/core';
import type { Config } from '../config.ts';
import type { Millpond, StartOptions } from '../main.ts';

/** What every command gets. */
export interface CliContext extends CommandContext {
  readonly process: NodeJS.Process;
  readonly env: NodeJS.ProcessEnv;
  /** From the composition root; tests may pass another. */
  readonly startMillpond: (config: Config, options?: StartOptions) => Promise<Millpond>;
  /** Ends the command with this exit code once it is done. */
  exitWith(code: number): void;
}

/** Writes a line to stdout. */
export const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Writes a line to stderr. */
export const printError = (text: string): void => {
  process.stderr.write(`millpond: ${text}\n`);
};
