// The CORS headers for pages of allowed origins: they may send any request and read every header. A service's own rules
// for other pages are not here (PageRules). Pure.

import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const PREFLIGHT_SECONDS = 600;
const HEADER_NAMES = /^[\w!#$%&'*+.^`|~, -]*$/;

/** Whether the request asks for permission (CORS preflight), instead of calling an operation. */
export const isPreflight = (method: string, headers: IncomingHttpHeaders): boolean =>
  method === 'OPTIONS' &&
  headers.origin !== undefined &&
  headers['access-control-request-method'] !== undefined;

/** The headers of every response to a page of an allowed origin, refusals included. */
export const corsHeaders = (origin: string): Record<string, string> => ({
  'access-control-allow-origin': origin,
  'access-control-allow-credentials': 'true',
  vary: 'Origin',
});

/** The headers of the response to a preflight request, in addition to those of `corsHeaders`. */
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

/** Makes every header of a response readable by the page: SDKs need request ids, checksums, versions and metadata. */
export const exposedHeaders = (headers: OutgoingHttpHeaders): Record<string, string> => ({
  'access-control-expose-headers': Object.keys(headers).join(', '),
});
