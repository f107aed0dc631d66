// The read-only status API below /_millpond/, beside AWS's own: what runs, why it is so, which names there are.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from './kernel/log.ts';
import type { MillpondStatus, WhyReport } from './status.ts';

export interface StatusSources {
  status(): MillpondStatus;
  /** `undefined` when there is no such resource. */
  why(resource: string): Promise<WhyReport | undefined>;
  /** Every endpoint name with the address that it leads to now. */
  names(): Record<string, string>;
}

const PREFIX = '/_millpond/';

/** For WireServerOptions.fallback: true when the request was one of these. A refused caller gets the refusal alone. */
export function statusRoutes(sources: StatusSources, log: Log) {
  return (request: IncomingMessage, response: ServerResponse, refusal: string | undefined): boolean => {
    if (!request.url?.startsWith(PREFIX)) return false;
    if (refusal !== undefined) {
      respond(response, 403, { error: refusal });
      return true;
    }
    const url = new URL(request.url, 'http://millpond');
    answer(sources, request.method ?? 'GET', url).then(
      (body) =>
        respond(
          response,
          body === undefined ? 404 : 200,
          body ?? { error: 'There is nothing of that name.' },
        ),
      (error: unknown) => {
        log.error({ err: error, path: url.pathname }, 'a status request failed');
        respond(response, 500, { error: 'Internal failure; the log tells more.' });
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

function respond(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
