// The HTTP server in front of all services: how it starts and stops, and who may come in.

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
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

export interface WireServerOptions {
  services: readonly ServedService[];
  /** 0 for any free one. */
  port: number;
  /** 127.0.0.1 by default. */
  address?: string;
  /** For requests whose signature names no region. */
  defaultRegion: string;
  log: Log;
  /** The largest body taken, as sent and as unpacked; 16 MiB by default. */
  maxBodyBytes?: number;
  /** What all bodies may take together that are received and worked on; BODIES_IN_ALL by default. */
  bodiesInAll?: ByteBudgetOptions;
  /** Where the same is served under TLS as well. */
  https?: TlsOptions;
  /** By default no page is let in, and no host but addresses, loopback and AWS's own names. */
  admission?: AdmissionOptions;
  /**
   * Tried first; true when it has taken the request. `refusal` says why the caller must get nothing but that sentence.
   */
  fallback?: (request: IncomingMessage, response: ServerResponse, refusal: string | undefined) => boolean;
}

export interface WireServer {
  port: number;
  /** `http://address:port`. */
  url: string;
  /** Absent where it was not asked for, or could not listen. */
  https?: { address: string; port: number };
  /** Takes no more requests, lets those that run finish for a moment, and closes every connection. */
  stop(): Promise<void>;
}

const CLOSED: AdmissionOptions = {
  hosts: createHostRule({ allowedHosts: [], isOwnName: () => false, serviceOf: () => undefined }),
  allowedOrigins: [],
};

/** Throws an OperationalError (AddressInUse, AddressUnavailable) when it cannot listen. */
export async function startWireServer(options: WireServerOptions): Promise<WireServer> {
  const address = options.address ?? '127.0.0.1';
  const { log, fallback } = options;
  const admission = new Admission(options.admission ?? CLOSED, log);
  const front = new Front(options, admission, () => !server.listening);
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
    else if (refusal !== undefined) admission.tell(refusal);
  };
  const server = createBoundedServer((request, response) => {
    response.on('error', (error) => log.debug({ err: error }, 'an answer could not be sent'));
    void serve(request, response).catch((error) => {
      log.error({ err: error }, 'a request could not be answered');
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { connection: 'close' }).end();
    });
  });
  await listen(server, options.port, address);
  server.on('error', (error) => log.error({ err: error }, 'the wire server failed'));
  const { port } = server.address() as AddressInfo;
  const tls = options.https && (await listenWithTls(server, options.https, log));
  return {
    port,
    url: `http://${address}:${port}`,
    ...(tls && { https: { address: tls.address, port: tls.port } }),
    async stop() {
      await Promise.all([close(server), tls?.stop()]);
    },
  };
}

/** Few users may have port 443, and the API is there without it. */
async function listenWithTls(server: Server, tls: TlsOptions, log: Log): Promise<TlsListener | undefined> {
  try {
    return await startTlsListener(server, tls);
  } catch (error) {
    if (!(error instanceof OperationalError)) throw error;
    const { address, port } = tls;
    log.warn({ address, port, reason: error.message }, 'AWS’s own host names do not lead here: no HTTPS');
    return undefined;
  }
}
