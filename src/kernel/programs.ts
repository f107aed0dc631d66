// Other programs of this machine: whether one can be run, and running one in the user's terminal.

import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The PATH of the system's own tools, independent of the caller's. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The tool on the environment's PATH, else the system's; the bare name when there is none. */
export function toolAt(name: string, { PATH = '' }: NodeJS.ProcessEnv): string {
  const places = `${PATH}:${SYSTEM_PATH}`.split(delimiter).filter((folder) => folder !== '');
  return places.map((folder) => join(folder, name)).find(isExecutable) ?? name;
}

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
