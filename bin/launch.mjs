// Runs a program in this process when its Node is new enough, else in a child of one that is. The child has
// our stdio, gets our signals, and its exit code is ours.

import { spawn } from 'node:child_process';
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { putFirstOnPath } from './find-node.mjs';

/** Imports `file` here, with its compiled form cached. `process.argv` stays as it is. */
export async function runHere(file) {
  hideExperimentalWarnings();
  putFirstOnPath(process.execPath);
  module.enableCompileCache?.(
    join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'millpond', 'compiled'),
  );
  await import(pathToFileURL(file).href);
}

/** Starts `nodeFile` with `args`; never returns before it has ended, and ends this process in the same way. */
export async function runUnder(nodeFile, args) {
  putFirstOnPath(nodeFile);
  const child = spawn(nodeFile, args, { stdio: 'inherit' });
  // A terminal's Ctrl-C reaches the child by itself; one sent to us alone must be handed on.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGUSR2']) process.on(signal, () => child.kill(signal));
  const [code, signal] = await new Promise((resolve) => {
    child.once('exit', (...ending) => resolve(ending));
    child.once('error', (error) => {
      console.error(`Cannot run ${nodeFile}: ${error.message}`);
      resolve([1, null]);
    });
  });
  if (!signal) process.exit(code);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

// node:sqlite is all that warns; other warnings stay.
function hideExperimentalWarnings() {
  const emitWarning = process.emitWarning;
  process.emitWarning = (warning, ...rest) => {
    const kind = typeof rest[0] === 'object' ? rest[0]?.type : rest[0];
    if (kind !== 'ExperimentalWarning') emitWarning.call(process, warning, ...rest);
  };
}
