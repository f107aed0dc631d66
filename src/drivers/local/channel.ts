// Millpond's private channel to an engine on this machine: a Unix socket in the node's directory, which clients
// cannot reach and which needs no network.

import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { OpenChannel } from '../../engine/access.ts';
import { openPort } from '../../engine/admin-connection.ts';
import type { NodeRecord } from './node-directory.ts';

/**
 * A relative path in the engine's configuration, so that clients cannot see the data directory and its length does
 * not matter.
 */
export const SOCKET_FILE = 'engine.sock';

/** The lines of the engine's configuration for the socket. */
export const CHANNEL_DIRECTIVES = `unixsocket ${SOCKET_FILE}\nunixsocketperm 600\n`;

/** The longest socket path in bytes on macOS; on Linux it is 107. */
const LONGEST_PATH = 103;

/**
 * Returns a function that connects to the engine in `directory`. An engine that an earlier Millpond started without a
 * socket, or whose socket was deleted, is reached by its client port; then client limits affect Millpond, too.
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
  /** Present when the engine was just started: its socket may not exist yet. */
  child?: ChildProcess;
}): OpenChannel {
  const port = openPort(record.address, record.port);
  const path = socketOf({ pid, directory, record });
  if (path === undefined) return port;
  let wasThere = child === undefined;
  return (onread) => {
    const isThere = existsSync(path);
    if (wasThere && !isThere) return port(onread);
    wasThere ||= isThere;
    return connect({ path, onread });
  };
}

/** The path of the engine's socket; `undefined` where it has none that can be reached. */
export const socketOf = ({
  pid,
  directory,
  record,
}: {
  pid: number;
  directory: string;
  record: NodeRecord;
}): string | undefined => (record.socket === undefined ? undefined : pathTo(pid, directory, record.socket));

/**
 * On Linux the path goes through the process's working directory: it is short and stays right when the directory
 * moves.
 */
function pathTo(pid: number, directory: string, socket: string): string | undefined {
  if (process.platform === 'linux') return `/proc/${pid}/cwd/${socket}`;
  const path = join(directory, socket);
  return Buffer.byteLength(path) <= LONGEST_PATH ? path : undefined;
}
