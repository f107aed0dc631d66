// Starting an engine as a process of this machine that outlives us: detached, in a group and session of its own,
// without a shell, with its output in a file (a pipe that nobody drains would freeze it).

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
      // Nothing of ours is the engine's business, credentials least of all.
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

/** Throws AddressInUse or AddressUnavailable when nothing can listen there; says so before an engine tries. */
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
