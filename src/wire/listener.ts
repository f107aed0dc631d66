// The socket side of the server: its bounds, how it starts to listen and how it stops. Knows no AWS.

import type { RequestListener, Server } from 'node:http';
import type { Server as SocketServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { OperationalError, systemCode } from '../kernel/errors.ts';

// An import of node:http reads all that it exports, among it a WebSocket for which Node loads a whole HTTP client:
// 14 MB and tens of milliseconds for nothing.
const { createServer } = process.getBuiltinModule('node:http');

export const MAX_CONNECTIONS = 2_000;
export const STOP_GRACE_MS = 1_000;

/** An HTTP server that clients who send slowly, or not at all, cannot exhaust. */
export function createBoundedServer(listener: RequestListener): Server {
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 120_000,
      keepAliveTimeout: 60_000,
      connectionsCheckingInterval: 5_000,
    },
    listener,
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.on('clientError', refuseMalformedHttp);
  return server;
}

/** What is no HTTP at all, or comes too slowly, is answered in HTTP's own terms. */
function refuseMalformedHttp(error: Error, socket: Duplex): void {
  if (!socket.writable || systemCode(error) === 'ECONNRESET') return void socket.destroy();
  const status =
    {
      HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
      ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
    }[systemCode(error) ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

/** Rejects with an OperationalError (AddressInUse, AddressUnavailable) when it cannot listen. */
export function listen(server: SocketServer, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const code = systemCode(error) === 'EADDRINUSE' ? 'AddressInUse' : 'AddressUnavailable';
      const message =
        code === 'AddressInUse'
          ? `Port ${port} on ${address} is taken; stop what uses it or choose another with --port.`
          : systemCode(error) === 'EACCES'
            ? `Cannot listen on ${address}:${port}: ports below 1024 need root or CAP_NET_BIND_SERVICE.`
            : `Cannot listen on ${address}:${port}: ${error.message}`;
      reject(new OperationalError(code, message, error));
    });
    server.listen(port, address, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

/** Takes no more connections, lets what runs finish for a moment, then drops all. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const impatience = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS);
    server.close(() => {
      clearTimeout(impatience);
      resolve();
    });
    server.closeIdleConnections();
  });
}
