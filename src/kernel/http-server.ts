// An HTTP server with bounds, which clients that send slowly, too much or nothing cannot exhaust; how it starts to
// listen and how it stops. Knows no AWS.

import type { IncomingMessage, RequestListener, Server, ServerOptions, ServerResponse } from 'node:http';
import type { Socket, Server as SocketServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { Connections } from './connections.ts';
import { OperationalError, systemCode } from './errors.ts';
import { inTurn } from './turn.ts';

// Not an import: importing node:http evaluates its WebSocket export, for which Node loads a whole HTTP client (14 MB
// and tens of milliseconds).
const { createServer } = process.getBuiltinModule('node:http');

/** The default limit of open connections of one server. */
export const MAX_CONNECTIONS = 2_000;
/** How long `close` lets requests finish. */
export const STOP_GRACE_MS = 1_000;
/** Requests that a client may send before it has its answers. AWS clients send one at a time. */
const MOST_PIPELINED = 32;
const LINGER_MS = 1_000;

/**
 * One object per connection, changed in place. A map of current requests would be copied with each request, and a copy
 * in the old generation would keep later requests from being collected while they are young.
 */
interface Connection {
  current: IncomingMessage | undefined;
  waiting: [IncomingMessage, ServerResponse][];
}

/** A bound on the connections of one server, or of several servers together. */
export interface ConnectionBound {
  readonly connections: Connections;
  readonly open: WeakMap<Socket, Connection>;
}

/** At most this many connections. */
export function boundConnections(most: number): ConnectionBound {
  const open = new WeakMap<Socket, Connection>();
  const connections = new Connections(
    most,
    (socket) => socket.writableLength > 0 || open.get(socket)?.current?.complete === false,
  );
  return { connections, open };
}

/** Settings of `node:http`, and how malformed requests are refused; by default with a bare HTTP error. */
export interface BoundedServerOptions extends ServerOptions {
  refuse?: (error: Error, socket: Duplex) => void;
}

/**
 * Passes the requests of a connection to `listener` one after the other, and in one turn of the event loop no more than
 * the turn's budget allows.
 */
export function createBoundedServer(
  listener: RequestListener,
  bound: number | ConnectionBound = MAX_CONNECTIONS,
  { refuse = refuseMalformedHttp, ...settings }: BoundedServerOptions = {},
): Server {
  const { open, connections } = typeof bound === 'number' ? boundConnections(bound) : bound;
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 120_000,
      keepAliveTimeout: 60_000,
      connectionsCheckingInterval: 5_000,
      ...settings,
    },
    (request, response) => {
      const { socket } = request;
      const connection = connectionOf(socket);
      if (!connection.current) begin(connection, request, response);
      else if (connection.waiting.push([request, response]) > MOST_PIPELINED) socket.destroy();
    },
  );
  server.on('connection', (socket) => connections.add(socket));
  server.on('clientError', refuse);
  return server;

  function connectionOf(socket: Socket): Connection {
    let connection = open.get(socket);
    if (!connection) open.set(socket, (connection = { current: undefined, waiting: [] }));
    return connection;
  }

  function begin(connection: Connection, request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    connection.current = request;
    connections.set(socket, 'busy');
    response.once('close', () => goOn(connection, socket));
    inTurn(() => {
      if (!socket.destroyed) listener(request, response);
    });
  }

  function goOn(connection: Connection, socket: Socket): void {
    connection.current = undefined;
    const following = socket.destroyed ? undefined : connection.waiting.shift();
    if (following) begin(connection, ...following);
    else connections.set(socket, 'idle');
  }
}

/** Answers a malformed or too slow request with a bare HTTP error. */
function refuseMalformedHttp(error: Error, socket: Duplex): void {
  if (!socket.writable || systemCode(error) === 'ECONNRESET') return void socket.destroy();
  const status =
    {
      HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
      ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
    }[systemCode(error) ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  // Closed with a delay: a client that is still sending would otherwise not read the answer.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/** Rejects with an OperationalError (AddressInUse, AddressUnavailable) when it cannot listen. */
export function listen(server: SocketServer, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error) => {
      const code = systemCode(error) === 'EADDRINUSE' ? 'AddressInUse' : 'AddressUnavailable';
      const message =
        code === 'AddressInUse'
          ? `Port ${port} on ${address} is taken; stop what uses it or choose another with --port.`
          : systemCode(error) === 'EACCES'
            ? `Cannot listen on ${address}:${port}: ports below 1024 need root or CAP_NET_BIND_SERVICE.`
            : `Cannot listen on ${address}:${port}: ${error.message}`;
      reject(new OperationalError(code, message, error));
    };
    server.once('error', onError);
    server.listen(port, address, () => {
      server.off('error', onError);
      resolve();
    });
  });
}

/** Accepts the connections of another server, which listens already. */
export const takeOver = (server: SocketServer, opened: SocketServer): Promise<void> =>
  new Promise((resolve) => server.listen(opened, () => resolve()));

/** Stops accepting, lets running requests finish for `graceMs`, then closes every connection. */
export function close(server: Server, graceMs = STOP_GRACE_MS): Promise<void> {
  return new Promise((resolve) => {
    const impatience = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(impatience);
      resolve();
    });
    server.closeIdleConnections();
  });
}
