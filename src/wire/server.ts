// The HTTP server of all services: starts it, stops it, and reads each request's caller and host. It passes requests to
// the fallback routes and to the request pipeline (front.ts).

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Server as SocketServer } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ByteBudgetOptions } from '../kernel/byte-budget.ts';
import { OperationalError } from '../kernel/errors.ts';
import { close, createBoundedServer, listen } from '../kernel/http-server.ts';
import type { Log } from '../kernel/log.ts';
import { Admission, type AdmissionOptions } from './admission/admission.ts';
import { corsHeaders, isPreflight, preflightHeaders } from './admission/cors.ts';
import { createHostRule } from './admission/host.ts';
import { Front } from './front.ts';
import { refuseOwnCall } from './own-calls.ts';
import type { ServedService } from './service.ts';
import { startTlsListener, type TlsListener, type TlsOptions } from './tls-listener.ts';

/** What the server serves, where it listens, and its limits. */
export interface WireServerOptions {
  services: readonly ServedService[];
  /** 0 for any free port. */
  port: number;
  /** 127.0.0.1 by default. */
  address?: string;
  /** The region of requests whose signature names none. */
  defaultRegion: string;
  log: Log;
  /** The limit for one body in bytes, both as sent and decompressed; 16 MiB by default. */
  maxBodyBytes?: number;
  /** The memory limit for all bodies together; BODY_MEMORY by default. */
  bodyMemory?: ByteBudgetOptions;
  /** A server that listens in another network, and its URL there; its connections are served, too. */
  inner?: { server: SocketServer; url: string } | undefined;
  /** Serves the same requests on this address as well. */
  further?: { address: string; port: number } | undefined;
  /** Serves the same requests over TLS, on this address. */
  https?: TlsOptions;
  /** By default no web page is allowed, and only IP addresses, loopback names and AWS's host names. */
  admission?: AdmissionOptions;
  /**
   * Called first, for routes outside of the API. Returns true when it has answered the request. With a `refusal`, it
   * must answer with that sentence only.
   */
  fallback?: (request: IncomingMessage, response: ServerResponse, refusal: string | undefined) => boolean;
  /** Web sockets: which requests ask for one that is taken, and what takes it; returns whether it did. */
  webSockets?: {
    areFor(request: IncomingMessage): boolean;
    take(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  };
}

/** A server that listens. */
export interface WireServer {
  port: number;
  /** `http://address:port`. */
  url: string;
  /** Absent when HTTPS was not requested, or could not listen. */
  https?: { address: string; port: number };
  /** Stops accepting requests, gives running ones a grace period, then closes every connection. */
  stop(): Promise<void>;
}

const CLOSED: AdmissionOptions = {
  hosts: createHostRule({ allowedHosts: [], isOwnName: () => false, serviceOf: () => undefined }),
  allowedOrigins: [],
};

/** Rejects with an OperationalError (AddressInUse, AddressUnavailable) when it cannot listen on `port`. */
export async function startWireServer(options: WireServerOptions): Promise<WireServer> {
  const address = options.address ?? '127.0.0.1';
  const { log, fallback } = options;
  const admission = new Admission(options.admission ?? CLOSED, log);
  let url = '';
  const { inner, further: other } = options;
  /** The URLs at addresses where the API is served, too. */
  const others = new Map<string | undefined, string>([
    ...(inner ? [[new URL(inner.url).hostname, inner.url] as const] : []),
    ...(other ? [[other.address, `http://${other.address}:${other.port}`] as const] : []),
  ]);
  const baseUrlOf = ({ socket }: IncomingMessage) => others.get(socket.localAddress) ?? url;
  const front = new Front({ ...options, baseUrlOf }, admission, () => !server.listening);
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    if (admission.refuseHosts(request, response)) return;
    if (refuseOwnCall(request, response, log)) return;
    const entry = admission.enter(request);
    if (entry.caller.kind === 'allowed page' && !entry.isForeignHost) {
      response.setHeaders(new Map(Object.entries(corsHeaders(entry.caller.origin))));
      if (isPreflight(entry.method, request.headers)) {
        return void response.writeHead(204, preflightHeaders(request.headers)).end();
      }
    }
    const refusal = admission.refusalOfRoute(entry);
    if (!fallback?.(request, response, refusal)) await front.serve(request, response, entry);
    else if (refusal !== undefined) admission.logOnce(refusal);
  };
  const { webSockets } = options;
  const server = createBoundedServer(
    (request, response) => {
      response.on('error', (error) => log.debug({ err: error }, 'a response could not be sent'));
      void serve(request, response).catch((error) => {
        log.error({ err: error }, 'a request could not be answered');
        if (response.headersSent) response.destroy();
        else response.writeHead(500, { connection: 'close' }).end();
      });
    },
    undefined,
    // Other upgrades are ignored: Java's client asks for HTTP/2.
    { shouldUpgradeCallback: (request) => webSockets?.areFor(request) === true },
  );
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', (error) => log.debug({ err: error }, 'a web socket failed'));
    const refusal = admission.refusalOfRoute(admission.enter(request));
    if (refusal !== undefined) admission.logOnce(refusal);
    if (refusal === undefined && webSockets?.take(request, socket, head)) return;
    const status = refusal === undefined ? '404 Not Found' : '403 Forbidden';
    socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
  });
  await listen(server, options.port, address);
  options.inner?.server.on('connection', (socket) => server.emit('connection', socket));
  server.on('error', (error) => log.error({ err: error }, 'the wire server failed'));
  const { port } = server.address() as AddressInfo;
  url = `http://${address}:${port}`;
  const further = options.further && (await listenFurther(server, options.further));
  const tls = options.https && (await listenWithTls(server, options.https, log));
  return {
    port,
    url,
    ...(tls && { https: { address: tls.address, port: tls.port } }),
    async stop() {
      options.inner?.server.close();
      further?.close();
      await Promise.all([close(server), tls?.stop()]);
    },
  };
}

/** Rejects as `listen` does, after closing the server. */
async function listenFurther(
  server: Server,
  { address, port }: { address: string; port: number },
): Promise<SocketServer> {
  const further = createServer((socket) => server.emit('connection', socket));
  try {
    await listen(further, port, address);
    return further;
  } catch (error) {
    await close(server);
    throw error;
  }
}

/** Does not fail when it cannot listen: few users may bind port 443, and the API works without it. */
async function listenWithTls(server: Server, tls: TlsOptions, log: Log): Promise<TlsListener | undefined> {
  try {
    return await startTlsListener(server, tls);
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    const { address, port } = tls;
    log.warn(
      { address, port, reason: error.message },
      'HTTPS is not available, so AWS’s host names cannot be used',
    );
    return undefined;
  }
}
