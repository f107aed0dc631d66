// What the routes below /_millpond/ share: how they read a small JSON document, and how they answer.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { OperationalError } from './kernel/errors.ts';

const MOST_BODY_BYTES = 16 * 1024;

/** The JSON document of the request. Rejects with InvalidOption when it is too long or none. */
export async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    if ((bytes += chunk.length) > MOST_BODY_BYTES) {
      throw new OperationalError(
        'InvalidOption',
        `The request must have at most ${MOST_BODY_BYTES} bytes of JSON.`,
      );
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
