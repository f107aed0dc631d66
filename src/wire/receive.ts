// Receives a whole request body within limits, and removes its transfer framing and compression. Bodies that operations
// read as streams are in body-stream.ts.

import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { HeldBytes } from '../kernel/byte-budget.ts';
import { systemCode } from '../kernel/errors.ts';
import { isAwsChunked, unchunk } from './aws-chunked.ts';
import { Fault } from './fault.ts';
import type { RequestHead } from './request.ts';

/** The client closed the connection before its response. It has no stack, since thousands may be created at once. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';

  constructor() {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super();
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The URL of most requests. It is shared, because no code changes a request's URL. */
const ROOT = new URL('http://millpond/');

/** The request's head. Throws InvalidURI for an invalid target. */
export function readHead(request: IncomingMessage): RequestHead {
  const target = request.url ?? '/';
  const url = target === '/' ? ROOT : URL.parse(target.startsWith('/') ? `http://millpond${target}` : target);
  if (!url) throw new Fault('InvalidURI', 'The request target is not a valid URI.');
  const path = target.startsWith('/') ? target.split('?', 1)[0]! : url.pathname;
  return { method: request.method ?? 'GET', url, path, headers: request.headers };
}

/** All bodies together use the memory limit. The error code is one that every SDK retries. */
export class NoRoom extends Fault {
  constructor() {
    super('ThrottlingException', 'Rate exceeded: too many large request bodies are received at once.');
  }
}

/**
 * Reads the whole body. `held` counts its bytes until the caller releases it. Rejects with a Fault of status 413 past
 * `maxBytes`, and with NoRoom when the memory limit is reached. The server then discards the rest of the body, so that
 * the client can read the response.
 */
export async function receiveBody(
  request: IncomingMessage,
  maxBytes: number,
  held: HeldBytes,
): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBytes) throw tooLarge(maxBytes);
  const waiting = held.reserve(announced);
  if (waiting) await untilRoom(request, held, waiting);
  return new Promise((resolve, reject) => {
    const arrived = new GatheredBytes(announced);
    let length = 0;
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes && held.grow(length)) return arrived.add(chunk);
      request.off('data', onData);
      request.resume();
      arrived.forget();
      reject(length > maxBytes ? tooLarge(maxBytes) : new NoRoom());
    };
    request.on('data', onData);
    request.once('end', () => resolve(arrived.whole()));
    request.once('error', () => reject(new ClientGone()));
    request.once('close', () => {
      // Creating an error for every complete request would cost more than reading it.
      if (!request.readableEnded) reject(new ClientGone());
    });
  });
}

/** Waits for memory. The body is not read meanwhile. */
async function untilRoom(
  request: IncomingMessage,
  held: HeldBytes,
  waiting: Promise<boolean>,
): Promise<void> {
  const giveUp = () => held.release();
  request.once('close', giveUp);
  const hasRoom = await waiting;
  request.off('close', giveUp);
  if (request.destroyed) throw new ClientGone();
  if (!hasRoom) throw new NoRoom();
}

/** Joins a small body at its end. Copies a large one as it arrives: 70 MB at once would block the event loop. */
class GatheredBytes {
  readonly #announced: number;
  #pieces: Buffer[] = [];
  #copied: Buffer = NOTHING;
  #length = 0;
  #pieceBytes = 0;

  constructor(announced: number) {
    this.#announced = announced;
  }

  add(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#pieceBytes += piece.length;
    if (this.#pieceBytes < COPY_BYTES) return;
    this.#copyPieces();
  }

  whole(): Buffer {
    if (this.#length === 0) return this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    this.#copyPieces();
    return this.#copied.subarray(0, this.#length);
  }

  forget(): void {
    this.#pieces = [];
    this.#copied = NOTHING;
  }

  #copyPieces(): void {
    const length = this.#length + this.#pieceBytes;
    if (length > this.#copied.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.#announced, length, 2 * this.#copied.length));
      this.#copied.copy(larger, 0, 0, this.#length);
      this.#copied = larger;
    }
    for (const piece of this.#pieces) {
      piece.copy(this.#copied, this.#length);
      this.#length += piece.length;
    }
    this.#pieces = [];
    this.#pieceBytes = 0;
  }
}

const NOTHING = Buffer.alloc(0);
const COPY_BYTES = 1024 * 1024;

/**
 * Removes `aws-chunked` framing, and gzip if `mayBeCompressed`. REST protocols keep gzip, because there the content
 * encoding belongs to the stored object. The trailing headers of the framing are added to the head. Throws a Fault.
 */
export function decodeContent(
  head: RequestHead,
  body: Buffer,
  options: { mayBeCompressed: boolean; maxBytes: number },
): Buffer | Promise<Buffer> {
  return head.headers['content-encoding'] === undefined && !isAwsChunked(head.headers)
    ? body
    : openEncoded(head, body, options);
}

async function openEncoded(
  head: RequestHead,
  body: Buffer,
  options: { mayBeCompressed: boolean; maxBytes: number },
): Promise<Buffer> {
  const open = isAwsChunked(head.headers) ? await unchunk(head.headers, body) : body;
  dropFramingEncoding(head);
  if (!options.mayBeCompressed) return open;
  const [compression, ...more] = encodingsOf(head);
  if (compression === undefined) return open;
  if (compression !== 'gzip' || more.length > 0) {
    throw new Fault('UnsupportedMediaType', 'The only content encoding understood is gzip.', { status: 415 });
  }
  return decompress(open, options.maxBytes);
}

/** Removes `aws-chunked` and `identity` from the content-encoding header. */
export function dropFramingEncoding(head: RequestHead): void {
  if (head.headers['content-encoding'] === undefined) return;
  const own = encodingsOf(head);
  if (own.length > 0) head.headers['content-encoding'] = own.join(',');
  else delete head.headers['content-encoding'];
}

const encodingsOf = ({ headers }: RequestHead): string[] =>
  String(headers['content-encoding'] ?? '')
    .split(',')
    .map((encoding) => encoding.trim().toLowerCase())
    .filter((encoding) => !['', 'identity', 'aws-chunked'].includes(encoding));

async function decompress(body: Buffer, maxBytes: number): Promise<Buffer> {
  try {
    return await promisify(gunzip)(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if (systemCode(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    throw new Fault('MalformedBody', 'The content encoding is gzip, but the request body is not valid gzip.');
  }
}

const tooLarge = (maxBytes: number) =>
  new Fault('RequestEntityTooLarge', `The request body is larger than ${maxBytes} bytes.`, { status: 413 });
