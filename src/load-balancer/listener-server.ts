// The server of a listener at one of the balancer's addresses: opens, bounds and closes it.

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Server as SocketServer } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Server as TlsServer } from 'node:tls';
import { Connections } from '../kernel/connections.ts';
import { OperationalError, systemCode } from '../kernel/errors.ts';
import { boundConnections, createBoundedServer, listen } from '../kernel/http-server.ts';
import type { ZoneCounts } from './counts.ts';
import { countBytes, Exchange, endWith, type Site } from './exchange.ts';
import type { BalancerAttributes, Listener } from './load-balancers.ts';
import type { ServedCertificate } from './messages.ts';
import { type OwnStatus, rawPage } from './pages.ts';
import { MOST_HEADER_BYTES } from './request-facts.ts';
import { compileRules, type Rules } from './rules.ts';

/** The open connections of all balancers together, and those whose TLS handshake is under way. */
const MOST_CONNECTIONS = 2_000;
const bound = boundConnections(MOST_CONNECTIONS);
const handshakes = new Connections(MOST_CONNECTIONS, () => true);
const HANDSHAKE_TIMEOUT_MS = 10_000;
/** A port that may not be bound is replaced by this one above it: 80 by 8080, 443 by 8443. */
const HIGH_PORTS = 8_000;

/** What a server does with requests. */
export interface ListenerHandlers {
  request(at: ListenerServer, request: IncomingMessage, response: ServerResponse): void;
  /** A request to become a WebSocket; the socket is no longer the server's. */
  upgrade(at: ListenerServer, request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** How it went. `port` differs from the listener's where that may not be bound. */
export type Opened = { port: number; reason?: string } | { reason: string };

/** Marks a connection of a WebSocket as one that is in use. */
export const keepOpen = (socket: Duplex): void => bound.connections.set(socket as never, 'busy');

/** One server. Its rules and attributes may be replaced at any time. */
export class ListenerServer implements Site {
  readonly address: string;
  readonly port: number;
  readonly protocol: 'http' | 'https';
  readonly counts: ZoneCounts;
  listenerArn: string;
  rules: Rules;
  isLeaving = false;
  #attributes: BalancerAttributes;
  readonly #http: Server;
  readonly #tls: TlsServer | undefined;

  constructor(
    listener: Listener,
    place: { address: string; counts: ZoneCounts; attributes: BalancerAttributes },
    handlers: ListenerHandlers,
    certificate: ServedCertificate,
  ) {
    this.address = place.address;
    this.counts = place.counts;
    this.port = listener.port;
    this.protocol = listener.protocol === 'HTTPS' ? 'https' : 'http';
    this.listenerArn = listener.arn;
    this.rules = compileRules(listener.rules);
    this.#attributes = place.attributes;
    this.#http = createBoundedServer(
      (request, response) => handlers.request(this, request, response),
      bound,
      {
        maxHeaderSize: MOST_HEADER_BYTES,
        // A missing host is refused with AWS's page.
        requireHostHeader: false,
        // Uploads may take as long as they make progress.
        requestTimeout: 0,
        shouldUpgradeCallback: isWebSocket,
        refuse: (error, socket) => this.#refuse(error, socket),
      },
    );
    this.#http.on('upgrade', (request, socket, head) => handlers.upgrade(this, request, socket, head));
    this.#http.on('connection', (socket) => {
      if (socket.destroyed) return this.counts.add('RejectedConnectionCount');
      this.counts.opened();
      socket.once('close', () => {
        countBytes(this.counts, socket);
        this.counts.closed();
      });
    });
    this.#http.on('timeout', (socket) => this.#timedOut(socket));
    this.#tls = this.protocol === 'https' ? this.#tlsServer(certificate) : undefined;
    this.attributes = place.attributes;
  }

  get attributes(): BalancerAttributes {
    return this.#attributes;
  }

  /** Connections that are open keep their idle timeout until their next request. */
  set attributes(attributes: BalancerAttributes) {
    this.#attributes = attributes;
    const milliseconds = attributes.idleTimeoutSeconds * 1_000;
    this.#http.timeout = milliseconds;
    this.#http.keepAliveTimeout = milliseconds;
  }

  /** Takes the rules of another configuration of its listener. */
  become(listener: Listener, attributes: BalancerAttributes): void {
    this.listenerArn = listener.arn;
    this.rules = compileRules(listener.rules);
    this.attributes = attributes;
  }

  get #listening(): SocketServer {
    return this.#tls ?? this.#http;
  }

  /** Never rejects. */
  async open(): Promise<Opened> {
    const failure = await this.#listen(this.port);
    if (!failure) return { port: this.port };
    if (systemCode(failure.cause) !== 'EACCES') return { reason: failure.message };
    for (const port of [this.port + HIGH_PORTS, 0]) {
      if (port > 65_535 || (await this.#listen(port))) continue;
      const { port: opened } = this.#listening.address() as AddressInfo;
      return {
        port: opened,
        reason: `Port ${this.port} on ${this.address} needs root or CAP_NET_BIND_SERVICE; the listener is at port ${opened} instead.`,
      };
    }
    return { reason: failure.message };
  }

  async #listen(port: number): Promise<OperationalError | undefined> {
    try {
      await listen(this.#listening, port, this.address);
      this.#listening.on('error', () => {});
      return undefined;
    } catch (error) {
      if (error instanceof OperationalError) return error;
      throw error;
    }
  }

  /** Stops listening at once. Resolves when the answers in progress are sent, and every connection is closed. */
  close(): Promise<void> {
    this.isLeaving = true;
    const closing = Promise.all([closed(this.#http), ...(this.#tls ? [closed(this.#tls)] : [])]);
    this.#http.closeIdleConnections();
    return closing.then(() => {});
  }

  #tlsServer({ key, certificates }: ServedCertificate): TlsServer {
    const server = process.getBuiltinModule('node:tls').createServer({
      ...{ key, cert: certificates, ALPNProtocols: ['http/1.1'], handshakeTimeout: HANDSHAKE_TIMEOUT_MS },
    });
    server.on('connection', (socket) => {
      socket.on('error', () => {});
      handshakes.add(socket);
    });
    server.on('secureConnection', (socket) => this.#http.emit('connection', socket));
    server.on('tlsClientError', (_error, socket) => {
      this.counts.add('ClientTLSNegotiationErrorCount');
      socket.destroy();
    });
    return server;
  }

  /** AWS: a client that does not send data for too long is answered with 408. */
  #timedOut(socket: Duplex): void {
    const exchange = Exchange.of(socket);
    if (exchange && !exchange.isOver && !exchange.request.complete) exchange.refuse(408);
    else socket.destroy();
  }

  #refuse(error: Error, socket: Duplex): void {
    const code = systemCode(error) ?? '';
    if (!socket.writable || code === 'ECONNRESET') return void socket.destroy();
    const status = statusOf(error, code);
    const exchange = Exchange.of(socket);
    if (exchange && !exchange.response.writableFinished) {
      // The body of a request is malformed; or what follows one, while its answer is not sent yet.
      if (exchange.isOver || exchange.request.complete) socket.destroy();
      else exchange.refuse(status);
      return;
    }
    this.counts.addOwnAnswer(status);
    endWith(socket, rawPage(status));
  }
}

/** AWS: what it answers to requests that node:http refuses. */
const STATUS_OF: Readonly<Record<string, OwnStatus>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_INVALID_VERSION: 505,
  HPE_PAUSED_H2_UPGRADE: 505,
  HPE_INVALID_TRANSFER_ENCODING: 501,
};

function statusOf(error: Error, code: string): OwnStatus {
  // Refused with the code of a wrong Transfer-Encoding, too: one next to a Content-Length.
  if (/Content-Length/.test(error.message)) return 400;
  return STATUS_OF[code] ?? 400;
}

/** AWS: other upgrades than to WebSockets are ignored. */
const isWebSocket = ({ headers }: IncomingMessage): boolean =>
  /^\s*websocket\s*$/i.test(headers.upgrade ?? '');

const closed = (server: SocketServer): Promise<void> =>
  new Promise((resolve) => (server.listening ? void server.close(() => resolve()) : resolve()));
