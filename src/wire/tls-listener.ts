// A TLS listener on its own address that passes its connections to the HTTP server: starts it, limits it and stops it.
// Certificates are made elsewhere.

import type { Server } from 'node:http';
import { type AddressInfo, createServer, type Server as NetServer } from 'node:net';
import type { Server as TlsServer } from 'node:tls';
import { Connections } from '../kernel/connections.ts';
import { listen, MAX_CONNECTIONS, STOP_GRACE_MS, takeOver } from '../kernel/http-server.ts';
import { inTurn } from '../kernel/turn.ts';

/** Where to listen, and with which key. */
export interface TlsOptions {
  address: string;
  /** 0 for any free port. */
  port: number;
  /** A server that listens there already. */
  opened?: NetServer | undefined;
  /** PEM: the private key, and the certificate with its chain. */
  key: string;
  certificates: string;
  /** The limit for the first byte, and again for the TLS handshake; 10 seconds by default. */
  handshakeTimeoutMs?: number;
}

/** A TLS listener that runs. */
export interface TlsListener {
  address: string;
  port: number;
  /** Stops accepting connections, gives running requests a grace period, then closes every connection. */
  stop(): Promise<void>;
}

const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Rejects with an OperationalError (AddressInUse, AddressUnavailable) when it cannot listen. */
export async function startTlsListener(server: Server, options: TlsOptions): Promise<TlsListener> {
  // The HTTP server limits connections after their handshake. This limit is for those before it.
  const connections = new Connections(MAX_CONNECTIONS, () => true);
  // Loading TLS takes 20 ms and 6 MB, so it is loaded with the first connection.
  let handshakes: TlsServer | undefined;
  const outer = createServer((socket) => {
    // The reader of the socket handles its errors. Without a listener, Node would throw them.
    socket.on('error', () => {});
    if (!connections.add(socket)) return;
    const firstByteTimer = setTimeout(
      () => socket.destroy(),
      options.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS,
    );
    socket.once('close', () => clearTimeout(firstByteTimer));
    // TLS starts with the first bytes, so that a silent connection costs little.
    socket.once('readable', () =>
      inTurn(() => {
        clearTimeout(firstByteTimer);
        // Node also emits `readable` at the end of the stream.
        if (socket.readableLength === 0) return void socket.destroy();
        handshakes ??= handshakesFor(server, options);
        handshakes.emit('connection', socket);
      }),
    );
  });
  if (options.opened) await takeOver(outer, options.opened);
  else await listen(outer, options.port, options.address);
  outer.on('error', (error) => server.emit('error', error));

  return {
    address: options.address,
    // A server that was handed over does not know its port.
    port: options.opened ? options.port : (outer.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        const graceTimer = setTimeout(() => {
          connections.destroyAll();
        }, STOP_GRACE_MS);
        outer.close(() => {
          clearTimeout(graceTimer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

/** Passes each connection to the HTTP server after its handshake. It does not listen. */
function handshakesFor(server: Server, options: TlsOptions): TlsServer {
  const handshakes = process.getBuiltinModule('node:tls').createServer({
    key: options.key,
    cert: options.certificates,
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: options.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS,
  });
  handshakes.on('secureConnection', (socket) => server.emit('connection', socket));
  handshakes.on('tlsClientError', (_error, socket) => socket.destroy());
  return handshakes;
}
