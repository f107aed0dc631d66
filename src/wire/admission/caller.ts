// Who sends a request: a program, or a browser, and then on behalf of which page. Only two headers count, which pages
// cannot set: Origin, and Sec-Fetch-Site. (Node's own fetch sends Sec-Fetch-Mode.) Pure.

import type { IncomingHttpHeaders } from 'node:http';

export type Caller =
  /** Neither header: an SDK, a command, a script. */
  | { kind: 'program' }
  /** A page whose origin was given with `--allowed-origin`. */
  | { kind: 'allowed page'; origin: string }
  /** The address bar, a bookmark, or a document of the API's own origin that reads. */
  | { kind: 'browser' }
  /** Any other page. The origin is absent where browsers do not tell it: images, scripts, links, forms by GET. */
  | { kind: 'foreign page'; origin: string | undefined };

const PROGRAM: Caller = { kind: 'program' };
const BROWSER: Caller = { kind: 'browser' };

export function callerOf(headers: IncomingHttpHeaders, allowedOrigins: ReadonlySet<string>): Caller {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  if (origin === undefined && site === undefined) return PROGRAM;
  if (origin === undefined && (site === 'none' || site === 'same-origin')) return BROWSER;
  if (origin !== undefined && allowedOrigins.has(origin)) return { kind: 'allowed page', origin };
  return { kind: 'foreign page', origin };
}
