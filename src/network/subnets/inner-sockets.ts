// Opens the sockets on which Millpond serves the programs in the world. A child process inside listens and hands the
// listening sockets to this process, which accepts connections in its own event loop: nothing is copied or forwarded.

import { spawn } from 'node:child_process';
import type { Socket as UdpSocket } from 'node:dgram';
import type { Server } from 'node:net';
import { OperationalError } from '../../kernel/errors.ts';
import { INNER_PORTS, type InnerSockets, METADATA_ADDRESS } from '../network.ts';
import { SERVER_ADDRESS } from './setup.ts';
import { tool } from './tools.ts';
import type { World } from './world.ts';

/**
 * Each socket is closed in the child as soon as it is sent: otherwise the child would accept some of the connections. The
 * child ends with Millpond, also where Node reports no end of the channel because a socket is being sent. It waits for
 * ports while the child of a Millpond that was killed ends.
 * Not a file of its own: it starts in half the time without a module, and the packaged program has one file less.
 */
const PROGRAM = `
const net = require('node:net'), dgram = require('node:dgram');
const address = process.argv[1], ports = JSON.parse(process.argv[2]), others = JSON.parse(process.argv[3]), deadline = Date.now() + 5000;
const failed = (error) => { console.error(error.message); process.exit(1); };
process.on('disconnect', () => process.exit());
setInterval(() => process.connected || process.exit(), 50);
let open = 0;
const sent = (socket) => () => { socket.close(); if (--open === 0) process.disconnect(); };
for (const [name, port] of Object.entries(ports)) {
  open++;
  const server = net.createServer();
  const listen = () => server.listen({ host: others[name] ?? address, port, exclusive: true, reusePort: name === 'dns' });
  server.on('error', (error) => error.code === 'EADDRINUSE' && Date.now() < deadline ? setTimeout(listen, 10) : failed(error));
  server.on('listening', () => process.send({ name }, server, sent(server)));
  listen();
}
open++;
const udp = dgram.createSocket({ type: 'udp4', reusePort: true, recvBufferSize: 1048576 }).on('error', failed);
udp.bind({ address, port: ports.dns, exclusive: true }, () => process.send({ name: 'udp' }, udp, sent(udp)));
`;

/** Closes those that no server of Millpond has closed. */
export async function closeInnerSockets(opening: Promise<InnerSockets>): Promise<void> {
  const sockets = await opening.catch(() => undefined);
  if (!sockets) return;
  const { dns, https, api, runtime, metadata } = sockets;
  for (const socket of [dns.udp, dns.tcp, https, api, runtime, metadata]) {
    try {
      socket.close();
    } catch {
      // A closed UDP socket throws.
    }
  }
}

const OPENS_WITHIN_MS = 20_000;

/** Rejects with NetworkUnavailable when a socket cannot be opened. */
export async function openInnerSockets(world: World): Promise<InnerSockets> {
  // Not among the links of the set-up: a world of an earlier version gets it, too.
  await world.run([tool('ip'), 'address', 'replace', `${METADATA_ADDRESS}/32`, 'dev', 'lo']);
  const [program, ...args] = world.inside([
    process.execPath,
    ...[
      '-e',
      PROGRAM,
      '--',
      SERVER_ADDRESS,
      JSON.stringify(INNER_PORTS),
      JSON.stringify({ metadata: METADATA_ADDRESS }),
    ],
  ]);
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { LC_ALL: 'C' },
    signal: AbortSignal.timeout(OPENS_WITHIN_MS),
  });
  return new Promise((resolve, reject) => {
    const servers: Record<string, Server> = {};
    let udp: UdpSocket | undefined;
    let errors = '';
    const fail = (reason: string, cause?: unknown) =>
      reject(
        new OperationalError(
          'NetworkUnavailable',
          `Millpond cannot listen in its network (${reason}).`,
          cause,
        ),
      );
    child
      .stderr!.setEncoding('utf8')
      .on('data', (text: string) => (errors = (errors + text).slice(0, 2_000)));
    child.on('message', ({ name }: { name: string }, socket: unknown) => {
      if (name === 'udp') udp = socket as UdpSocket;
      else servers[name] = socket as Server;
      const { dns, https, api, runtime, metadata } = servers;
      if (!udp || !dns || !https || !api || !runtime || !metadata) return;
      resolve({ dns: { udp, tcp: dns }, https, api, runtime, metadata, procNet: `/proc/${world.pid}/net` });
    });
    child.once('error', (error) => fail(error.message, error));
    // After the last message `close` follows, and settles nothing any more.
    child.once('close', (code, signal) =>
      fail(errors.trim().split('\n')[0] || `it ended with ${signal ?? code}`),
    );
  });
}
