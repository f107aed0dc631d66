// Answers that a browser would run, such as an HTML page kept in S3, share the API's origin. A sandbox gives each of
// them an origin of its own, from which the API cannot be read or called. Pure.

import type { IncomingHttpHeaders } from 'node:http';

/** Never allow-same-origin. */
export const SANDBOX = 'sandbox allow-scripts allow-forms allow-popups allow-downloads';

/** Browsers show, play or save these types, or use them in another document. All other types may be run. */
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

/** Whether a browser may make a document of an answer and run what is in it. */
export function isRunnable(contentType: string | undefined): boolean {
  if (contentType === undefined) return true;
  const semicolon = contentType.indexOf(';');
  const type = (semicolon < 0 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase();
  if (INERT.has(type)) return false;
  const isInert = INERT_FAMILIES.some((family) => type.startsWith(family) && type.length > family.length);
  return !isInert || type.endsWith('+xml') || type.includes(',');
}

/**
 * Browsers leave Sec-Fetch-Site out where they do not trust the address (`0.0.0.0`, a name over HTTP), but every one of
 * them calls itself Mozilla.
 */
export const mayRun = ({ 'sec-fetch-site': site, 'user-agent': agent }: IncomingHttpHeaders): boolean =>
  site !== undefined || (agent?.startsWith('Mozilla/') ?? false);
