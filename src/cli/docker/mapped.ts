// `millpond docker mapped -- …`: runs the real `docker` with the names of ECR's registries mapped to Millpond. It is the
// `docker` on the PATH of `millpond exec`.

import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { COMMANDS_OF_EXEC } from '../../config.ts';
import { isExecutable } from '../../kernel/programs.ts';
import { mapArguments } from './arguments.ts';

const NOT_FOUND = 127;

/** The variable that `exec` sets: Millpond's registry as the daemon reaches it, `localhost:4566`. */
export const REGISTRY_VARIABLE = 'MILLPOND_REGISTRY';
/** The variable with the Node that runs Millpond. */
export const NODE_VARIABLE = 'MILLPOND_NODE';

/** The variables with which a command finds this `docker`; none where there is no real one. `url` is the API's. */
export function dockerVariables(environment: NodeJS.ProcessEnv, url: string): NodeJS.ProcessEnv {
  const { PATH = '' } = environment;
  if (realDocker(PATH) === undefined) return {};
  const { hostname, host, port } = new URL(url);
  return {
    PATH: [COMMANDS_OF_EXEC, PATH].join(delimiter),
    // Docker needs no certificate of any address in 127.0.0.0/8.
    [REGISTRY_VARIABLE]: hostname === '127.0.0.1' ? `localhost:${port}` : host,
    [NODE_VARIABLE]: process.execPath,
  };
}

/**
 * Runs the real `docker`. Resolves to its exit code, 128 + signal, or 127 when there is none. Without a registry the
 * arguments stay as they are.
 */
export async function runMapped(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
  complain: (line: string) => void,
): Promise<number> {
  const docker = realDocker(environment.PATH ?? '');
  if (docker === undefined) {
    complain('docker: not found');
    return NOT_FOUND;
  }
  const registry = environment[REGISTRY_VARIABLE];
  return await run(docker, registry === undefined ? argv : mapArguments(argv, registry), environment);
}

/** The first `docker` of the PATH that is not Millpond's. */
function realDocker(path: string): string | undefined {
  const folders = path
    .split(delimiter)
    .filter((folder) => folder !== '' && realOf(folder) !== realOf(COMMANDS_OF_EXEC));
  return folders.map((folder) => join(folder, 'docker')).find(isExecutable);
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'inherit', env });
    // The terminal sends the first two to docker, too; it decides what comes of them.
    for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.on(signal, () => undefined);
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
    child.once('error', () => resolve(NOT_FOUND));
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  });
}
