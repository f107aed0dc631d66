// From the socket to a whole body: bounded, with the framing and the compression that clients put around it
// undone. Knows no protocol.

import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { systemCode } from '../kernel/errors.ts';
import { isAwsChunked, unchunk } from './aws-chunked.ts';
import { Fault } from './fault.ts';
import type { RequestHead } from './request.ts';

/** The client went away while it was sending: there is nobody to answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/** Throws a Fault for a target that is no URL. */
export function readHead(request: IncomingMessage): RequestHead {
  const target = request.url ?? '/';
  const url = URL.parse(target.startsWith('/') ? `http://millpond${target}` : target);
  if (!url) throw new Fault('InvalidURI', 'The request target is not a valid URI.');
  const path = target.startsWith('/') ? target.split('?', 1)[0]! : url.pathname;
  return { method: request.method ?? 'GET', url, path, headers: request.headers };
}

/**
 * Reads the whole body. Past `maxBytes` it throws a Fault with status 413, and the server goes on discarding
 * what still comes, so that the client gets to read the answer.
 */
export function receiveBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.reject(tooLarge(maxBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) {
        request.off('data', onData);
        request.resume();
        chunks.length = 0;
        reject(tooLarge(maxBytes));
      } else chunks.push(chunk);
    };
    request.on('data', onData);
    request.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    request.once('error', () => reject(new ClientGone()));
    request.once('close', () => {
      // An error for every request that ends well would cost more than to read it.
      if (!request.readableEnded) reject(new ClientGone());
    });
  });
}

/**
 * Takes off `aws-chunked` framing, and gzip where `mayBeCompressed`: to REST protocols a content encoding is a
 * property of the object stored, not of the transfer. Trailing headers of the framing are added to the head.
 */
export async function openBody(
  head: RequestHead,
  body: Buffer,
  options: { mayBeCompressed: boolean; maxBytes: number },
): Promise<Buffer> {
  const open = isAwsChunked(head.headers) ? unchunk(head.headers, body) : body;
  forgetFraming(head);
  if (!options.mayBeCompressed) return open;
  const [compression, ...more] = encodingsOf(head);
  if (compression === undefined) return open;
  if (compression !== 'gzip' || more.length > 0) {
    throw new Fault('UnsupportedMediaType', 'The only content encoding understood is gzip.', { status: 415 });
  }
  return decompress(open, options.maxBytes);
}

/** Leaves of the content encoding what is the content's own. */
export function forgetFraming(head: RequestHead): void {
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
    throw new Fault(
      'MalformedBody',
      'The request body is not valid gzip, although its content encoding says so.',
    );
  }
}

const tooLarge = (maxBytes: number) =>
  new Fault('RequestEntityTooLarge', `The request body is larger than ${maxBytes} bytes.`, { status: 413 });
