// What every command is given, and how commands speak: results on stdout, everything else one sentence on stderr.

import type { CommandContext } from '@stricli/core';
import type { Config } from '../config.ts';
import type { Millpond, StartOptions } from '../main.ts';

export interface CliContext extends CommandContext {
  readonly process: NodeJS.Process;
  readonly env: NodeJS.ProcessEnv;
  /** The composition root's; handed in so that a test may put a small one in its place. */
  readonly startMillpond: (config: Config, options?: StartOptions) => Promise<Millpond>;
  /** Ends the command with this exit code once it is done. */
  exitWith(code: number): void;
}

export const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

export const printError = (text: string): void => {
  process.stderr.write(`millpond: ${text}\n`);
};
