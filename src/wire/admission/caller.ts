// Tells programs, browsers and web pages apart. It reads only Origin and Sec-Fetch-Site, because pages cannot set these
// two headers. (Node's own fetch sends Sec-Fetch-Mode.) Pure.

import type { IncomingHttpHeaders } from 'node:http';

/** The sender of a request. */
export type Caller =
  /** Neither header: an SDK, a command, a script. */
  | { kind: 'program' }
  /** A page whose origin the user has allowed with `--allowed-origin`. */
  | { kind: 'allowed page'; origin: string }
  /** A browser on its own: the address bar, a bookmark, or a read by a document of the API's own origin. */
  | { kind: 'browser' }
  /** Any other page. Browsers send no origin for images, scripts, links and GET forms. */
  | { kind: 'foreign page'; origin: string | undefined };

const PROGRAM: Caller = { kind: 'program' };
const BROWSER: Caller = { kind: 'browser' };

/** `allowedOrigins` are those of `--allowed-origin`. */
export function callerOf(headers: IncomingHttpHeaders, allowedOrigins: ReadonlySet<string>): Caller {
  const { origin } = headers;
  const site = headers['sec-fetch-site'];
  if (origin === undefined && site === undefined) return PROGRAM;
  if (origin === undefined && (site === 'none' || site === 'same-origin')) return BROWSER;
  if (origin !== undefined && allowedOrigins.has(origin)) return { kind: 'allowed page', origin };
  return { kind: 'foreign page', origin };
}
