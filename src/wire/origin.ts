// Web pages must not reach the API of the machine that shows them: a browser sends simple requests anywhere,
// and no signature is asked for here.

import { Fault } from './fault.ts';
import type { RequestHead } from './request.ts';

const LOCAL = /^(localhost|.*\.localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/;

/** Throws AccessDenied (403) when a browser says that the request comes from a page that is not local. */
export function refuseForeignPages({ headers }: RequestHead): void {
  const { origin } = headers;
  if (origin === undefined) return;
  const host = URL.parse(origin)?.hostname;
  if (host === undefined || !LOCAL.test(host)) {
    throw new Fault('AccessDenied', 'Requests from web pages of other hosts are refused.', { status: 403 });
  }
}
