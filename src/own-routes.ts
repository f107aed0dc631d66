// What the routes below /_millpond/ share: how they read a small JSON document, and how they answer.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { OperationalError } from './kernel/errors.ts';
import type { Log } from './kernel/log.ts';

const MOST_BODY_BYTES = 16 * 1024;

/** The JSON document of the request. Rejects with InvalidOption when it is too long or none. */
export async function jsonOf(request: IncomingMessage, most = MOST_BODY_BYTES): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    if ((bytes += chunk.length) > most) {
      throw new OperationalError('InvalidOption', `The request must have at most ${most} bytes of JSON.`);
    }
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw new OperationalError('InvalidOption', 'The request must be JSON.');
  }
}

/** Answers with a JSON document. `ends`: the connection too, as when the body of the request may not have been read. */
export function answerJson(response: ServerResponse, code: number, body: unknown, ends = false): void {
  response.writeHead(code, { 'content-type': 'application/json', ...(ends && { connection: 'close' }) });
  response.end(JSON.stringify(body));
}

/** An answer in JSON. */
export interface OwnAnswer {
  code: number;
  body: unknown;
}

/** For WireServerOptions.fallback: returns true when it answers the request. A refused caller gets only the refusal. */
export type OwnRoutes = (
  request: IncomingMessage,
  response: ServerResponse,
  refusal: string | undefined,
) => boolean;

/**
 * Answers all requests to the path and below it; `rest` is what follows the path and a slash. An InvalidOption is the
 * caller's error, with status 400; any other error is `what` in the log.
 */
export const ownRoutes =
  (
    path: string,
    answerTo: (request: IncomingMessage, rest: string, url: URL) => Promise<OwnAnswer>,
    log: Log,
    what: string,
  ): OwnRoutes =>
  (request, response, refusal) => {
    if (!request.url?.startsWith(path)) return false;
    const url = new URL(request.url, 'http://millpond');
    if (url.pathname !== path && !url.pathname.startsWith(`${path}/`)) return false;
    const answer =
      refusal === undefined
        ? answerTo(request, url.pathname.slice(path.length + 1), url)
        : Promise.resolve({ code: 403, body: { error: refusal } });
    answer
      .catch((error: unknown) => failed(error, log, what))
      .then(({ code, body }) => answerJson(response, code, body))
      .catch((error: unknown) => log.debug({ err: error }, 'a response could not be sent'));
    return true;
  };

function failed(error: unknown, log: Log, what: string): OwnAnswer {
  if (!(error instanceof OperationalError)) {
    log.error({ err: error }, what);
    return { code: 500, body: { error: 'Internal failure; see the log.' } };
  }
  const code = error.code === 'InvalidOption' ? 400 : 500;
  if (code === 500) log.error({ err: error }, what);
  return { code, body: { error: error.message } };
}
