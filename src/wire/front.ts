// Processes one API request from its head to its response: admission, protocol, service, body, operation. Every error
// that is thrown on the way becomes the client's response in one place.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { assert } from '../kernel/assert.ts';
import { ByteBudget, type ByteBudgetOptions, type HeldBytes } from '../kernel/byte-budget.ts';
import { newRequestId } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import { turnEnd } from '../kernel/turn.ts';
import type { Admission, Entry } from './admission/admission.ts';
import { exposedHeaders, isPreflight } from './admission/cors.ts';
import { isSigningHeader, type RequestedOperation } from './admission/rules.ts';
import { isRunnable, mayRun, SANDBOX } from './admission/runnable.ts';
import {
  BODY_MEMORY,
  hasBlobMember,
  MAX_PAYLOAD_BYTES,
  maxDocumentBytes,
  restBodyOf,
} from './body-limits.ts';
import { createBodyStream } from './body-stream.ts';
import { describeFailure } from './failure.ts';
import { Fault } from './fault.ts';
import type { FormDialect, HttpDialect } from './http-dialect.ts';
import { invoke } from './invoke.ts';
import { extractLargeBlobs } from './large-json.ts';
import {
  codecOf,
  type Dialect,
  defaultRestService,
  dialectOf,
  serviceOf,
  targetedOperation,
} from './protocol.ts';
import { ClientGone, decodeContent, dropFramingEncoding, readHead, receiveBody } from './receive.ts';
import type { Call, Codec, Reply, RequestHead, WireRequest, WireResponse } from './request.ts';
import { knownServices, loadSchema, type Operation } from './schema.ts';
import { hasBody, send } from './send.ts';
import type { BodyStream, Client, ServedService, Service } from './service.ts';
import { accountOf, readSignature, type Signature, sessionTokenOf } from './signature.ts';
import { isWaiter } from './waiter.ts';

/** What the request pipeline needs from the server that owns it. */
export interface FrontOptions {
  services: readonly ServedService[];
  /** The region of requests whose signature names none. */
  defaultRegion: string;
  /** The URL of the API, as the client of this request reached it. */
  baseUrlOf(request: IncomingMessage): string;
  log: Log;
  /** The limit for one body in bytes, both as sent and decompressed; 16 MiB by default. */
  maxBodyBytes?: number;
  /** The memory limit for all bodies together; BODY_MEMORY by default. */
  bodyMemory?: ByteBudgetOptions;
}

const DEFAULT_MAX_BODY_BYTES = 16 * 1024 * 1024;

/** Serves the requests of all services. The server has already read the caller and the host of each (Entry). */
export class Front {
  readonly #options: FrontOptions;
  readonly #admission: Admission;
  readonly #services: ReadonlyMap<string, ServedService>;
  readonly #maxBodyBytes: number;
  readonly #bodies: ByteBudget;
  readonly #isStopping: () => boolean;

  constructor(options: FrontOptions, admission: Admission, isStopping: () => boolean) {
    this.#admission = admission;
    this.#isStopping = isStopping;
    this.#options = options;
    for (const { name } of options.services) assert(knownServices().has(name), `${name} has a schema`);
    this.#services = new Map(options.services.map((service) => [service.name, service]));
    this.#maxBodyBytes = options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
    this.#bodies = new ByteBudget(options.bodyMemory ?? BODY_MEMORY);
  }

  async serve(request: IncomingMessage, response: ServerResponse, entry: Entry): Promise<void> {
    const requestId = newRequestId();
    try {
      const answer = await this.#answer(request, entry, requestId);
      const { headers } = answer;
      if (!request.readableEnded) request.resume();
      // During shutdown, a connection that is kept alive would delay the end.
      if (this.#isStopping()) response.shouldKeepAlive = false;
      if (mayRun(request.headers) && hasBody(answer.status) && isRunnable(headers['content-type'])) {
        headers['content-security-policy'] = SANDBOX;
      }
      headers['x-amzn-requestid'] ??= requestId;
      headers['x-amz-request-id'] ??= requestId;
      // A browser must not reuse the cached response to one page for a page of another origin.
      if (entry.caller.kind !== 'program') headers.vary ??= 'Origin';
      if (entry.caller.kind === 'allowed page') Object.assign(headers, exposedHeaders(headers));
      await send(response, answer, request.method === 'HEAD');
    } catch (error) {
      if (!(error instanceof ClientGone)) throw error;
      this.#options.log.debug({ requestId }, 'the client closed the connection');
      response.destroy();
    }
  }

  async #answer(request: IncomingMessage, entry: Entry, requestId: string): Promise<WireResponse> {
    const progress: Progress = {
      codec: codecOf('rest', { headers: {} }, undefined),
      reply: { service: undefined, requestId },
      operation: undefined,
      corsHeaders: {},
      held: this.#bodies.hold(),
    };
    const { reply } = progress;
    try {
      const head = this.#admit(request, entry, progress);
      if (isPreflight(entry.method, request.headers)) return await this.#preflight(head, entry, progress);
      const read = await this.#read(request, head, entry, progress);
      const { service, call, signature, sessionToken } = read;
      const operation = (progress.operation = call.operation.name);
      await turnEnd();
      const input = call.decode();
      await turnEnd();
      const output = await invoke(service, call.operation, input, progress.codec.missing, {
        service: service.name,
        operation,
        requestId,
        accountId: accountOf(signature),
        region: signature?.region ?? this.#options.defaultRegion,
        ...(signature ? { accessKeyId: signature.accessKeyId } : {}),
        ...(sessionToken === undefined ? {} : { sessionToken }),
        ...(isWaiter(request.headers['user-agent']) && { isWaiter: true }),
        baseUrl: this.#options.baseUrlOf(request),
        client: clientOf(request),
      });
      const written = progress.codec.encode(call.operation, output, reply);
      const answer = read.reshape?.(written) ?? written;
      this.#dialectOf(service.name)?.complete?.(answer);
      const { status } = answer;
      this.#options.log.debug({ requestId, service: service.name, operation, status }, 'answered');
      Object.assign(answer.headers, progress.corsHeaders);
      return answer;
    } catch (error) {
      if (error instanceof ClientGone) throw error;
      const failure = describeFailure(error, reply.service, this.#dialectOf(reply.service?.name));
      const { log } = this.#options;
      const { operation } = progress;
      const fields = { requestId, service: reply.service?.name, operation, code: failure.code };
      if (error instanceof Fault) log.debug(fields, failure.message);
      else log.error({ ...fields, err: error }, 'a request failed');
      const answer = progress.codec.encodeFailure(failure, reply);
      this.#dialectOf(reply.service?.name)?.complete?.(answer);
      Object.assign(answer.headers, progress.corsHeaders);
      return answer;
    } finally {
      progress.held.release();
    }
  }

  /** Reads the head. Throws a Fault when the host or the head alone rules the request out. */
  #admit(request: IncomingMessage, entry: Entry, progress: Progress): Head {
    const head = readHead(request);
    if (entry.serviceHost !== undefined) head.serviceHost = entry.serviceHost;
    const dialect = dialectOf(head);
    progress.codec = codecOf(dialect, head, undefined);
    this.#admission.checkHead(entry, { isQuery: dialect !== 'rest' }, progress.codec.accessDenied);
    return Object.assign(head, { dialect });
  }

  /** Answers the preflight request of a page whose origin is not allowed: the service's page rules decide. */
  async #preflight(head: Head, entry: Entry, progress: Progress): Promise<WireResponse> {
    const denied = () => this.#admission.denied('foreign page', entry, progress.codec.accessDenied);
    // A preflight request has no signature, so it is for the default REST service.
    const served = defaultRestService(this.#services);
    const { path } = served?.dialect?.normalize?.(head) ?? head;
    if (!served || path === '/') throw denied();
    const rules = (await this.#load(served.name)).pageRules;
    if (!rules) throw denied();
    const { headers } = head;
    const names = String(headers['access-control-request-headers'] ?? '').split(',');
    progress.reply.service = loadSchema(served.name);
    progress.codec = this.#codecOf(head, served.name);
    const answer = rules.preflightHeaders({
      ...{ path, origin: String(headers.origin) },
      method: String(headers['access-control-request-method']),
      headers: names.map((name) => name.trim().toLowerCase()).filter((name) => name !== ''),
    });
    if (!answer) throw denied();
    return { status: 200, headers: answer, body: '' };
  }

  #dialectOf(service: string | undefined): HttpDialect | undefined {
    return service === undefined ? undefined : this.#services.get(service)?.dialect;
  }

  #codecOf(head: Head, service: string | undefined): Codec {
    const own = this.#dialectOf(service)?.codec;
    return head.dialect === 'rest' && own ? own : codecOf(head.dialect, head, service);
  }

  /** Finds the service and the operation, checks that the caller may use it, and receives the body. */
  async #read(request: IncomingMessage, given: Head, entry: Entry, progress: Progress): Promise<ReadCall> {
    let head: RequestHead = given;
    const { dialect } = given;
    const isRest = dialect === 'rest';
    const signature = readSignature(head);
    const sessionToken = sessionTokenOf(head);
    progress.codec = this.#codecOf(given, signature?.service);
    const body = isRest ? NOTHING : await this.#receiveDocument(request, given, progress);
    await turnEnd();
    let whole: WireRequest = Object.assign(head, { body });
    if (body.length > maxDocumentBytes(dialect)) await cutOutBlobs(whole);
    const name = serviceOf(whole, dialect, signature, this.#services);
    const schema = (progress.reply.service = loadSchema(name));
    await turnEnd();
    const codec = (progress.codec = this.#codecOf(given, name));
    const own = this.#dialectOf(name);
    own?.refuse?.(head, Date.now());
    if (own?.normalize) {
      head = own.normalize(head);
      whole = { ...head, body };
    }
    if (own?.form?.isForm(head))
      return await this.#readForm(request, { name, head, form: own.form }, entry, progress);
    const call = codec.read(schema, whole);
    progress.operation = call.operation.name;
    await this.#checkOperation(head, entry, progress, {
      ...{
        service: name,
        dialect: own,
        operation: call.operation.name,
        method: head.method,
        isQuery: !isRest,
      },
      hasSigningHeader: isSigningHeader(head.headers.authorization),
      isSigned: signature !== undefined,
    });
    await turnEnd();
    // The service is loaded after the check, so that a refused request does not load it.
    const service = await this.#load(name);
    if (isRest) {
      // The head alone names the operation. The operation may read its body as a stream.
      if (service.takesStreams?.has(call.operation.name))
        whole.bodyStream = takeBodyStream(request, head, progress.held);
      else await this.#receiveRest(request, whole, progress, call.operation);
    }
    return { service, signature, sessionToken, call };
  }

  /** Reads an HTML form and converts it to the equivalent request. */
  async #readForm(
    request: IncomingMessage,
    { name, head, form }: { name: string; head: RequestHead; form: FormDialect },
    entry: Entry,
    progress: Progress,
  ): Promise<ReadCall> {
    const dialect = this.#dialectOf(name);
    const asked = { service: name, dialect, operation: form.operation, method: 'POST', isQuery: false };
    const check = (isSigned: boolean) =>
      this.#checkOperation(head, entry, progress, { ...asked, hasSigningHeader: false, isSigned });
    // The first check assumes a signature: a page that may not post at all is refused before its file is received.
    await check(true);
    const body = await this.#receive(request, head, progress, Number.POSITIVE_INFINITY, false);
    const post = form.read(head, body, Date.now());
    await check(post.isSigned);
    return {
      service: await this.#load(name),
      call: progress.codec.read(loadSchema(name), { ...post.head, body: post.file }),
      signature: readSignature(post.head),
      sessionToken: sessionTokenOf(post.head),
      reshape: post.reshape,
    };
  }

  async #checkOperation(head: RequestHead, entry: Entry, progress: Progress, asked: RequestedOperation) {
    const pageRules = async () => (await this.#load(asked.service)).pageRules;
    const { accessDenied } = progress.codec;
    progress.corsHeaders = await this.#admission.checkOperation(
      entry,
      asked,
      head.path,
      pageRules,
      accessDenied,
    );
  }

  async #load(name: string): Promise<Service> {
    const served = this.#services.get(name);
    if (!served) throw new Fault('UnknownService', `Millpond has no service ${name} here.`, { status: 404 });
    return 'load' in served ? await served.load() : served;
  }

  async #receiveRest(
    request: IncomingMessage,
    whole: WireRequest,
    progress: Progress,
    operation: Operation,
  ): Promise<void> {
    const kind = restBodyOf(operation);
    const mostBytes = {
      payload: MAX_PAYLOAD_BYTES,
      document: maxDocumentBytes('rest'),
      'document with blobs': Number.POSITIVE_INFINITY,
    }[kind];
    whole.body = await this.#receive(request, whole, progress, mostBytes, false);
    if (kind !== 'document with blobs' || whole.body.length <= LARGE_JSON_BYTES) return;
    if (!whole.headers['content-type']?.includes('xml')) await cutOutBlobs(whole);
  }

  /** A JSON document may be as long as its base64. */
  async #receiveDocument(request: IncomingMessage, head: Head, progress: Progress): Promise<Buffer> {
    const operation = head.dialect === 'json' ? targetedOperation(head) : undefined;
    const mostBytes =
      operation && hasBlobMember(operation) ? Number.POSITIVE_INFINITY : maxDocumentBytes(head.dialect);
    return await this.#receive(request, head, progress, mostBytes, true);
  }

  async #receive(
    request: IncomingMessage,
    head: RequestHead,
    { held }: Progress,
    mostBytes: number,
    mayBeCompressed: boolean,
  ): Promise<Buffer> {
    const maxBytes = Math.min(this.#maxBodyBytes, mostBytes);
    const body = await receiveBody(request, maxBytes, held);
    return decodeContent(head, body, { mayBeCompressed, maxBytes });
  }
}

/** What is known of the request so far. The response to a failure depends on it. */
interface Progress {
  codec: Codec;
  reply: Reply;
  operation: string | undefined;
  /** CORS headers for a page that the service's page rules allow. */
  corsHeaders: Record<string, string>;
  /** The memory of the body, held until the response is written. */
  held: HeldBytes;
}

interface ReadCall {
  service: Service;
  call: Call;
  signature: Signature | undefined;
  sessionToken: string | undefined;
  /** Changes the operation's response, for a request that came as a form. */
  reshape?: (answer: WireResponse) => WireResponse;
}

interface Head extends RequestHead {
  dialect: Dialect;
}

const NOTHING = Buffer.alloc(0);
/** Larger JSON bodies are parsed piece by piece. */
const LARGE_JSON_BYTES = 1024 * 1024;

async function cutOutBlobs(request: WireRequest): Promise<void> {
  const { document, blobs } = await extractLargeBlobs(request.body);
  Object.assign(request, { body: document, blobs });
}

function takeBodyStream(request: IncomingMessage, head: RequestHead, held: HeldBytes): BodyStream {
  const stream = createBodyStream(request, head, held);
  dropFramingEncoding(head);
  return stream;
}

function clientOf({ socket }: IncomingMessage): Client {
  return {
    get isGone() {
      return socket.destroyed;
    },
    onGone(listener) {
      socket.once('close', listener);
      return () => socket.off('close', listener);
    },
  };
}
