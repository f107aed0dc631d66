// Connections to a program that listens on a port of its own localhost. Where programs share this host's network, only
// a socket of the program's own user is taken for the program; where it has a network of its own, a child process
// inside connects and hands the connection over.

import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { listen } from '../../../kernel/http-server.ts';
import { userOfPeer } from '../peer-user.ts';

/** Below the ports that Linux gives to outgoing connections. */
const [FIRST_PORT, PORTS] = [20_000, 12_000];
const TRIES = 20;
const LOCALHOST = '127.0.0.1';
const [SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS] = [2, 50];

/** A port of this host's localhost that is free now. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = anyPort();
    const server = createServer();
    try {
      await listen(server, port, LOCALHOST);
      return port;
    } catch {
      // It is in use.
    } finally {
      server.close();
    }
  }
  return anyPort();
}

/** A port in a network where nothing listens yet. */
export const anyPort = (): number => FIRST_PORT + randomInt(PORTS);

/**
 * Resolves to a connection once a process of this user listens on the port of this host's localhost; to `undefined` when
 * `signal` aborts.
 */
export async function connectOnHost(
  port: number,
  user: number,
  signal: AbortSignal,
): Promise<Socket | undefined> {
  for (let pause = SHORTEST_PAUSE_MS; !signal.aborted; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const socket = await connected(port);
    if (socket) {
      const listener = process.platform === 'linux' ? await userOfPeer(socket) : undefined;
      if (!signal.aborted && (listener === undefined || listener === user)) return socket;
      socket.destroy();
    }
    await delay(pause, undefined, { signal }).catch(() => {});
  }
  return undefined;
}

const connected = (port: number): Promise<Socket | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ host: LOCALHOST, port, noDelay: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });

/** Connects once something listens, hands the connection over and ends; also when Millpond ends. */
const CONNECTOR = `
const net = require('node:net');
const port = Number(process.argv[1]);
process.on('disconnect', () => process.exit());
const attempt = (pause) => {
  const socket = net.connect({ host: '127.0.0.1', port });
  socket.once('connect', () => process.send({}, socket, () => process.disconnect()));
  socket.once('error', () => setTimeout(attempt, pause, Math.min(pause * 1.5, 50)));
};
attempt(2);
`;

/** As `connectOnHost`, in the network in which `inside` runs a command. */
export function connectInside(
  port: number,
  inside: (command: [string, ...string[]]) => [string, ...string[]],
  signal: AbortSignal,
): Promise<Socket | undefined> {
  const [program, ...args] = inside([process.execPath, '-e', CONNECTOR, '--', String(port)]);
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { LC_ALL: 'C' },
    signal,
  });
  return new Promise((resolve) => {
    child.once('message', (_, socket) => resolve(socket as Socket | undefined));
    child.once('error', () => resolve(undefined));
    child.once('close', () => resolve(undefined));
  });
}
