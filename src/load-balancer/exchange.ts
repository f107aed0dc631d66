// One request and its answer: sends the answer, and counts it.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ZoneCounts } from './counts.ts';
import type { BalancerAttributes } from './load-balancers.ts';
import { type OwnStatus, page, rawPage, SERVER } from './pages.ts';

/** Where a request arrived. */
export interface Site {
  readonly counts: ZoneCounts;
  readonly attributes: BalancerAttributes;
  /** The balancer's address at which it arrived. */
  readonly address: string;
  /** Nothing listens any more: connections close after the answers in progress. */
  readonly isLeaving: boolean;
}

const CURRENT = Symbol('the exchange of a connection');
type Owned = Duplex & { [CURRENT]?: Exchange };

/** A request with its answer. */
export class Exchange {
  readonly site: Site;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Called when the client is gone before it has the whole answer. */
  whenGone: (() => void) | undefined;
  #isAnswered = false;

  constructor(site: Site, request: IncomingMessage, response: ServerResponse) {
    this.site = site;
    this.request = request;
    this.response = response;
    response.on('error', () => {});
    response.once('close', () => this.#closed());
    (request.socket as Owned)[CURRENT] = this;
  }

  /** The exchange that a client's connection is or was last used for. */
  static of(socket: Duplex): Exchange | undefined {
    return (socket as Owned)[CURRENT];
  }

  /** Whether an answer has begun, or nobody waits for one. */
  get isOver(): boolean {
    return this.#isAnswered || this.response.destroyed;
  }

  /** Whether the request has a body. */
  get hasBody(): boolean {
    const { headers } = this.request;
    return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
  }

  /** The client has sent everything, and waits: only the target's time counts. */
  received(): void {
    this.request.socket.setTimeout(0);
  }

  /** Answers with AWS's page for a status. */
  page(status: OwnStatus, headers: readonly string[] = []): void {
    const { reason, body } = page(status);
    this.own(status, reason, [...headers, 'Content-Type', 'text/html'], body);
  }

  /** Answers with AWS's page in the middle of the request, whose rest is not waited for, and ends the connection. */
  refuse(status: OwnStatus): void {
    if (this.isOver) return;
    this.#isAnswered = true;
    this.site.counts.addOwnAnswer(status);
    this.request.resume();
    endWith(this.request.socket, rawPage(status));
  }

  /** Answers in the balancer's own name. */
  own(status: number, reason: string | undefined, headers: readonly string[], body: Buffer): void {
    if (this.isOver) return;
    this.site.counts.addOwnAnswer(status);
    this.send(status, reason, ['Server', SERVER, ...headers], body);
  }

  /** Sends a whole answer. */
  send(status: number, reason: string | undefined, headers: readonly string[], body: Buffer): void {
    if (this.isOver) return;
    const hasNoBody = status === 204 || status === 304;
    const length = hasNoBody ? [] : ['Content-Length', String(body.length)];
    this.begin(status, reason, [...headers, ...length]);
    this.response.end(hasNoBody ? undefined : body);
  }

  /** Begins an answer whose body follows on `response`. */
  begin(status: number, reason: string | undefined, headers: readonly string[]): void {
    this.#isAnswered = true;
    const { request, response, site } = this;
    // A client that does not read is given up.
    request.socket.setTimeout(site.attributes.idleTimeoutSeconds * 1_000);
    // In HTTP/1.0 the end of a body without a length is that of the connection.
    const hasEnd = request.httpVersion !== '1.0' || hasName(headers, 'content-length');
    const stays = response.shouldKeepAlive && !site.isLeaving && hasEnd;
    const all = [...headers, 'Connection', stays ? 'keep-alive' : 'close'];
    if (reason === undefined) response.writeHead(status, all);
    else response.writeHead(status, reason, all);
  }

  #closed(): void {
    countBytes(this.site.counts, this.request.socket);
    if (!this.#isAnswered) {
      this.#isAnswered = true;
      // AWS: 460, or 400 where the client had not sent the whole request. Nobody receives it.
      this.site.counts.addOwnAnswer(this.request.complete ? 460 : 400);
    }
    if (!this.response.writableFinished) this.whenGone?.();
    // Its answer had begun before the server was closed.
    else if (this.site.isLeaving) this.request.socket.destroySoon();
  }
}

/** Whether there is a header of this name, which is in lower case. */
export const hasName = (headers: readonly string[], name: string): boolean =>
  headers.some((each, index) => index % 2 === 0 && each.toLowerCase() === name);

const LINGER_MS = 1_000;

/** Sends the last bytes of a connection. It is closed with a delay: a client that still sends would not read them. */
export function endWith(socket: Duplex, bytes: Buffer): void {
  socket.end(bytes);
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

const COUNTED = Symbol('bytes that are counted');

/** Counts the bytes of a client's connection since the last call. */
export function countBytes(counts: ZoneCounts, socket: Socket & { [COUNTED]?: number }): void {
  const bytes = socket.bytesRead + socket.bytesWritten;
  const since = bytes - (socket[COUNTED] ?? 0);
  socket[COUNTED] = bytes;
  if (since > 0) counts.add('ProcessedBytes', since);
}
