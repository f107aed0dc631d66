// The HTTP server in front of all services. `answer` is the way of a request, step by step; everything that can
// go wrong on it is translated for the client in one place, once.

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { assert } from '../kernel/assert.ts';
import { OperationalError, systemCode } from '../kernel/errors.ts';
import { newRequestId } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import { arrivingBody } from './arriving-body.ts';
import { describeFailure } from './failure.ts';
import { Fault } from './fault.ts';
import { invoke } from './invoke.ts';
import { close, createBoundedServer, listen } from './listener.ts';
import { refuseForeignPages } from './origin.ts';
import { refuseOwnCall } from './own-calls.ts';
import { refuseExpired } from './presigned.ts';
import { codecOf, dialectOf, serviceOf } from './protocol.ts';
import { ClientGone, forgetFraming, openBody, readHead, receiveBody } from './receive.ts';
import type { Codec, Reply, RequestHead, WireRequest, WireResponse } from './request.ts';
import { inPlainForm } from './s3-addressing.ts';
import { knownServices, loadSchema } from './schema.ts';
import type { ArrivingBody, ServedService } from './service.ts';
import { accountOf, readSignature, sessionTokenOf } from './signature.ts';
import { startTlsListener, type TlsListener, type TlsOptions } from './tls-listener.ts';
import { isWaiter } from './waiter.ts';

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
  /** Where the same is served under TLS as well. */
  https?: TlsOptions;
  /** Tried first; true when it has taken the request. */
  fallback?: (request: IncomingMessage, response: ServerResponse) => boolean;
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

const DEFAULT_MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Throws an OperationalError (AddressInUse, AddressUnavailable) when it cannot listen. */
export async function startWireServer(options: WireServerOptions): Promise<WireServer> {
  const address = options.address ?? '127.0.0.1';
  const { log, fallback } = options;
  const front = new Front(options, () => !server.listening);
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    if (refuseOwnCall(request, response, log)) return;
    if (!fallback?.(request, response)) await front.serve(request, response);
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

class Front {
  readonly #options: WireServerOptions;
  readonly #services: ReadonlyMap<string, ServedService>;
  readonly #maxBodyBytes: number;
  readonly #isStopping: () => boolean;

  constructor(options: WireServerOptions, isStopping: () => boolean) {
    this.#isStopping = isStopping;
    this.#options = options;
    for (const { name } of options.services) assert(knownServices().has(name), `${name} has a schema`);
    this.#services = new Map(options.services.map((service) => [service.name, service]));
    this.#maxBodyBytes = options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = newRequestId();
    const log = this.#options.log.child({ requestId });
    try {
      const answer = await this.#answer(request, requestId, log);
      if (!request.readableEnded) request.resume();
      // While stopping, a connection that is kept alive would only hold that up.
      if (this.#isStopping()) response.shouldKeepAlive = false;
      await send(response, answer, requestId, request.method === 'HEAD');
    } catch (error) {
      if (!(error instanceof ClientGone)) throw error;
      log.debug({}, 'the client went away');
      response.destroy();
    }
  }

  async #answer(request: IncomingMessage, requestId: string, log: Log): Promise<WireResponse> {
    const progress: Progress = {
      codec: codecOf(UNREADABLE_HEAD, undefined),
      reply: { service: undefined, requestId },
      operation: undefined,
    };
    const { reply } = progress;
    try {
      const { service, call, signature, sessionToken } = await this.#read(request, progress);
      const operation = (progress.operation = call.operation.name);
      const output = await invoke(service, call.operation, call.decode(), progress.codec.missing, {
        service: service.name,
        operation,
        requestId,
        accountId: accountOf(signature),
        region: signature?.region ?? this.#options.defaultRegion,
        ...(signature ? { accessKeyId: signature.accessKeyId } : {}),
        ...(sessionToken === undefined ? {} : { sessionToken }),
        ...(isWaiter(request.headers['user-agent']) && { isWaiter: true }),
      });
      const answer = progress.codec.encode(call.operation, output, reply);
      log.debug({ service: service.name, operation, status: answer.status }, 'answered');
      return answer;
    } catch (error) {
      if (error instanceof ClientGone) throw error;
      const failure = describeFailure(error, reply.service);
      const fields = { service: reply.service?.name, operation: progress.operation, code: failure.code };
      if (error instanceof Fault) log.debug(fields, failure.message);
      else log.error({ ...fields, err: error }, 'a request failed');
      return progress.codec.encodeFailure(failure, reply);
    }
  }

  /** Which operation of which service is meant, and its input, ready to be decoded. */
  async #read(request: IncomingMessage, progress: Progress) {
    let head = readHead(request);
    progress.codec = codecOf(head, undefined);
    refuseForeignPages(head);
    const signature = readSignature(head);
    const sessionToken = sessionTokenOf(head);
    progress.codec = codecOf(head, signature?.service);
    const isRest = dialectOf(head) === 'rest';
    const body = isRest ? NOTHING : await this.#receive(request, head);
    const name = serviceOf({ ...head, body }, signature, this.#services);
    const served = this.#services.get(name)!;
    const service = 'load' in served ? await served.load() : served;
    const schema = (progress.reply.service = loadSchema(name));
    const codec = (progress.codec = codecOf(head, name));
    if (name === 's3') {
      refuseExpired(head, Date.now());
      head = inPlainForm(head);
    }
    const whole: WireRequest = { ...head, body };
    const call = codec.read(schema, whole);
    if (isRest) {
      // The head alone names the operation, which may want the body as it comes.
      progress.operation = call.operation.name;
      if (service.takesStreams?.has(call.operation.name)) whole.arriving = takeArriving(request, head);
      else whole.body = await this.#receive(request, head);
    }
    return { service, signature, sessionToken, call };
  }

  async #receive(request: IncomingMessage, head: RequestHead): Promise<Buffer> {
    const maxBytes = this.#maxBodyBytes;
    const body = await receiveBody(request, maxBytes);
    return openBody(head, body, { mayBeCompressed: dialectOf(head) !== 'rest', maxBytes });
  }
}

/** How far a request has been understood: what the answer to a failure depends on. */
interface Progress {
  codec: Codec;
  reply: Reply;
  operation: string | undefined;
}

const NOTHING = Buffer.alloc(0);
const UNREADABLE_HEAD: RequestHead = {
  method: 'GET',
  url: new URL('http://millpond/'),
  path: '/',
  headers: {},
};

function takeArriving(request: IncomingMessage, head: RequestHead): ArrivingBody {
  const arriving = arrivingBody(request, head);
  forgetFraming(head);
  return arriving;
}

async function send(
  response: ServerResponse,
  answer: WireResponse,
  requestId: string,
  isHead: boolean,
): Promise<void> {
  const hasNoBody = answer.status === 204 || answer.status === 304 || isHead;
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  const hasLength = body instanceof Uint8Array && answer.status !== 204 && answer.status !== 304;
  try {
    response.writeHead(answer.status, {
      'x-amzn-requestid': requestId,
      'x-amz-request-id': requestId,
      ...(hasLength ? { 'content-length': body.byteLength } : {}),
      ...answer.headers,
    });
    if (body instanceof Uint8Array) return void response.end(hasNoBody ? undefined : body);
    await pipeline(body, response);
  } catch (error) {
    if (body instanceof Uint8Array) throw error;
    // Whoever reads it sees that it is cut short.
    body.destroy();
    response.destroy();
    if (systemCode(error) === 'ERR_STREAM_PREMATURE_CLOSE') throw new ClientGone();
    throw error;
  }
}
