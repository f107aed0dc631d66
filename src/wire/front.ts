// The way of a request through the API, step by step, from its head to its answer. Everything that can go wrong on it is
// translated for the client in one place, once.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { assert } from '../kernel/assert.ts';
import { ByteBudget, type ByteBudgetOptions, type HeldBytes } from '../kernel/byte-budget.ts';
import { newRequestId } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import { turnEnd } from '../kernel/turn.ts';
import type { Admission, Entry } from './admission/admission.ts';
import { exposedHeaders, isPreflight } from './admission/cors.ts';
import { type AskedOperation, isSigningHeader } from './admission/rules.ts';
import { isRunnable, mayRun, SANDBOX } from './admission/runnable.ts';
import { arrivingBody } from './arriving-body.ts';
import { BODIES_IN_ALL, MOST_PAYLOAD_BYTES, mostBytesOf, restBodyOf } from './body-limits.ts';
import { describeFailure } from './failure.ts';
import { Fault } from './fault.ts';
import { invoke } from './invoke.ts';
import { openLargeJson } from './large-json.ts';
import { refuseExpired } from './presigned.ts';
import { codecOf, type Dialect, dialectOf, serviceOf } from './protocol.ts';
import { ClientGone, forgetFraming, openBody, readHead, receiveBody } from './receive.ts';
import type { Call, Codec, Reply, RequestHead, WireRequest, WireResponse } from './request.ts';
import { bucketOf, inPlainForm } from './s3-addressing.ts';
import { isFormPost, readFormPost } from './s3-form-post.ts';
import { knownServices, loadSchema, type Operation } from './schema.ts';
import { hasBody, send } from './send.ts';
import type { ArrivingBody, Client, ServedService, Service } from './service.ts';
import { accountOf, readSignature, type Signature, sessionTokenOf } from './signature.ts';
import { isWaiter } from './waiter.ts';

export interface FrontOptions {
  services: readonly ServedService[];
  /** For requests whose signature names no region. */
  defaultRegion: string;
  log: Log;
  /** The largest body taken, as sent and as unpacked; 16 MiB by default. */
  maxBodyBytes?: number;
  /** What bodies may take together; BODIES_IN_ALL by default. */
  bodiesInAll?: ByteBudgetOptions;
}

const DEFAULT_MAX_BODY_BYTES = 16 * 1024 * 1024;

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
    this.#bodies = new ByteBudget(options.bodiesInAll ?? BODIES_IN_ALL);
  }

  async serve(request: IncomingMessage, response: ServerResponse, entry: Entry): Promise<void> {
    const requestId = newRequestId();
    try {
      const answer = await this.#answer(request, entry, requestId);
      const { headers } = answer;
      if (!request.readableEnded) request.resume();
      // While stopping, a connection that is kept alive would only hold that up.
      if (this.#isStopping()) response.shouldKeepAlive = false;
      if (mayRun(request.headers) && hasBody(answer.status) && isRunnable(headers['content-type'])) {
        headers['content-security-policy'] = SANDBOX;
      }
      headers['x-amzn-requestid'] ??= requestId;
      headers['x-amz-request-id'] ??= requestId;
      // What a browser keeps of an answer to one page must not be taken for the answer to another.
      if (entry.caller.kind !== 'program') headers.vary ??= 'Origin';
      if (entry.caller.kind === 'allowed page') Object.assign(headers, exposedHeaders(headers));
      await send(response, answer, request.method === 'HEAD');
    } catch (error) {
      if (!(error instanceof ClientGone)) throw error;
      this.#options.log.debug({ requestId }, 'the client went away');
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
        client: presenceOf(request),
      });
      const written = progress.codec.encode(call.operation, output, reply);
      const answer = read.reshape?.(written) ?? written;
      const { status } = answer;
      this.#options.log.debug({ requestId, service: service.name, operation, status }, 'answered');
      Object.assign(answer.headers, progress.corsHeaders);
      return answer;
    } catch (error) {
      if (error instanceof ClientGone) throw error;
      const failure = describeFailure(error, reply.service);
      const { log } = this.#options;
      const { operation } = progress;
      const fields = { requestId, service: reply.service?.name, operation, code: failure.code };
      if (error instanceof Fault) log.debug(fields, failure.message);
      else log.error({ ...fields, err: error }, 'a request failed');
      const answer = progress.codec.encodeFailure(failure, reply);
      Object.assign(answer.headers, progress.corsHeaders);
      return answer;
    } finally {
      progress.held.release();
    }
  }

  /** The head of a request that may come this far. */
  #admit(request: IncomingMessage, entry: Entry, progress: Progress): Head {
    const head = readHead(request);
    if (entry.bucketHost !== undefined) head.bucketHost = entry.bucketHost;
    const dialect = dialectOf(head);
    progress.codec = codecOf(dialect, head, undefined);
    this.#admission.checkHead(entry, { isQuery: dialect !== 'rest' }, progress.codec.accessDenied);
    return Object.assign(head, { dialect });
  }

  /** Answers the preflight request of a page that is not allowed everything: a bucket's CORS rules may let it in. */
  async #preflight(head: Head, entry: Entry, progress: Progress): Promise<WireResponse> {
    const plain = inPlainForm(head);
    const bucket = bucketOf(plain);
    const isOfS3 = bucket !== '' && this.#services.has('s3');
    const rules = isOfS3 ? (await this.#load('s3')).pageRules : undefined;
    const origin = String(head.headers.origin);
    if (!rules) throw this.#admission.denied('foreign page', entry, progress.codec.accessDenied);
    const { headers } = head;
    const names = String(headers['access-control-request-headers'] ?? '').split(',');
    progress.reply.service = loadSchema('s3');
    const answer = rules.preflightHeaders({
      ...{ bucket, origin },
      hasKey: plain.path.length > bucket.length + 2,
      method: String(headers['access-control-request-method']),
      headers: names.map((name) => name.trim().toLowerCase()).filter((name) => name !== ''),
    });
    if (!answer) throw this.#admission.denied('foreign page', entry, progress.codec.accessDenied);
    return { status: 200, headers: answer, body: '' };
  }

  /** Which operation of which service is meant, and its input, ready to be decoded. */
  async #read(request: IncomingMessage, given: Head, entry: Entry, progress: Progress): Promise<ReadCall> {
    let head: RequestHead = given;
    const { dialect } = given;
    const isRest = dialect === 'rest';
    const signature = readSignature(head);
    const sessionToken = sessionTokenOf(head);
    progress.codec = codecOf(dialect, head, signature?.service);
    const body = isRest ? NOTHING : await this.#receive(request, head, progress, mostBytesOf(dialect), true);
    await turnEnd();
    let whole: WireRequest = Object.assign(head, { body });
    const name = serviceOf(whole, dialect, signature, this.#services);
    const schema = (progress.reply.service = loadSchema(name));
    await turnEnd();
    const codec = (progress.codec = codecOf(dialect, head, name));
    if (name === 's3') {
      refuseExpired(head, Date.now());
      head = inPlainForm(head);
      if (isFormPost(head)) return await this.#readForm(request, head, entry, progress);
      whole = { ...head, body };
    }
    const call = codec.read(schema, whole);
    progress.operation = call.operation.name;
    await this.#checkOperation(head, entry, progress, {
      ...{ service: name, operation: call.operation.name, method: head.method, isQuery: !isRest },
      hasSigningHeader: isSigningHeader(head.headers.authorization),
      isSigned: signature !== undefined,
    });
    await turnEnd();
    // After the check: a refused request must not cause a service to be loaded.
    const service = await this.#load(name);
    if (isRest) {
      // The head alone names the operation, which may want the body as it comes.
      if (service.takesStreams?.has(call.operation.name))
        whole.arriving = takeArriving(request, head, progress.held);
      else await this.#receiveRest(request, whole, progress, call.operation);
    }
    return { service, signature, sessionToken, call };
  }

  /** An object that comes as an HTML form. */
  async #readForm(
    request: IncomingMessage,
    head: RequestHead,
    entry: Entry,
    progress: Progress,
  ): Promise<ReadCall> {
    const put = { service: 's3', operation: 'PutObject', method: 'POST', isQuery: false };
    const check = (isSigned: boolean) =>
      this.#checkOperation(head, entry, progress, { ...put, hasSigningHeader: false, isSigned });
    // First as if it were signed: a page that may not post at all is refused before its file is received.
    await check(true);
    const form = readFormPost(
      head,
      await this.#receive(request, head, progress, Number.POSITIVE_INFINITY, false),
      Date.now(),
    );
    await check(form.isSigned);
    return {
      service: await this.#load('s3'),
      call: progress.codec.read(loadSchema('s3'), { ...form.head, body: form.file }),
      signature: readSignature(form.head),
      sessionToken: sessionTokenOf(form.head),
      reshape: form.reshape,
    };
  }

  async #checkOperation(head: RequestHead, entry: Entry, progress: Progress, asked: AskedOperation) {
    const bucketRules = async () => ({
      rules: (await this.#load(asked.service)).pageRules,
      bucket: bucketOf(head),
    });
    const { accessDenied } = progress.codec;
    progress.corsHeaders = await this.#admission.checkOperation(entry, asked, bucketRules, accessDenied);
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
      payload: MOST_PAYLOAD_BYTES,
      document: mostBytesOf('rest'),
      'document with blobs': Number.POSITIVE_INFINITY,
    }[kind];
    whole.body = await this.#receive(request, whole, progress, mostBytes, false);
    if (kind !== 'document with blobs' || whole.body.length <= LARGE_JSON_BYTES) return;
    if (!whole.headers['content-type']?.includes('xml')) {
      const { document, blobs } = await openLargeJson(whole.body);
      Object.assign(whole, { body: document, blobs });
    }
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
    return openBody(head, body, { mayBeCompressed, maxBytes });
  }
}

/** How far a request has been understood: what the answer to a failure depends on. */
interface Progress {
  codec: Codec;
  reply: Reply;
  operation: string | undefined;
  /** For a page that a bucket's rules let in. */
  corsHeaders: Record<string, string>;
  /** Its body, until it is answered. */
  held: HeldBytes;
}

interface ReadCall {
  service: Service;
  call: Call;
  signature: Signature | undefined;
  sessionToken: string | undefined;
  /** Where the answer is not to look as the operation's does. */
  reshape?: (answer: WireResponse) => WireResponse;
}

interface Head extends RequestHead {
  dialect: Dialect;
}

const NOTHING = Buffer.alloc(0);
/** What is larger is not read at once. */
const LARGE_JSON_BYTES = 1024 * 1024;

function takeArriving(request: IncomingMessage, head: RequestHead, held: HeldBytes): ArrivingBody {
  const arriving = arrivingBody(request, head, held);
  forgetFraming(head);
  return arriving;
}

function presenceOf({ socket }: IncomingMessage): Client {
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
