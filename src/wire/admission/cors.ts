// What pages of allowed origins are told by the CORS protocol: they may send anything, and read every header. Pure.

import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const PREFLIGHT_SECONDS = 600;
const HEADER_NAMES = /^[\w!#$%&'*+.^`|~, -]*$/;

export const isPreflight = (method: string, headers: IncomingHttpHeaders): boolean =>
  method === 'OPTIONS' &&
  headers.origin !== undefined &&
  headers['access-control-request-method'] !== undefined;

/** For every answer to a page of an allowed origin, refusals too. */
export const corsHeaders = (origin: string): Record<string, string> => ({
  'access-control-allow-origin': origin,
  'access-control-allow-credentials': 'true',
  vary: 'Origin',
});

/** Besides those of `corsHeaders`. */
export function preflightHeaders(asked: IncomingHttpHeaders): Record<string, string> {
  const names = asked['access-control-request-headers'];
  const isNetworkAsked = asked['access-control-request-private-network'] === 'true';
  return {
    'access-control-allow-methods': METHODS,
    ...(typeof names === 'string' && HEADER_NAMES.test(names) && { 'access-control-allow-headers': names }),
    ...(isNetworkAsked && { 'access-control-allow-private-network': 'true' }),
    'access-control-max-age': String(PREFLIGHT_SECONDS),
  };
}

/** Makes every header of an answer readable: SDKs need request ids, checksums, versions and metadata. */
export const exposedHeaders = (headers: OutgoingHttpHeaders): Record<string, string> => ({
  'access-control-expose-headers': Object.keys(headers).join(', '),
});
