// Forwards a request to an address, and its answer to the client, while both are being sent.

import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';
import { systemCode } from '../kernel/errors.ts';
import type { AddressGroup, Target } from './address-group.ts';
import type { Exchange, Site } from './exchange.ts';
import type { RequestFacts } from './request-facts.ts';
import type { StickyCookies } from './sticky-cookie.ts';
import { targetHeaders } from './target-headers.ts';

/** AWS: how long a connection to a target may take. */
const CONNECT_TIMEOUT_MS = 10_000;
/** AWS: the limit of all headers of an answer. */
const MOST_HEADER_BYTES = 32 * 1024;

/** What forwarding needs besides the request. */
export interface ForwardSurroundings {
  cookies: StickyCookies;
  sourceFor(own: string, target: string): string | undefined;
}

/** Answers the request with what a target of the group answers. */
export function toAddress(
  exchange: Exchange,
  facts: RequestFacts,
  group: AddressGroup,
  surroundings: ForwardSurroundings,
): void {
  const { site, request, response } = exchange;
  const chosen = choose(site, facts, group, surroundings);
  if (!chosen) return void exchange.page(503);
  const { target, cookies } = chosen;
  const headers = withoutConnection(targetHeaders(facts, site.attributes, Date.now()), ['transfer-encoding']);
  if (request.headers['transfer-encoding'] !== undefined) headers.push('Transfer-Encoding', 'chunked');
  const sent = open(site, facts, group, target, headers, surroundings);
  const since = performance.now();
  sent.outgoing.on('response', (incoming) => {
    if (!isWellFormed(incoming)) return void sent.outgoing.destroy();
    sent.isAnswered = true;
    countResponse(site, group, incoming, since);
    exchange.begin(incoming.statusCode!, incoming.statusMessage, [
      ...withoutConnection(incoming.rawHeaders, connectionTokens(incoming)),
      ...cookies.flatMap((cookie) => ['Set-Cookie', cookie]),
    ]);
    incoming.on('error', () => response.destroy());
    incoming.pipe(response);
  });
  sent.whenFailed((status) => {
    if (response.headersSent) response.destroy();
    // AWS: the client did not go on with its request.
    else if (status === 504 && exchange.hasBody && !request.complete) exchange.refuse(408);
    else exchange.page(status);
  });
  exchange.whenGone = () => sent.outgoing.destroy();
  if (!exchange.hasBody) {
    exchange.received();
    return void sent.outgoing.end();
  }
  request.once('end', () => exchange.received());
  request.pipe(sent.outgoing);
}

/** Chooses a target, and counts the request. */
export function choose(
  site: Site,
  facts: RequestFacts,
  group: AddressGroup,
  { cookies }: ForwardSurroundings,
): { target: Target; cookies: string[] } | undefined {
  const { arn, stickySeconds } = group.settings;
  const now = Date.now();
  const bound = stickySeconds === undefined ? undefined : cookies.read(facts.headers, arn, now);
  const target = group.pick(bound);
  if (!target) return undefined;
  site.counts.addFor(arn, 'RequestCount');
  // AWS: the average number of requests for each target; the sums of reports add up to it.
  site.counts.addFor(arn, 'RequestCountPerTarget', 1 / group.targetCount);
  if (stickySeconds === undefined) return { target, cookies: [] };
  if (target.key !== bound) site.counts.addFor(arn, 'NonStickyRequestCount');
  return { target, cookies: cookies.make(arn, target.key, stickySeconds, facts.protocol === 'https', now) };
}

/** A request to a target. */
export interface SentRequest {
  readonly outgoing: ClientRequest;
  /** Set it when an answer of HTTP has begun. */
  isAnswered: boolean;
  /** At most once, when there is no answer or it ends early: with the status that AWS answers. */
  whenFailed(listener: (status: 502 | 504) => void): void;
}

/** Opens a request; the caller sends its body. */
export function open(
  site: Site,
  facts: RequestFacts,
  group: AddressGroup,
  target: Target,
  headers: readonly string[],
  { sourceFor }: ForwardSurroundings,
): SentRequest {
  const { counts, attributes } = site;
  const { arn, protocol } = group.settings;
  const options: RequestOptions & { rejectUnauthorized: boolean } = {
    ...{ agent: group.agent, host: target.address, port: target.port },
    localAddress: sourceFor(site.address, target.address),
    ...{ method: facts.method, path: facts.query === '' ? facts.path : `${facts.path}?${facts.query}` },
    // Node's types do not know raw headers, its requests do.
    headers: headers as never,
    ...{ maxHeaderSize: MOST_HEADER_BYTES, rejectUnauthorized: false },
  };
  const { request } = process.getBuiltinModule(protocol === 'HTTPS' ? 'node:https' : 'node:http');
  const outgoing = request(options);
  let isTimedOut = false;
  let isConnected = false;
  const giveUp = () => {
    isTimedOut = true;
    outgoing.destroy(new Error('timed out'));
  };
  outgoing.setTimeout(attributes.idleTimeoutSeconds * 1_000, giveUp);
  outgoing.once('socket', (socket: Socket) => {
    if (!socket.connecting) return void (isConnected = true);
    const timer = setTimeout(giveUp, CONNECT_TIMEOUT_MS);
    const connected = () => {
      clearTimeout(timer);
      isConnected = true;
    };
    socket.once('connect', () => {
      counts.opened();
      socket.once('close', () => counts.closed());
    });
    socket.once(protocol === 'HTTPS' ? 'secureConnect' : 'connect', connected);
    socket.once('close', () => clearTimeout(timer));
  });
  target.outstanding++;
  outgoing.once('close', () => void target.outstanding--);
  const sent: SentRequest = {
    outgoing,
    isAnswered: false,
    whenFailed(listener) {
      let hasFailed = false;
      outgoing.on('error', (error) => {
        if (hasFailed) return;
        hasFailed = true;
        if (!isConnected) counts.addFor(arn, failedConnection(error));
        listener(isTimedOut || systemCode(error) === 'ETIMEDOUT' ? 504 : 502);
      });
      // There is no error where the target switches to another protocol unasked.
      outgoing.once('close', () => {
        if (!hasFailed && !sent.isAnswered) listener(502);
      });
    },
  };
  return sent;
}

/** Node's parser takes any three digits, and any text for the reason; its writer does not. */
export const isWellFormed = ({ statusCode = 0, statusMessage = '' }: IncomingMessage): boolean =>
  statusCode >= 200 && statusCode <= 999 && /^[\t\x20-\x7e\x80-\xff]*$/.test(statusMessage);

const failedConnection = (error: Error): string =>
  /^(EPROTO|ERR_SSL|ERR_TLS)/.test(systemCode(error) ?? '')
    ? 'TargetTLSNegotiationErrorCount'
    : 'TargetConnectionErrorCount';

/** Counts an answer of a target when its headers are there. */
export function countResponse(
  site: Site,
  group: AddressGroup,
  { statusCode = 0 }: IncomingMessage,
  since: number,
): void {
  const { arn } = group.settings;
  site.counts.addTime(arn, (performance.now() - since) / 1_000);
  site.counts.addFor(arn, `HTTPCode_Target_${Math.floor(statusCode / 100)}XX_Count`);
}

const OF_CONNECTION = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade']);

/** The headers without those that are for one connection, and without `others`. */
export function withoutConnection(headers: readonly string[], others: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]!.toLowerCase();
    if (!OF_CONNECTION.has(name) && !others.includes(name)) kept.push(headers[index]!, headers[index + 1]!);
  }
  return kept;
}

/** What an answer declares to be of its connection. The body's framing is made anew. */
export const connectionTokens = ({ headers }: IncomingMessage): string[] => [
  'transfer-encoding',
  ...(headers.connection ?? '').split(',').map((token) => token.trim().toLowerCase()),
];
