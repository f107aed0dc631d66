// Starts an engine as a process that outlives Millpond: detached, in its own group and session, without a shell, with
// its output in a file (a full pipe without a reader would block it).

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { OperationalError } from '../../kernel/errors.ts';
import type { Network } from '../../network/network.ts';
import type { InstalledEngine } from './binaries.ts';
import { CONFIGURATION_FILE, type NodeDirectory } from './node-directory.ts';

/** Resolves once the process exists. Throws EngineFailed when the program cannot be run. */
export async function spawnEngine(
  binary: InstalledEngine,
  directory: NodeDirectory,
  network: Network,
): Promise<ChildProcess> {
  const log = openSync(directory.logFile, 'a', 0o600);
  try {
    const [program, ...args] = network.inside([binary.path, CONFIGURATION_FILE]);
    const child = spawn(program, args, {
      cwd: directory.path,
      detached: true,
      stdio: ['ignore', log, log],
      // The engine must not inherit our environment, least of all credentials.
      env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', TZ: process.env.TZ },
    });
    child.unref();
    await once(child, 'spawn');
    return child;
  } catch (error) {
    throw new OperationalError('EngineFailed', `The engine ${binary.path} cannot be started.`, error);
  } finally {
    closeSync(log);
  }
}
