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
  const { status, headers, body } = answer;
  await departure();
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) {
    return await sendStream(response, answer, body);
  }
  if (hasBody(status)) headers['content-length'] ??= String(Buffer.byteLength(body));
  response.writeHead(status, headers);
  if (isHead || !hasBody(status) || body.length === 0) response.end();
  else response.end(typeof body !== 'string' || isAscii(headers) ? body : Buffer.from(body));
}

/** Node writes a text and its head as one piece, which takes half as long as two, but in the text's encoding. */
function isAscii(headers: Record<string, string>): boolean {
  for (const name in headers) if (BEYOND_ASCII.test(headers[name]!)) return false;
  return true;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
const BEYOND_ASCII = /[^\u0000-\u007f]/;

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
