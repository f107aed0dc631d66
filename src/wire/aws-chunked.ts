// The framing that SDKs put around uploads whose checksum they learn only at the end: sized chunks, each
// perhaps signed, then trailing headers. Signatures are not verified; lengths and known checksums are.

import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crc32 } from 'node:zlib';
import { Fault } from './fault.ts';

const CHUNK_HEAD = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=[0-9a-fA-F]+)?$/;
const TRAILER = /^(x-amz-checksum-[a-z0-9]+)\s*:\s*(\S+)$/i;
const MAX_LINE = 1024;

/** The body without its framing; trailing checksums are added to `headers`. Throws a Fault. */
export function unchunk(headers: IncomingHttpHeaders, framed: Buffer): Buffer {
  const chunks: Buffer[] = [];
  let position = 0;

  const line = (): string => {
    const end = framed.indexOf('\r\n', position);
    if (end < 0 || end - position > MAX_LINE) throw incomplete('A chunk of the body has no valid head.');
    const text = framed.toString('latin1', position, end);
    position = end + 2;
    return text;
  };

  for (;;) {
    const size = CHUNK_HEAD.exec(line())?.[1];
    if (size === undefined) throw incomplete('A chunk of the body has no valid head.');
    const length = Number.parseInt(size, 16);
    if (length === 0) break;
    if (position + length + 2 > framed.length) throw incomplete('The body ends within a chunk.');
    chunks.push(framed.subarray(position, position + length));
    position += length;
    if (line() !== '') throw incomplete('A chunk of the body is longer than it says.');
  }
  const body = Buffer.concat(chunks);
  const declared = headers['x-amz-decoded-content-length'];
  if (declared !== undefined && Number(declared) !== body.length) {
    throw incomplete('The body has another length than x-amz-decoded-content-length says.');
  }
  while (position < framed.length) {
    const [, name, checksum] = TRAILER.exec(line()) ?? [];
    if (name && checksum) {
      verifyChecksum(name.toLowerCase(), checksum, body);
      headers[name.toLowerCase()] = checksum;
    }
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
