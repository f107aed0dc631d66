// Other programs of this machine: whether one can be run, and running one in the user's terminal.

import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

/** Whether this user may execute the file. */
export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Runs a program with this process's own input and output. Resolves to the exit code; -1 when it cannot be started. */
export function runInTerminal(program: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit' });
    child.once('error', () => resolve(-1));
    child.once('exit', (code) => resolve(code ?? -1));
  });
}
