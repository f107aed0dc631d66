// A document that a browser runs, for example an HTML page stored in S3, has the API's origin. A sandbox gives it a
// separate origin, from which it cannot read or call the API. Pure.

import type { IncomingHttpHeaders } from 'node:http';

/** The Content-Security-Policy of documents that a browser may run. It must never contain allow-same-origin. */
export const SANDBOX = 'sandbox allow-scripts allow-forms allow-popups allow-downloads';

/** Browsers show, play or save these types, or use them in another document. They may run all other types. */
const INERT_FAMILIES = ['image/', 'audio/', 'video/', 'font/'];
const INERT = new Set([
  'application/gzip',
  'application/javascript',
  'application/json',
  'application/octet-stream',
  'application/pdf',
  'application/wasm',
  'application/zip',
  'binary/octet-stream',
  'text/css',
  'text/csv',
  'text/javascript',
  'text/plain',
]);

/** Whether a browser may run a response of this content type as a document. */
export function isRunnable(contentType: string | undefined): boolean {
  if (contentType === undefined) return true;
  const semicolon = contentType.indexOf(';');
  const type = (semicolon < 0 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
  if (INERT.has(type)) return false;
  const isInert = INERT_FAMILIES.some((family) => type.startsWith(family) && type.length > family.length);
  return !isInert || type.endsWith('+xml') || type.includes(',');
}

/**
 * Whether the request comes from a browser. Browsers omit Sec-Fetch-Site when they do not trust the address (`0.0.0.0`,
 * a name over HTTP), but their user agents all begin with `Mozilla/`.
 */
export const mayRun = ({ 'sec-fetch-site': site, 'user-agent': agent }: IncomingHttpHeaders): boolean =>
  site !== undefined || (agent?.startsWith('Mozilla/') ?? false);
