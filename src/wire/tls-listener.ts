// A second way into the HTTP server: the same requests, under TLS, on an address of its own. Its bounds, how it starts
// and how it stops. Knows no AWS, and makes no certificates.

import type { Server } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import type { Server as TlsServer } from 'node:tls';
import { Connections } from '../kernel/connections.ts';
import { listen, MAX_CONNECTIONS, STOP_GRACE_MS } from '../kernel/http-server.ts';
import { inTurn } from '../kernel/turn.ts';

export interface TlsOptions {
  address: string;
  /** 0 for any free one. */
  port: number;
  /** PEM: the key, and the certificate with its chain. */
  key: string;
  certificates: string;
  /** 10 seconds by default. */
  handshakeTimeoutMs?: number;
}

export interface TlsListener {
  address: string;
  port: number;
  /** Takes no more connections, lets what runs finish for a moment, then drops all. */
  stop(): Promise<void>;
}

const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Rejects with an OperationalError (AddressInUse, AddressUnavailable) when it cannot listen. */
export async function startTlsListener(server: Server, options: TlsOptions): Promise<TlsListener> {
  // Those that the HTTP server has are bounded there; what is dropped here has said nothing, or shakes hands slowly.
  const connections = new Connections(MAX_CONNECTIONS, () => true);
  // TLS takes 20 ms and 6 MB to load, which a Millpond that nobody reaches this way need not spend.
  let handshakes: TlsServer | undefined;
  const outer = createServer((socket) => {
    // What goes wrong with it is told where it is read.
    socket.on('error', () => {});
    if (!connections.add(socket)) return;
    const silence = setTimeout(() => socket.destroy(), options.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS);
    socket.once('close', () => clearTimeout(silence));
    // Who says nothing costs nothing: TLS begins when something has come.
    socket.once('readable', () =>
      inTurn(() => {
        clearTimeout(silence);
        // An end is told so, too.
        if (socket.readableLength === 0) return void socket.destroy();
        handshakes ??= handshakesFor(server, options);
        handshakes.emit('connection', socket);
      }),
    );
  });
  await listen(outer, options.port, options.address);
  outer.on('error', (error) => server.emit('error', error));

  return {
    address: options.address,
    port: (outer.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        const impatience = setTimeout(() => {
          connections.destroyAll();
        }, STOP_GRACE_MS);
        outer.close(() => {
          clearTimeout(impatience);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

/** Hands over to the HTTP server what has come through its handshake. Never listens itself. */
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
