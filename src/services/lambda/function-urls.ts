// Serves function URLs: one HTTP server per URL, on a loopback port that is stored with it, so that the URL never
// changes. URLs are public, for web pages too, and a URL's CORS settings decide which pages may read its answers. A
// page could evade that by rebinding a host name of its own to the URL's address; such a request is refused by its
// Host header, as AWS refuses all host names but the URL's own.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Scope } from '../../aws/scope.ts';
import { ByteBudget, type ByteBudgetOptions, type HeldBytes } from '../../kernel/byte-budget.ts';
import { close, createBoundedServer, listen as listenAt } from '../../kernel/http-server.ts';
import { Fault } from '../../wire/fault.ts';
import { type Lambda, versionOf } from './context.ts';
import { corsHeaders } from './domain/cors.ts';
import { functionArn, LATEST } from './domain/names.ts';
import { eventOf, responseOf } from './domain/url-request.ts';
import type { Invoker } from './invocation.ts';
import { HAS_URL } from './records.ts';
import { functionUrlIn } from './urls-inside.ts';

/** The servers of all function URLs. */
export interface FunctionUrls {
  /** Opens servers for new URLs of a function, and closes those of deleted ones. */
  follow(scope: Scope, name: string): Promise<void>;
  /** Whether a URL has this port. */
  isOpen(port: number): boolean;
  /** Answers a request to the API that is for a URL; returns false for any other request. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** AWS: the exact text. */
const FORBIDDEN = '{"Message":"Forbidden"}';
const ACCESS_DENIED = { 'x-amzn-errortype': 'AccessDeniedException' };

const MAX_REQUEST_BYTES = 6 * 1024 * 1024;
const MOST_CONNECTIONS = 1_000;
/** The limit of all request bodies in memory, over all URLs. Small ones are counted only as connections. */
const BODIES_IN_ALL: ByteBudgetOptions = { mostBytes: 128 * 1024 * 1024, waitMs: 0, freeBytes: 64 * 1024 };

/** `isOwnHost` decides which Host headers are accepted. */
export function createFunctionUrls(
  lambda: Lambda,
  invoker: Invoker,
  isOwnHost: (host: string | undefined, httpVersion: string) => boolean,
  bodiesInAll = BODIES_IN_ALL,
): FunctionUrls {
  const { records, log } = lambda;
  const bodies = new ByteBudget(bodiesInAll);
  const open = new Map<string, Server>();
  const byPort = new Map<number, (request: IncomingMessage, response: ServerResponse) => void>();
  const under = new Map<string, Promise<void>>();

  /** Runs one update at a time per function. */
  function follow(scope: Scope, name: string): Promise<void> {
    const key = functionArn(scope, name);
    const done = (under.get(key) ?? Promise.resolve()).then(() => look(scope, name));
    const settled = done
      .catch(() => undefined)
      .finally(() => {
        if (under.get(key) === settled) under.delete(key);
      });
    under.set(key, settled);
    return done;
  }

  async function look(scope: Scope, name: string): Promise<void> {
    const urls = records.functions.find(scope, name)?.urls ?? {};
    const arn = functionArn(scope, name);
    for (const [key, server] of open) {
      const qualifier = key.slice(arn.length + 1);
      if (!key.startsWith(`${arn}:`) || urls[qualifier]) continue;
      open.delete(key);
      await close(server, 0);
    }
    for (const [qualifier, { port }] of Object.entries(urls)) {
      const key = `${arn}:${qualifier}`;
      if (open.has(key)) continue;
      const server = await listen(scope, name, qualifier, port);
      open.set(key, server);
      const { port: actual } = server.address() as AddressInfo;
      if (actual !== port) recordPort(scope, name, qualifier, actual);
    }
  }

  function recordPort(scope: Scope, name: string, qualifier: string, port: number): void {
    lambda.store.transaction(() => {
      const record = records.functions.find(scope, name);
      const url = record?.urls[qualifier];
      if (!record || !url) return;
      url.port = port;
      records.functions.put(scope, record);
    });
  }

  async function listen(scope: Scope, name: string, qualifier: string, port: number): Promise<Server> {
    const serveUrl = (request: IncomingMessage, response: ServerResponse): void => {
      response.on('error', () => {});
      const held = bodies.hold();
      void serve(scope, name, qualifier, request, response, held)
        .catch((error) => {
          log.error({ err: error, function: name }, 'a function URL could not answer');
          if (response.headersSent) response.destroy();
          else answer(response, 500, {}, 'Internal Server Error');
        })
        .finally(() => held.release());
    };
    const server = createBoundedServer(serveUrl, MOST_CONNECTIONS);
    try {
      await listenAt(server, port, '127.0.0.1');
    } catch (error) {
      if (port === 0) throw error;
      log.warn({ function: name, port }, 'the port of a function URL is in use; the URL gets another port');
      await listenAt(server, 0, '127.0.0.1');
    }
    server.on('error', (error) => log.warn({ err: error, function: name }, 'a function URL failed'));
    const { port: opened } = server.address() as AddressInfo;
    byPort.set(opened, serveUrl);
    server.once('close', () => byPort.delete(opened));
    return server;
  }

  async function serve(
    scope: Scope,
    name: string,
    qualifier: string,
    request: IncomingMessage,
    response: ServerResponse,
    held: HeldBytes,
  ): Promise<void> {
    if (!isOwnHost(request.headers.host, request.httpVersion)) {
      return answer(response, 403, {}, FORBIDDEN);
    }
    const record = records.snapshot(scope, name);
    const url = record?.urls[qualifier];
    const version = record && versionOf(record, qualifier, Math.random());
    if (!url || !version) return answer(response, 404, {}, '{"Message":null}');
    const { origin } = request.headers;
    const isPreflight = request.method === 'OPTIONS' && 'access-control-request-method' in request.headers;
    const cors = url.cors && origin !== undefined ? corsHeaders(url.cors, origin, isPreflight) : {};
    if (url.cors && isPreflight) return answer(response, 200, cors, '');
    if (url.authType === 'AWS_IAM' && !isSigned(request)) {
      return answer(response, 403, { ...cors, ...ACCESS_DENIED }, FORBIDDEN);
    }
    const body = await receive(request, held);
    if (body === 'too large') return answer(response, 413, cors, '{"Message":"Request Entity Too Large"}');
    if (body === 'no room') return answer(response, 429, cors, '{"Message":"Rate Exceeded."}');
    const requestId = randomUUID();
    const event = eventOf({
      method: request.method ?? 'GET',
      target: request.url ?? '/',
      headers: headersOf(request),
      body,
      sourceAddress: request.socket.remoteAddress ?? '127.0.0.1',
      host: request.headers.host ?? `127.0.0.1:${url.port}`,
      accountId: scope.accountId,
      requestId,
      now: lambda.clock.now(),
    });
    try {
      const arn = functionArn(scope, name, qualifier === LATEST ? undefined : qualifier);
      const outcome = await invoker.invoke({
        ...{ scope, record, version, arn, requestId },
        event: Buffer.from(JSON.stringify(event)),
      });
      const reply = responseOf(outcome.payload, outcome.status !== 'succeeded');
      const cookies = reply.cookies.filter((cookie) => /^[\t\x20-\x7e]*$/.test(cookie));
      const headers = { ...reply.headers, ...cors, 'x-amzn-requestid': requestId };
      answer(
        response,
        reply.status,
        cookies.length > 0 ? { ...headers, 'set-cookie': cookies } : headers,
        reply.body,
      );
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      answer(response, 429, cors, JSON.stringify({ Message: error.message, Reason: error.members.Reason }));
    }
  }

  return {
    follow,
    isOpen: (port) => byPort.has(port),
    take(request, response) {
      const asked = functionUrlIn(request.url ?? '');
      const serveUrl = asked && byPort.get(asked.port);
      if (!serveUrl) return false;
      request.url = asked.rest;
      serveUrl(request, response);
      return true;
    },
    async start() {
      for (const { scope, id } of records.functions.byAnywhere('url', HAS_URL)) await follow(scope, id);
    },
    async stop() {
      await Promise.all(under.values());
      await Promise.all([...open.values()].map((server) => close(server, 0)));
      open.clear();
    },
  };
}

async function receive(request: IncomingMessage, held: HeldBytes): Promise<Buffer | 'too large' | 'no room'> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let hasRoom = true;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    hasRoom &&= bytes > MAX_REQUEST_BYTES || held.grow(bytes);
    if (bytes <= MAX_REQUEST_BYTES && hasRoom) chunks.push(chunk as Buffer);
  }
  if (bytes > MAX_REQUEST_BYTES) return 'too large';
  return hasRoom ? Buffer.concat(chunks) : 'no room';
}

const headersOf = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  );

function answer(
  response: ServerResponse,
  status: number,
  headers: Record<string, string | string[]>,
  body: string | Buffer,
): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    ...headers,
    'content-length': bytes.length,
  });
  response.end(bytes);
}

/** Whether a header or the query has a signature. It is not verified; Millpond verifies none. */
function isSigned({ headers, url = '' }: IncomingMessage): boolean {
  if (headers.authorization?.startsWith('AWS4-')) return true;
  return new URL(url, 'http://localhost').searchParams.has('X-Amz-Signature');
}
