// Serves the OCI distribution API at `/v2/`: authorizes each request, finds its handler, and sends the answer.

import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Scope } from '../../../aws/scope.ts';
import { TOKEN_USER } from '../authorization.ts';
import type { Ecr } from '../context.ts';
import { blobHandlers } from './blobs.ts';
import {
  methodNotAllowed,
  notFound,
  RegistryError,
  registryErrorOf,
  tokenExpired,
  unauthorized,
} from './errors.ts';
import { catalogHandlers, referrersHandlers, tagsHandlers } from './lists.ts';
import { manifestHandlers } from './manifests.ts';
import { parsePath, registryOfHost, splitRegistry, type Target } from './path.ts';
import type { Answer, Handlers, RegistryRequest } from './request.ts';
import { uploadHandlers, uploadsHandlers } from './uploads.ts';

const HANDLERS: { [K in Target['kind']]: Handlers<Extract<Target, { kind: K }>> } = {
  base: { GET: () => ({ status: 200 }), HEAD: () => ({ status: 200 }) },
  catalog: catalogHandlers,
  uploads: uploadsHandlers,
  upload: uploadHandlers,
  blob: blobHandlers,
  manifest: manifestHandlers,
  tags: tagsHandlers,
  referrers: referrersHandlers,
};

/** Answers a request to the registry. Never rejects. */
export async function serveRegistry(
  ecr: Ecr,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let answer: Answer;
  try {
    answer = await answerTo(ecr, request);
  } catch (error) {
    if (request.destroyed && !request.complete) return void response.destroy();
    answer = failureOf(ecr, error);
  }
  try {
    await send(request, response, answer);
  } catch (error) {
    ecr.log.debug({ err: error }, 'an answer of the registry could not be sent');
    response.destroy();
  }
}

async function answerTo(ecr: Ecr, request: IncomingMessage): Promise<Answer> {
  const { headers, method = 'GET' } = request;
  const url = new URL(request.url ?? '/', 'http://registry');
  const target = parsePath(url.pathname);
  const registry = authorize(ecr, request, target, url.searchParams);
  if (!target) throw notFound();
  const handlers = HANDLERS[target.kind] as Handlers<Target>;
  const handler = Object.hasOwn(handlers, method) ? handlers[method] : undefined;
  if (!handler) throw methodNotAllowed(Object.keys(handlers));
  // A handler that stops reading must not destroy the connection: the client is to get its answer.
  const body = request.iterator({ destroyOnReturn: false });
  const asked: RegistryRequest = { ecr, method, headers, query: url.searchParams, body, registry };
  return await handler(asked, target);
}

/** The registry that the request is for. AWS: nobody may do anything without a token. */
function authorize(
  ecr: Ecr,
  request: IncomingMessage,
  target: Target | undefined,
  query: URLSearchParams,
): Scope {
  const host = hostOf(request.headers);
  const isTls = 'encrypted' in request.socket;
  const realm = `${isTls ? 'https' : 'http'}://${/^[\w.:[\]-]*$/.test(host) ? host : ''}/`;
  const link = target?.kind === 'blob' && request.method === 'GET' ? query.get('token') : null;
  const grant = ecr.authorization.read(link ?? tokenIn(request.headers) ?? '');
  if (grant === 'expired') throw tokenExpired();
  if (grant === 'invalid') throw unauthorized(realm);
  if (grant.content !== undefined) {
    const asked = target?.kind === 'blob' ? `${splitRegistry(target.name).name}@${target.digest}` : undefined;
    if (link === null || asked !== grant.content) throw unauthorized(realm);
  }
  return registryOfHost(host.replace(/:\d+$/, '').replace(/\.$/, '')) ?? grant;
}

const hostOf = ({ host = '' }: IncomingHttpHeaders): string => host.toLowerCase();

/** The password of Basic authorization by the user `AWS`. */
function tokenIn({ authorization = '' }: IncomingHttpHeaders): string | undefined {
  const [, given] = /^basic +([\w+/=-]+) *$/i.exec(authorization) ?? [];
  if (given === undefined) return undefined;
  const text = Buffer.from(given, 'base64').toString();
  return text.startsWith(`${TOKEN_USER}:`) ? text.slice(TOKEN_USER.length + 1) : undefined;
}

function failureOf(ecr: Ecr, error: unknown): Answer {
  const known = registryErrorOf(error);
  if (!known) ecr.log.error({ err: error }, 'a request to the registry failed');
  const { status, code, message, headers } =
    known ?? new RegistryError(500, 'UNKNOWN', 'The request failed because of an unknown error.');
  return {
    status,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ errors: [{ code, message }] }),
  };
}

async function send(request: IncomingMessage, response: ServerResponse, answer: Answer): Promise<void> {
  const { status, headers = {}, body } = answer;
  if (!request.readableEnded) request.resume();
  response.setHeader('docker-distribution-api-version', 'registry/2.0');
  response.setHeader('x-content-type-options', 'nosniff');
  if (typeof body !== 'function') {
    const bytes = Buffer.from(body ?? '');
    const length = status === 204 ? {} : { 'content-length': bytes.length };
    response.writeHead(status, { ...length, ...headers });
    return void response.end(request.method === 'HEAD' ? undefined : bytes);
  }
  response.writeHead(status, headers);
  await body(response);
  response.end();
}
