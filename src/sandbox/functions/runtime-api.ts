// The Runtime API (version 2018-06-01) that a function's process speaks: it asks for the next invocation and posts what
// came of it. One server for each process, on a loopback address and port of its own that nobody is told but it.

import { randomInt } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MAX_RESPONSE_BYTES } from './failures.ts';
import type { Invocation } from './function.ts';

const { createServer } = process.getBuiltinModule('node:http');

/** What the process tells. Each is called at most once for an invocation, `onInitError` once at all. */
export interface RuntimeEvents {
  /** It waits for work. */
  onReady(): void;
  onResponse(payload: Buffer, contentType: string): void;
  /** More came than an answer may have; what is too much is not kept. */
  onTooLarge(): void;
  onError(payload: Buffer): void;
  onInitError(payload: Buffer): void;
}

export interface RuntimeApi {
  /** `host:port`, as AWS_LAMBDA_RUNTIME_API has it. */
  address: string;
  /** To be called only while it waits. */
  send(invocation: Invocation, deadlineMs: number): void;
  close(): void;
}

const MAX_ERROR_BYTES = 256 * 1024;
const PREFIX = '/2018-06-01/runtime/';

export async function startRuntimeApi(events: RuntimeEvents): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined;
  let current: string | undefined;
  let initErrorTold = false;

  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) => {
    response.on('error', () => {});
    response.sendDate = false;
    request.on('error', () => {});
    void serve(request, response).catch(() => response.destroy());
  });
  server.on('error', () => {});
  server.maxConnections = 32;
  await listenAnywhere(server);
  const { address, port } = server.address() as AddressInfo;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    if (request.method === 'GET' && path === `${PREFIX}invocation/next`) return waitForNext(response);
    if (request.method !== 'POST' || !path.startsWith(PREFIX))
      return refuse(response, 404, 'NotFound', 'Not found');
    if (path === `${PREFIX}init/error`) {
      const { body } = await receive(request, MAX_ERROR_BYTES);
      accept(response);
      if (!initErrorTold) events.onInitError(body);
      initErrorTold = true;
      return;
    }
    const [, requestId, kind] =
      /^invocation\/([^/]+)\/(response|error)$/.exec(path.slice(PREFIX.length)) ?? [];
    if (!requestId) return refuse(response, 404, 'NotFound', 'Not found');
    await takeResult(request, response, requestId, kind === 'error');
  }

  function waitForNext(response: ServerResponse): void {
    // A second thread of the function asks as well: only one of them can be given work.
    if (waiting && !waiting.destroyed)
      return void refuse(response, 403, 'InvalidStateTransition', 'Already waiting');
    waiting = response;
    response.once('close', () => {
      if (waiting === response) waiting = undefined;
    });
    if (current === undefined) events.onReady();
  }

  async function takeResult(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
    isError: boolean,
  ): Promise<void> {
    const { body, tooLarge } = await receive(request, isError ? MAX_ERROR_BYTES : MAX_RESPONSE_BYTES);
    if (requestId !== current) return refuse(response, 400, 'InvalidRequestID', 'Invalid request ID');
    current = undefined;
    if (isError) events.onError(body);
    else if (tooLarge) events.onTooLarge();
    else events.onResponse(body, request.headers['content-type'] ?? 'application/octet-stream');
    if (tooLarge) refuse(response, 413, 'RequestEntityTooLarge', 'Exceeded maximum allowed payload size');
    else accept(response);
    if (waiting) events.onReady();
  }

  return {
    address: `${address}:${port}`,
    send(invocation, deadlineMs) {
      const response = waiting;
      waiting = undefined;
      current = invocation.requestId;
      response?.writeHead(200, {
        'content-type': 'application/json',
        'content-length': invocation.event.length,
        'lambda-runtime-aws-request-id': invocation.requestId,
        'lambda-runtime-deadline-ms': deadlineMs,
        'lambda-runtime-invoked-function-arn': invocation.functionArn,
        ...(invocation.traceId && { 'lambda-runtime-trace-id': inHeader(invocation.traceId) }),
        ...(invocation.clientContext && {
          'lambda-runtime-client-context': inHeader(invocation.clientContext),
        }),
      });
      response?.end(invocation.event);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** 127.1.0.0/16 holds no cache node. Only Linux has it without being told. */
function listenAnywhere(server: ReturnType<typeof createServer>): Promise<void> {
  const host = process.platform === 'linux' ? `127.1.${randomInt(256)}.${randomInt(1, 255)}` : '127.0.0.1';
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Rejects when the process goes away meanwhile. */
function receive(request: IncomingMessage, mostBytes: number): Promise<{ body: Buffer; tooLarge: boolean }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= mostBytes) chunks.push(chunk);
      else chunks.length = 0;
    });
    request.once('end', () => {
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      resolve({ body, tooLarge: bytes > mostBytes });
    });
    request.once('error', reject);
  });
}

/** JSON stays the same JSON. */
const inHeader = (text: string): string =>
  text.replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

const ACCEPTED = Buffer.from('{"status":"OK"}\n');

function accept(response: ServerResponse): void {
  response.writeHead(202, { 'content-type': 'application/json', 'content-length': ACCEPTED.length });
  response.end(ACCEPTED);
}

function refuse(response: ServerResponse, status: number, errorType: string, errorMessage: string): void {
  const body = JSON.stringify({ errorMessage, errorType });
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
