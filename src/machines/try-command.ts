// Tries a command out, to learn whether this machine allows what it does.

import { spawn } from 'node:child_process';

/** Why a command failed: it could not be run or took too long, or how it ended and its first line of error output. */
export type CommandFailure =
  | { error: Error }
  | { error?: undefined; ended: number | NodeJS.Signals | null; text: string };

const TIMEOUT_MS = 10_000;
const MOST_ERROR_TEXT = 2000;

/** Resolves to `undefined` when the command exits with 0; never rejects. */
export function tryCommand(
  [program, ...args]: readonly [string, ...string[]],
  environment: NodeJS.ProcessEnv,
): Promise<CommandFailure | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
      // Not `timeout`: its timer lives on when the program does not exist.
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    let errorText = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errorText = (errorText + text).slice(0, MOST_ERROR_TEXT);
    });
    child.once('error', (error) => resolve({ error }));
    child.once('close', (code, signal) => {
      const text = errorText.trim().split('\n')[0] ?? '';
      resolve(code === 0 ? undefined : { ended: signal ?? code, text });
    });
  });
}
