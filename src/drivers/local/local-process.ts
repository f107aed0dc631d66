// Starts an engine as a process that outlives Millpond: detached, in its own group and session, without a shell, with
// its output in a file (a full pipe without a reader would block it).

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { createServer } from 'node:net';
import { OperationalError, systemCode } from '../../kernel/errors.ts';
import type { InstalledEngine } from './binaries.ts';
import { CONFIGURATION_FILE, type NodeDirectory } from './node-directory.ts';

/** Resolves once the process exists. Throws EngineFailed when the program cannot be run. */
export async function spawnEngine(binary: InstalledEngine, directory: NodeDirectory): Promise<ChildProcess> {
  const log = openSync(directory.logFile, 'a', 0o600);
  try {
    const child = spawn(binary.path, [CONFIGURATION_FILE], {
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

/** Checks before the start that a process can listen there. Throws AddressInUse or AddressUnavailable. */
export async function assertListenable(address: string, port: number): Promise<void> {
  const server = createServer();
  try {
    server.listen({ host: address, port, exclusive: true });
    await once(server, 'listening');
  } catch (error) {
    throw listenFailure(address, port, error);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

function listenFailure(address: string, port: number, error: unknown): OperationalError {
  switch (systemCode(error)) {
    case 'EADDRINUSE':
      return new OperationalError(
        'AddressInUse',
        `Another process listens on ${address}:${port} already.`,
        error,
      );
    case 'EACCES':
      return new OperationalError('AddressUnavailable', `Port ${port} needs privileges to listen on.`, error);
    default:
      return new OperationalError(
        'AddressUnavailable',
        `This machine cannot listen on ${address}:${port}.`,
        error,
      );
  }
}
