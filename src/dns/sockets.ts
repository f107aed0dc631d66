// The server's UDP and TCP sockets on one address and port. They carry octets; the only part of DNS known here is the
// two-octet length of TCP messages.

import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { Connections } from '../kernel/connections.ts';
import { OperationalError, systemCode } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { isTurnSpent } from '../kernel/turn.ts';
import { FairQueue } from './fair-queue.ts';
import { framed } from './upstream.ts';

/** How a query arrived. */
export type Transport = 'udp' | 'tcp';

/** The client of a query. */
export interface Asker {
  transport: Transport;
  /** `address:port` */
  sender: string;
}

/**
 * Handles one message. It must call `send` once, now or later, without a response when none is due, and must not throw.
 */
export type MessageHandler = (message: Buffer, asker: Asker, send: (response?: Buffer) => void) => void;

/** The open sockets of one server. */
export interface DnsSockets {
  port: number;
  /** Closes the sockets and connections at once. */
  stop(): Promise<void>;
  /**
   * As `stop`, while another process shares the address and port: answers every query that has already arrived here.
   */
  leave(): Promise<void>;
}

/** Sockets that are bound and listening. Their connections are accepted here only. */
export interface OpenSockets {
  udp: UdpSocket;
  tcp: Server;
}

/** Sockets opened by another process: their file descriptors in this one. */
export interface InheritedSockets {
  udp: number;
  tcp: number;
}

const MAX_QUERY_BYTES = 4096;
const MAX_CONNECTIONS = 256;
const MAX_OPEN_QUERIES = 64;
const MAX_UNSENT_BYTES = 256 * 1024;
const IDLE_TIMEOUT_MS = 10_000;
const MAX_UNSENT_DATAGRAMS = 4096;
const RANDOM_PORT_ATTEMPTS = 20;
const RECEIVE_BUFFER_BYTES = 1024 * 1024;
/** On Linux, processes of the same user may share an address, so that the next Millpond takes over without a gap. */
const MAY_BE_SHARED = process.platform === 'linux';
const LONGEST_LEAVE_MS = 5_000;
const LOOK_WHILE_LEAVING_MS = 5;
const LOG_EVERY_MS = 10_000;

/**
 * Opens both sockets; port 0 means any free one. `shared`: another process of ours has sockets there too. Rejects with
 * AddressInUse or AddressUnavailable (no such address, or a port below 1024 without permission).
 */
export async function openDnsSockets(
  { address, port, shared }: { address: string; port: number; shared?: boolean },
  handle: MessageHandler,
  log: Log,
): Promise<DnsSockets> {
  for (let attempt = 1; ; attempt++) {
    let udp: UdpSocket | undefined;
    try {
      // Sockets with SO_REUSEPORT would bind next to any other process of this user, so the address is checked first.
      if (!shared) (await bindUdp(address, port, { reusePort: false })).close();
      udp = await bindUdp(address, port);
      const tcp = newTcpServer(handle);
      await listenTcp(tcp.server, address, udp.address().port);
      return serve(udp, tcp, handle, log);
    } catch (error) {
      udp?.close();
      // A port that is free for UDP may be in use for TCP. Only a request for any port is tried again.
      if (port === 0 && systemCode(error) === 'EADDRINUSE' && attempt < RANDOM_PORT_ATTEMPTS) continue;
      throw bindFailure(error, address, port);
    }
  }
}

/** Serves on these sockets, which are open already. */
export async function serveDnsSockets(
  { udp, tcp }: OpenSockets,
  handle: MessageHandler,
  log: Log,
): Promise<DnsSockets> {
  const listener = newTcpServer(handle);
  await new Promise<void>((resolve, reject) => {
    listener.server.once('error', reject);
    listener.server.listen(tcp, resolve);
  });
  return serve(udp, listener, handle, log);
}

/** Serves on sockets that another process opened. */
export async function inheritDnsSockets(
  { udp, tcp }: InheritedSockets,
  handle: MessageHandler,
  log: Log,
): Promise<DnsSockets> {
  const socket = newUdpSocket();
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ fd: udp }, resolve);
  });
  const listener = newTcpServer(handle);
  await new Promise<void>((resolve, reject) => {
    listener.server.once('error', reject);
    listener.server.listen({ fd: tcp }, resolve);
  });
  return serve(socket, listener, handle, log);
}

const newUdpSocket = ({ reusePort } = { reusePort: MAY_BE_SHARED }): UdpSocket =>
  createSocket({
    type: 'udp4',
    reusePort,
    recvBufferSize: RECEIVE_BUFFER_BYTES,
    // Client addresses need no resolution; the default lookup goes through the resolver's queue for every answer.
    lookup: (hostname, _options, callback) => callback(null, hostname, 4),
  });

interface TcpListener {
  server: Server;
  connections: Connections;
}

function newTcpServer(handle: MessageHandler): TcpListener {
  const connections = new Connections(MAX_CONNECTIONS, () => true);
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    if (connections.add(socket)) serveConnection(socket, handle, () => connections.set(socket, 'idle'));
  });
  return { server, connections };
}

function bindUdp(address: string, port: number, options?: { reusePort: boolean }): Promise<UdpSocket> {
  return new Promise((resolve, reject) => {
    const udp = newUdpSocket(options);
    udp.once('error', (error) => {
      udp.close();
      reject(error);
    });
    udp.bind({ address, port, exclusive: true }, () => {
      udp.removeAllListeners('error');
      resolve(udp);
    });
  });
}

function listenTcp(server: Server, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port, exclusive: true, reusePort: MAY_BE_SHARED }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function serve(
  udp: UdpSocket,
  { server: tcp, connections }: TcpListener,
  handle: MessageHandler,
  log: Log,
): DnsSockets {
  let open = true;
  let unanswered = 0;
  const queue = new FairQueue();
  const counting = logDropped(queue, log);
  /** Answers that are held until the socket can send; see `leave`. */
  let held: (() => void)[] | undefined;
  udp.on('error', (error) => log.warn({ err: error }, 'DNS over UDP'));
  tcp.on('error', (error) => log.warn({ err: error }, 'DNS over TCP'));
  udp.on('message', (message, client) => {
    // A query with the forged port 0 cannot be answered.
    if (message.length > MAX_QUERY_BYTES || client.port === 0) return;
    const sender = `${client.address}:${client.port}`;
    unanswered++;
    const answer = (response?: Buffer) => {
      unanswered--;
      const send = () => {
        if (!open || udp.getSendQueueCount() > MAX_UNSENT_DATAGRAMS) return;
        udp.send(response!, client.port, client.address, ignoreSendFailure);
      };
      if (!response) return;
      if (held) held.push(send);
      else send();
    };
    if (!queue.push(sender, () => handle(message, { transport: 'udp', sender }, answer))) unanswered--;
  });

  async function stop(): Promise<void> {
    open = false;
    clearInterval(counting);
    connections.destroyAll();
    await Promise.all([
      new Promise<void>((resolve) => udp.close(() => resolve())),
      new Promise<void>((resolve) => tcp.close(() => resolve())),
    ]);
  }

  /**
   * A connected UDP socket receives nothing new from other addresses, while datagrams that arrived before can still be
   * read. So `leave` connects the socket to itself, and disconnects it only to send answers, until nothing more has
   * arrived in between.
   */
  async function leave(): Promise<void> {
    const { address, port } = udp.address();
    const connectToSelf = () => new Promise<void>((resolve) => udp.connect(port, address, () => resolve()));
    const deadline = performance.now() + LONGEST_LEAVE_MS;
    const waiting: (() => void)[] = [];
    tcp.close();
    held = waiting;
    await connectToSelf();
    for (;;) {
      // Datagrams that had arrived are read within a turn of the loop.
      await turn();
      await turn();
      if (waiting.length > 0) {
        udp.disconnect();
        for (const send of waiting.splice(0)) send();
        await connectToSelf();
      } else if (unanswered === 0 || performance.now() > deadline) break;
      else await pause(LOOK_WHILE_LEAVING_MS);
    }
    await stop();
  }

  return { port: udp.address().port, stop, leave };
}

/** The client is gone, or asks again. */
const ignoreSendFailure = () => {};

/** Logs dropped queries at intervals, not one by one. */
function logDropped(queue: FairQueue, log: Log): NodeJS.Timeout {
  let logged = 0;
  return setInterval(() => {
    if (queue.dropped > logged) log.warn({ queries: queue.dropped - logged }, 'DNS queries were dropped');
    logged = queue.dropped;
  }, LOG_EVERY_MS).unref();
}

function serveConnection(socket: Socket, handle: MessageHandler, onMessage: () => void): void {
  const sender = `${socket.remoteAddress}:${socket.remotePort}`;
  let received = Buffer.alloc(0);
  let openQueries = 0;
  let hasEnded = false;
  socket.setNoDelay(true);
  socket.setTimeout(IDLE_TIMEOUT_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    readOn();
  });
  socket.on('end', () => {
    hasEnded = true;
    endWhenAnswered();
  });

  /**
   * Handles as many queries as may be open at once. The rest stays in the buffer until a later turn, and the socket is
   * paused until then.
   */
  function readOn(): void {
    while (received.length >= 2 && !socket.destroyed) {
      const length = received.readUInt16BE();
      if (length > MAX_QUERY_BYTES) return void socket.destroy();
      if (received.length < 2 + length) break;
      if (openQueries >= MAX_OPEN_QUERIES || isTurnSpent()) {
        socket.pause();
        if (openQueries < MAX_OPEN_QUERIES) setImmediate(readOn);
        return;
      }
      const message = received.subarray(2, 2 + length);
      received = received.subarray(2 + length);
      onMessage();
      openQueries++;
      handle(message, { transport: 'tcp', sender }, answer);
    }
    if (socket.isPaused()) socket.resume();
  }

  function answer(response?: Buffer): void {
    if (openQueries-- === MAX_OPEN_QUERIES) setImmediate(readOn);
    if (response && socket.writableLength > MAX_UNSENT_BYTES) socket.destroy();
    else if (response && socket.writable) socket.write(framed(response));
    endWhenAnswered();
  }

  function endWhenAnswered(): void {
    if (hasEnded && openQueries === 0) socket.end();
  }
}

function bindFailure(error: unknown, address: string, port: number): unknown {
  const where = `${address}:${port}`;
  switch (systemCode(error)) {
    case 'EADDRINUSE':
      return new OperationalError(
        'AddressInUse',
        `DNS cannot use ${where}: something else listens there.`,
        error,
      );
    case 'EACCES':
      return new OperationalError(
        'AddressUnavailable',
        `DNS cannot use ${where}: ports below 1024 need root or CAP_NET_BIND_SERVICE.`,
        error,
      );
    case 'EADDRNOTAVAIL':
      return new OperationalError(
        'AddressUnavailable',
        `DNS cannot use ${where}: this machine has no such address.`,
        error,
      );
    default:
      return error;
  }
}
