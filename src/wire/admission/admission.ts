// Applies the rules of this folder to a request: first to its host, then to its head, then to its operation. A refusal
// becomes a Fault and is logged once. The rules are pure functions in the other files of this folder.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../../kernel/log.ts';
import { Fault } from '../fault.ts';
import type { ServiceHost } from '../request.ts';
import type { PageRules } from '../service.ts';
import { type Caller, callerOf } from './caller.ts';
import type { HostRule } from './host.ts';
import { refusalText } from './refusals.ts';
import { judge, judgeHead, judgeRoute, type Refusal, type RequestedOperation } from './rules.ts';

/** The hosts and the web page origins that may use the API. */
export interface AdmissionOptions {
  hosts: HostRule;
  /** In the form of the Origin header, for example `http://localhost:3000`. */
  allowedOrigins: readonly string[];
}

/** A request whose host has been checked. */
export interface Entry {
  readonly caller: Caller;
  /** The Host header as sent; may be absent in HTTP/1.0. */
  readonly host: string | undefined;
  readonly method: string;
  /** Present when the host is the name of one service or of one of its resources. */
  readonly serviceHost: ServiceHost | undefined;
  readonly isForeignHost: boolean;
}

const MAX_LOGGED_REFUSALS = 100;

/** Decides which requests the API accepts. */
export class Admission {
  readonly #hosts: HostRule;
  readonly #allowedOrigins: ReadonlySet<string>;
  readonly #log: Log;
  /** Refusals that are in the log already. */
  readonly #logged = new Set<string>();

  constructor({ hosts, allowedOrigins }: AdmissionOptions, log: Log) {
    this.#hosts = hosts;
    this.#allowedOrigins = new Set(allowedOrigins);
    this.#log = log;
  }

  /** Answers 400 to a request with more than one Host header (RFC 9112, 3.2). Returns true when it has answered. */
  refuseHosts(request: IncomingMessage, response: ServerResponse): boolean {
    if (countHosts(request.rawHeaders) <= 1) return false;
    this.#log.debug({ part: 'admission' }, 'a request has several Host headers');
    response.writeHead(400, { 'content-type': 'text/plain', connection: 'close' });
    response.end('A request must have one Host header.\n');
    return true;
  }

  /** Reads the caller and the host of a request. It refuses nothing. */
  enter(request: IncomingMessage): Entry {
    const { headers, httpVersion, method = 'GET', url = '/' } = request;
    const { host } = headers;
    let meaning = this.#hosts(host, httpVersion);
    // The host in an absolute request target takes precedence over the Host header.
    const target = url.startsWith('/') ? undefined : URL.parse(url)?.host;
    if (target !== undefined && meaning === 'own') meaning = this.#hosts(target, httpVersion);
    return {
      caller: callerOf(headers, this.#allowedOrigins),
      ...{ host, method },
      serviceHost: typeof meaning === 'object' ? meaning : undefined,
      isForeignHost: meaning === 'foreign',
    };
  }

  /** Why the caller may not use a route outside of the API; `undefined` when it may. Does not log. */
  refusalOfRoute(entry: Entry): string | undefined {
    const isOwnHost = !entry.isForeignHost && entry.serviceHost === undefined;
    const refusal = isOwnHost ? judgeRoute(entry.caller, entry.method) : 'foreign host';
    return refusal && refusalText(refusal, entry.caller, entry.host);
  }

  /** Throws a Fault with the protocol's `code` when the host or the head alone rules the request out. */
  checkHead(entry: Entry, asked: { isQuery: boolean }, code: string): void {
    if (entry.isForeignHost) throw this.denied('foreign host', entry, code);
    const verdict = judgeHead(entry.caller, { method: entry.method, ...asked });
    if (verdict.admitted === false) throw this.denied(verdict.refusal, entry, code);
  }

  /** Returns CORS headers for the response. Throws a Fault with the protocol's `code` when the caller is refused. */
  async checkOperation(
    entry: Entry,
    asked: RequestedOperation,
    path: string,
    pageRules: () => Promise<PageRules | undefined>,
    code: string,
  ): Promise<Record<string, string>> {
    const verdict = judge(entry.caller, asked);
    if (verdict.admitted === true) return {};
    if (verdict.admitted === false) throw this.denied(verdict.refusal, entry, code);
    const rules = await pageRules();
    const headers = rules?.corsHeaders({ path, origin: verdict.origin, method: asked.method });
    if (headers) return headers;
    if (verdict.isRead && verdict.origin !== 'null') return {};
    throw this.denied('foreign page', entry, code);
  }

  /** Logs the refusal and returns its Fault (403) with the protocol's `code`. */
  denied(refusal: Refusal, entry: Pick<Entry, 'caller' | 'host'>, code: string): Fault {
    const sentence = refusalText(refusal, entry.caller, entry.host);
    this.logOnce(sentence);
    return new Fault(code, sentence, { status: 403 });
  }

  /** Logs a refusal once per host and origin, since the browser shows the user of a refused page no reason. */
  logOnce(sentence: string): void {
    if (this.#logged.size >= MAX_LOGGED_REFUSALS || this.#logged.has(sentence)) return;
    this.#logged.add(sentence);
    this.#log.warn({ part: 'admission' }, sentence);
  }
}

/** `rawHeaders` alternates names and values. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.length === HOST.length && name.toLowerCase() === HOST) count++;
  }
  return count;
}

const HOST = 'host';
