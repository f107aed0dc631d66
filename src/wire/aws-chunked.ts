// Removes the `aws-chunked` framing that SDKs use for uploads with a trailing checksum: sized chunks, optionally
// signed, then trailing headers. It works on a stream or on a whole body. Lengths are verified; chunk signatures are
// not. The known checksums are verified for whole bodies only.

import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crc32 } from 'node:zlib';
import { turnEnd } from '../kernel/turn.ts';
import { Fault } from './fault.ts';

const CHUNK_HEAD = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=[0-9a-fA-F]+)?$/;
const TRAILER = /^(x-amz-checksum-[a-z0-9]+)\s*:\s*(\S+)$/i;
const MAX_LINE = 1024;
const MAX_TRAILERS = 16;
const PIECE_BYTES = 64 * 1024;
const CR = 13;
const LF = 10;

/** Whether the body has this framing. SDKs declare it in one of two headers. */
export function isAwsChunked(headers: IncomingHttpHeaders): boolean {
  const encodings = String(headers['content-encoding'] ?? '').toLowerCase();
  return (
    encodings.split(',').some((encoding) => encoding.trim() === 'aws-chunked') ||
    String(headers['x-amz-content-sha256']).startsWith('STREAMING-')
  );
}

/** Removes the framing from a stream. Its methods throw a Fault when the framing is invalid. */
export class Unchunker {
  /** Trailing checksums by lower-case header name. Complete after `end`. */
  readonly trailers: Record<string, string> = {};
  /** The number of content bytes so far. */
  length = 0;
  #line: number[] = [];
  /** The missing bytes of the current chunk. */
  #left = 0;
  #expects: 'head' | 'data' | 'end of chunk' | 'trailer' | 'nothing' = 'head';

  /** Yields the content in a piece of the framed body. */
  *push(piece: Buffer): Generator<Buffer> {
    let position = 0;
    while (position < piece.length) {
      if (this.#expects !== 'data') {
        this.#take(piece[position++]!);
        continue;
      }
      const data = piece.subarray(position, position + this.#left);
      position += data.length;
      this.#left -= data.length;
      this.length += data.length;
      if (this.#left === 0) this.#expects = 'end of chunk';
      yield data;
    }
  }

  /** Verifies that the body is complete. `declared` is x-amz-decoded-content-length. */
  end(declared: string | string[] | undefined): void {
    if (this.#expects === 'data') throw incomplete('The body ends within a chunk.');
    if (this.#expects === 'head' || this.#expects === 'end of chunk') throw invalidHead();
    if (declared !== undefined && Number(declared) !== this.length) {
      throw incomplete('The length of the body differs from x-amz-decoded-content-length.');
    }
  }

  #take(byte: number): void {
    if (byte !== LF) {
      if (this.#line.push(byte) > MAX_LINE) throw invalidHead();
      return;
    }
    if (this.#line.pop() !== CR) throw invalidHead();
    const line = Buffer.from(this.#line).toString('latin1');
    this.#line = [];
    this.#takeLine(line);
  }

  #takeLine(line: string): void {
    if (this.#expects === 'end of chunk') {
      if (line !== '') throw incomplete('A chunk of the body is longer than its head says.');
      this.#expects = 'head';
    } else if (this.#expects === 'head') {
      const size = CHUNK_HEAD.exec(line)?.[1];
      if (size === undefined) throw invalidHead();
      this.#left = Number.parseInt(size, 16);
      this.#expects = this.#left === 0 ? 'trailer' : 'data';
    } else if (this.#expects === 'trailer') {
      if (line === '') this.#expects = 'nothing';
      const [, name, checksum] = TRAILER.exec(line) ?? [];
      if (!name || !checksum) return;
      if (Object.keys(this.trailers).length >= MAX_TRAILERS)
        throw incomplete('The body has too many trailers.');
      this.trailers[name.toLowerCase()] = checksum;
    }
  }
}

/** The body without its framing. Trailing checksums are verified and added to `headers`. Rejects with a Fault. */
export async function unchunk(headers: IncomingHttpHeaders, framed: Buffer): Promise<Buffer> {
  const unchunker = new Unchunker();
  const body = Buffer.allocUnsafe(framed.length);
  for (let start = 0, end = 0; start < framed.length; start += PIECE_BYTES) {
    for (const piece of unchunker.push(framed.subarray(start, start + PIECE_BYTES))) {
      piece.copy(body, end);
      end += piece.length;
    }
    await turnEnd();
  }
  return checked(headers, unchunker, body.subarray(0, unchunker.length));
}

function checked(headers: IncomingHttpHeaders, unchunker: Unchunker, body: Buffer): Buffer {
  unchunker.end(headers['x-amz-decoded-content-length']);
  for (const [name, checksum] of Object.entries(unchunker.trailers)) {
    verifyChecksum(name, checksum, body);
    headers[name] = checksum;
  }
  return body;
}

const CHECKSUMS: Record<string, (body: Buffer) => Buffer> = {
  'x-amz-checksum-crc32': (body) => {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return sum;
  },
  'x-amz-checksum-sha1': (body) => createHash('sha1').update(body).digest(),
  'x-amz-checksum-sha256': (body) => createHash('sha256').update(body).digest(),
};

function verifyChecksum(name: string, checksum: string, body: Buffer): void {
  if (!Object.hasOwn(CHECKSUMS, name)) return;
  if (CHECKSUMS[name]!(body).toString('base64') !== checksum) {
    throw new Fault('BadDigest', `The ${name} you specified did not match the calculated checksum.`);
  }
}

const incomplete = (message: string) => new Fault('IncompleteBody', message);
const invalidHead = () => incomplete('A chunk of the body has no valid head.');
