// The Runtime API (version 2018-06-01), where a function's process gets invocations and posts results: the state of one
// environment. runtime-listener.ts knows which connections are its own.

import { Connections } from '../../kernel/connections.ts';
import { MAX_RESPONSE_BYTES } from './failures.ts';
import type { Invocation } from './function.ts';
import { type Answer, type Exchange, serveConnection } from './runtime-connection.ts';
import type { RuntimeListener, RuntimePeer } from './runtime-listener.ts';

/** Events of the process. Each is called at most once per invocation, `onInitError` at most once. */
export interface RuntimeEvents {
  /** The process waits for an invocation. */
  onReady(): void;
  onResponse(payload: Buffer, contentType: string): void;
  /** The response is over the limit; it is not kept. */
  onTooLarge(): void;
  onError(payload: Buffer): void;
  onInitError(payload: Buffer): void;
}

/** A running Runtime API. */
export interface RuntimeApi {
  /** `host:port`, the value of AWS_LAMBDA_RUNTIME_API. */
  address: string;
  /** See RuntimeEndpoint. */
  admit(user: number): void;
  /** Sends an invocation; call it only while the process waits. */
  send(invocation: Invocation, deadlineMs: number): void;
  close(): void;
}

const MAX_ERROR_BYTES = 256 * 1024;
const MOST_CONNECTIONS = 32;
const PREFIX = '/2018-06-01/runtime/';
const RESULT = /^\/2018-06-01\/runtime\/invocation\/([^/]+)\/(response|error)$/;

/** Serves one environment at an endpoint of the listener. */
export async function startRuntimeApi(
  events: RuntimeEvents,
  listener: RuntimeListener,
  peer: RuntimePeer = {},
): Promise<RuntimeApi> {
  let waiting: Exchange | undefined;
  let current: string | undefined;
  let initErrorTold = false;

  // The runtime's own connection waits for work and must never be dropped in favour of another.
  const connections = new Connections(MOST_CONNECTIONS, () => false);
  const endpoint = await listener(async (socket, isAdmitted) => {
    if (!connections.add(socket)) return;
    socket.on('error', () => {});
    if (isAdmitted && !(await isAdmitted())) return void socket.destroy();
    serveConnection(socket, MAX_RESPONSE_BYTES, {
      onRequest(exchange) {
        connections.set(socket, 'busy');
        serve(exchange);
      },
      onClose(exchange) {
        if (exchange && exchange === waiting) waiting = undefined;
      },
    });
    socket.resume();
  }, peer);

  function serve(exchange: Exchange): void {
    const { method, path, host, isFromBrowser } = exchange.request;
    // The process is the only client. Requests from web pages are refused under every host name.
    if (isFromBrowser || (host !== undefined && host.split(':', 1)[0] !== endpoint.host)) {
      exchange.answer(refusal(403, 'AccessDenied', 'Only the process of the function may call this'));
      return;
    }
    const [, requestId, kind] = RESULT.exec(path) ?? [];
    if (method === 'GET' && path === `${PREFIX}invocation/next`) waitForNext(exchange);
    else if (method === 'POST' && path === `${PREFIX}init/error`) takeInitError(exchange);
    else if (method === 'POST' && requestId) takeResult(exchange, requestId, kind === 'error');
    else exchange.answer(refusal(404, 'NotFound', 'Not found'));
  }

  function waitForNext(exchange: Exchange): void {
    if (waiting) {
      // A second thread of the function asks, too; only one can get work.
      exchange.answer(refusal(403, 'InvalidStateTransition', 'Already waiting'));
      return;
    }
    waiting = exchange;
    if (current === undefined) events.onReady();
  }

  function takeInitError(exchange: Exchange): void {
    const error = errorIn(exchange);
    exchange.answer(ACCEPTED);
    if (!initErrorTold) events.onInitError(error);
    initErrorTold = true;
  }

  function takeResult(exchange: Exchange, requestId: string, isError: boolean): void {
    if (requestId !== current) {
      exchange.answer(refusal(400, 'InvalidRequestID', 'Invalid request ID'));
      return;
    }
    current = undefined;
    const { body, isTooLarge, contentType } = exchange.request;
    exchange.answer(isTooLarge ? TOO_LARGE : ACCEPTED);
    if (isError) events.onError(errorIn(exchange));
    else if (isTooLarge) events.onTooLarge();
    else events.onResponse(body, contentType ?? 'application/octet-stream');
    if (waiting) events.onReady();
  }

  return {
    address: `${endpoint.host}:${endpoint.port}`,
    admit: endpoint.admit,
    send(invocation, deadlineMs) {
      const exchange = waiting;
      waiting = undefined;
      current = invocation.requestId;
      exchange?.answer({ status: 200, headers: headersOf(invocation, deadlineMs), body: invocation.event });
    },
    close() {
      endpoint.close();
      connections.destroyAll();
    },
  };
}

const headersOf = (invocation: Invocation, deadlineMs: number) => ({
  'content-type': 'application/json',
  'lambda-runtime-aws-request-id': invocation.requestId,
  'lambda-runtime-deadline-ms': deadlineMs,
  'lambda-runtime-invoked-function-arn': invocation.functionArn,
  ...(invocation.traceId && { 'lambda-runtime-trace-id': inHeader(invocation.traceId) }),
  ...(invocation.clientContext && { 'lambda-runtime-client-context': inHeader(invocation.clientContext) }),
});

/** Escapes characters that headers cannot contain; JSON keeps its meaning. */
const inHeader = (text: string): string =>
  text.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

const ACCEPTED: Answer = {
  status: 202,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from('{"status":"OK"}\n'),
};

const errorIn = ({ request: { body, isTooLarge } }: Exchange): Buffer =>
  isTooLarge || body.length > MAX_ERROR_BYTES ? TOO_LONG_AN_ERROR : body;

const TOO_LONG_AN_ERROR = Buffer.from(
  JSON.stringify({
    errorType: 'Runtime.Unknown',
    errorMessage: `The error is longer than ${MAX_ERROR_BYTES} bytes.`,
  }),
);

const refusal = (status: 400 | 403 | 404 | 413, errorType: string, errorMessage: string): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify({ errorMessage, errorType })),
});

const TOO_LARGE = refusal(413, 'RequestEntityTooLarge', 'Exceeded maximum allowed payload size');
