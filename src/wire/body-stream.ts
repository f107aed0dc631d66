// A request body as a stream, for operations that read bodies of any size. receive.ts reads whole bodies.

import type { IncomingMessage } from 'node:http';
import type { HeldBytes } from '../kernel/byte-budget.ts';
import { isAwsChunked, Unchunker } from './aws-chunked.ts';
import { Fault } from './fault.ts';
import { ClientGone, receiveBody } from './receive.ts';
import type { RequestHead } from './request.ts';
import type { BodyStream } from './service.ts';

/** The limit for `whole()` in bytes, framing included. */
const MAX_AT_ONCE = 1024 * 1024;

/** The body without aws-chunked framing. Reading it rejects with ClientGone or a Fault. */
export function createBodyStream(request: IncomingMessage, head: RequestHead, held: HeldBytes): BodyStream {
  const { headers } = head;
  if (!isAwsChunked(headers)) {
    const length = announced(headers['content-length']);
    const whole = () => receiveBody(request, MAX_AT_ONCE, held);
    return { length, trailerNames: [], trailers: {}, whole, [Symbol.asyncIterator]: pieces };
  }
  const declared = headers['x-amz-decoded-content-length'];
  const unchunker = new Unchunker();
  return {
    length: announced(declared),
    trailerNames: namesIn(headers['x-amz-trailer']),
    trailers: unchunker.trailers,
    async *[Symbol.asyncIterator]() {
      for await (const piece of pieces()) yield* unchunker.push(piece);
      unchunker.end(declared);
    },
    async whole() {
      const framed = await receiveBody(request, MAX_AT_ONCE, held);
      const found = [...unchunker.push(framed)];
      unchunker.end(declared);
      return found.length === 1 ? found[0]! : Buffer.concat(found);
    },
  };

  // The request is not destroyed when the reader stops early, so that the client still gets its response.
  async function* pieces(): AsyncGenerator<Buffer> {
    try {
      yield* request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    } catch {
      throw new ClientGone();
    }
  }
}

const namesIn = (list: string | string[] | undefined): string[] =>
  String(list ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

function announced(text: string | string[] | undefined): number | undefined {
  if (text === undefined) return undefined;
  const length = /^\d{1,15}$/.test(String(text)) ? Number(text) : Number.NaN;
  if (Number.isNaN(length)) throw new Fault('InvalidArgument', 'The length of the body is not a number.');
  return length;
}
