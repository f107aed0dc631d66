// Millpond's own way to an engine of this machine: a socket in the node's directory, which clients cannot reach, and which
// needs no network.

import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { OpenChannel } from '../../engine/access.ts';
import { openPort } from '../../engine/admin-connection.ts';
import type { NodeRecord } from './node-directory.ts';

/** Told to the engine as a relative path, so that neither its length nor what clients see depends on the data directory. */
export const SOCKET_FILE = 'engine.sock';

/** The configuration's lines for it. */
export const CHANNEL_DIRECTIVES = `unixsocket ${SOCKET_FILE}\nunixsocketperm 600\n`;

/** Paths of sockets are cut off behind 103 bytes on macOS, behind 107 on Linux. */
const LONGEST_PATH = 103;

/**
 * A function that makes a new connection to the engine that works in `directory`. One that an earlier Millpond started
 * without a socket, or whose socket somebody deleted, is reached by its port: what becomes of clients there becomes of
 * Millpond then, too.
 */
export function createChannel({
  pid,
  directory,
  record,
  child,
}: {
  pid: number;
  directory: string;
  record: NodeRecord;
  /** Present when it was just started: then its socket is still to come. */
  child?: ChildProcess;
}): OpenChannel {
  const port = openPort(record.address, record.port);
  const { socket } = record;
  if (socket === undefined) return port;
  const path = pathTo(pid, directory, socket);
  if (path === undefined) return port;
  let wasThere = child === undefined;
  return (onread) => {
    const isThere = existsSync(path);
    if (wasThere && !isThere) return port(onread);
    wasThere ||= isThere;
    return connect({ path, onread });
  };
}

/** Through the process's own working directory on Linux, which is short and stays right when the directory is moved. */
function pathTo(pid: number, directory: string, socket: string): string | undefined {
  if (process.platform === 'linux') return `/proc/${pid}/cwd/${socket}`;
  const path = join(directory, socket);
  return Buffer.byteLength(path) <= LONGEST_PATH ? path : undefined;
}
