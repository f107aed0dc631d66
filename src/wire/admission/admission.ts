// Applies the rules of this folder to a request: first to its host, then to its head, then to the operation that it
// names. A refusal becomes a Fault, and is logged once. The rules themselves are pure, in the files beside this one.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../../kernel/log.ts';
import { Fault } from '../fault.ts';
import type { ServiceHost } from '../request.ts';
import type { PageRules } from '../service.ts';
import { type Caller, callerOf } from './caller.ts';
import type { HostRule } from './host.ts';
import { sentenceOf } from './refusals.ts';
import { type AskedOperation, judge, judgeHead, judgeRoute, type Refusal } from './rules.ts';

export interface AdmissionOptions {
  hosts: HostRule;
  /** As browsers write them in Origin headers. */
  allowedOrigins: readonly string[];
}

/** A request whose host was looked at. */
export interface Entry {
  readonly caller: Caller;
  /** As it stands in the head; absent from HTTP/1.0. */
  readonly host: string | undefined;
  readonly method: string;
  /** Where the host is a name of one service's own. */
  readonly serviceHost: ServiceHost | undefined;
  readonly isForeignHost: boolean;
}

const MOST_TOLD = 100;

export class Admission {
  readonly #hosts: HostRule;
  readonly #allowedOrigins: ReadonlySet<string>;
  readonly #log: Log;
  /** Hosts and origins whose refusal the log has told of. */
  readonly #told = new Set<string>();

  constructor({ hosts, allowedOrigins }: AdmissionOptions, log: Log) {
    this.#hosts = hosts;
    this.#allowedOrigins = new Set(allowedOrigins);
    this.#log = log;
  }

  /** Answers a request with more than one Host header by 400, as RFC 9112 (3.2) demands; true when it has. */
  refuseHosts(request: IncomingMessage, response: ServerResponse): boolean {
    if (countHosts(request.rawHeaders) <= 1) return false;
    this.#log.debug({ part: 'admission' }, 'a request has several Host headers');
    response.writeHead(400, { 'content-type': 'text/plain', connection: 'close' });
    response.end('A request must have one Host header.\n');
    return true;
  }

  enter(request: IncomingMessage): Entry {
    const { headers, httpVersion, method = 'GET', url = '/' } = request;
    const { host } = headers;
    let meaning = this.#hosts(host, httpVersion);
    // A target with a host of its own is meant for that one, whatever the header says.
    const target = url.startsWith('/') ? undefined : URL.parse(url)?.host;
    if (target !== undefined && meaning === 'own') meaning = this.#hosts(target, httpVersion);
    return {
      caller: callerOf(headers, this.#allowedOrigins),
      ...{ host, method },
      serviceHost: typeof meaning === 'object' ? meaning : undefined,
      isForeignHost: meaning === 'foreign',
    };
  }

  /** Why the caller would be refused what is no operation; `undefined` when it would not. For `tell` when it was. */
  refusalOfRoute(entry: Entry): string | undefined {
    const isOwnHost = !entry.isForeignHost && entry.serviceHost === undefined;
    const refusal = isOwnHost ? judgeRoute(entry.caller, entry.method) : 'foreign host';
    return refusal && sentenceOf(refusal, entry.caller, entry.host);
  }

  /** Throws a Fault with the protocol's code where the head alone rules the request out. */
  checkHead(entry: Entry, asked: { isQuery: boolean }, code: string): void {
    if (entry.isForeignHost) throw this.denied('foreign host', entry, code);
    const verdict = judgeHead(entry.caller, { method: entry.method, ...asked });
    if (verdict.admitted === false) throw this.denied(verdict.refusal, entry, code);
  }

  /** Returns CORS headers for the answer. Throws a Fault with the protocol's code where the caller may not ask for it. */
  async checkOperation(
    entry: Entry,
    asked: AskedOperation,
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

  denied(refusal: Refusal, entry: Pick<Entry, 'caller' | 'host'>, code: string): Fault {
    const sentence = sentenceOf(refusal, entry.caller, entry.host);
    this.tell(sentence);
    return new Fault(code, sentence, { status: 403 });
  }

  /** Logs a refusal, once for each host and origin: the user of a refused page sees no more than that a request failed. */
  tell(sentence: string): void {
    if (this.#told.size >= MOST_TOLD || this.#told.has(sentence)) return;
    this.#told.add(sentence);
    this.#log.warn({ part: 'admission' }, sentence);
  }
}

/** `rawHeaders` are names and values in turn. */
function countHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.length === HOST.length && name.toLowerCase() === HOST) count++;
  }
  return count;
}

const HOST = 'host';
