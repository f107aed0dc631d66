// The last step of a request: its answer on the way to the client.

import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { systemCode } from '../kernel/errors.ts';
import { ClientGone } from './receive.ts';
import type { WireResponse } from './request.ts';
import type { ByteStream } from './service.ts';

export const hasBody = (status: number): boolean => status !== 204 && status !== 304;

/** Resolves once the answer is handed over. Rejects with ClientGone where nobody takes a streamed body any more. */
export async function send(response: ServerResponse, answer: WireResponse, isHead: boolean): Promise<void> {
  const { status, headers } = answer;
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  await departure();
  if (!(body instanceof Uint8Array)) return await sendStream(response, answer, body);
  response.writeHead(status, hasBody(status) ? { 'content-length': body.byteLength, ...headers } : headers);
  response.end(isHead || !hasBody(status) || body.length === 0 ? undefined : body);
}

async function sendStream(response: ServerResponse, answer: WireResponse, body: ByteStream): Promise<void> {
  try {
    response.writeHead(answer.status, answer.headers);
    await pipeline(body, response);
  } catch (error) {
    // The client sees that it is cut short.
    body.destroy();
    response.destroy();
    if (systemCode(error) === 'ERR_STREAM_PREMATURE_CLOSE') throw new ClientGone();
    throw error;
  }
}

let departing: Promise<void> | undefined;

/**
 * The end of this turn of the event loop, at which all answers of the turn leave together: a client that waits for
 * several is woken once, and to wake one costs a third of a small request.
 */
function departure(): Promise<void> {
  departing ??= new Promise((resolve) => {
    setImmediate(() => {
      departing = undefined;
      resolve();
    });
  });
  return departing;
}
