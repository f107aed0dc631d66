// The read-only status API below /_millpond/: status, explanations and names.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from './kernel/log.ts';
import { answerJson } from './own-routes.ts';
import type { MillpondStatus, WhyReport } from './status.ts';

/** Where the answers come from. */
export interface StatusSources {
  status(): MillpondStatus;
  /** `undefined` for an unknown resource. */
  why(resource: string): Promise<WhyReport | undefined>;
  /** Every endpoint name with its current address. */
  names(): Record<string, string>;
}

const PREFIX = '/_millpond/';

/**
 * For WireServerOptions.fallback: returns true when it has answered the request. A refused caller gets only the
 * refusal.
 */
export function statusRoutes(sources: StatusSources, log: Log) {
  return (request: IncomingMessage, response: ServerResponse, refusal: string | undefined): boolean => {
    if (!request.url?.startsWith(PREFIX)) return false;
    if (refusal !== undefined) {
      answerJson(response, 403, { error: refusal });
      return true;
    }
    const url = new URL(request.url, 'http://millpond');
    answer(sources, request.method ?? 'GET', url).then(
      (body) =>
        answerJson(response, body === undefined ? 404 : 200, body ?? { error: 'There is no such resource.' }),
      (error: unknown) => {
        log.error({ err: error, path: url.pathname }, 'a status request failed');
        answerJson(response, 500, { error: 'Internal failure; see the log.' });
      },
    );
    return true;
  };
}

async function answer(sources: StatusSources, method: string, url: URL): Promise<unknown> {
  if (method !== 'GET') return undefined;
  switch (url.pathname.slice(PREFIX.length)) {
    case 'status':
      return sources.status();
    case 'names':
      return sources.names();
    case 'why':
      return sources.why(url.searchParams.get('resource') ?? '');
    default:
      return undefined;
  }
}
