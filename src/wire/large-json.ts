// Reads large JSON bodies, for example those with Lambda code in base64, without blocking the event loop: it cuts out
// the long strings and decodes them piece by piece. The rest is a document of normal size, which json.ts parses.

import { randomHex } from '../kernel/ids.ts';
import { turnEnd } from '../kernel/turn.ts';
import { maxDocumentBytes } from './body-limits.ts';
import { endOfString } from './json-bounds.ts';
import { serialization } from './tree.ts';

/** A JSON body whose long strings are replaced by names. */
export interface ExtractedBlobs {
  document: Buffer;
  /** By the name that replaces them in the document. The names are random, so a client cannot guess them. */
  blobs: ReadonlyMap<string, Buffer>;
}

/** Shorter strings stay in the document. */
const LONG_BYTES = 256 * 1024;
const PIECE_CHARACTERS = 512 * 1024;
/** The number of strings to search before the event loop may turn. */
const STRINGS_AT_ONCE = 1024;
const QUOTE = 0x22;
const BASE64 = /^[A-Za-z0-9+/_-]*$/;
const BASE64_END = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Throws SerializationException when a long string is not base64, or when the rest is too large. */
export async function extractLargeBlobs(body: Buffer): Promise<ExtractedBlobs> {
  const blobs = new Map<string, Buffer>();
  const parts: Buffer[] = [];
  const mostBytes = maxDocumentBytes('rest');
  let kept = 0;
  let from = 0;
  let strings = 0;
  const keep = (start: number, end: number) => {
    kept += end - start;
    if (kept > mostBytes) throw serialization('The request body is too large.');
    parts.push(body.subarray(start, end));
  };
  for (let start = body.indexOf(QUOTE); start >= 0; ) {
    if (++strings % STRINGS_AT_ONCE === 0) await turnEnd();
    if (start - from > mostBytes) break;
    const end = endOfString(body, start);
    if (end < 0) break;
    if (end - start > LONG_BYTES) {
      const name = `blob:${randomHex(32)}`;
      blobs.set(name, await decodeBase64(body.subarray(start + 1, end)));
      keep(from, start);
      parts.push(Buffer.from(`"${name}"`));
      from = end + 1;
    }
    start = body.indexOf(QUOTE, end + 1);
  }
  keep(from, body.length);
  return { document: Buffer.concat(parts), blobs };
}

async function decodeBase64(text: Buffer): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(Math.ceil((text.length * 3) / 4));
  let length = 0;
  let carried = '';
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + PIECE_CHARACTERS, text.length);
    // An escape sequence must not be split.
    if (end < text.length && text[end - 1] === 0x5c) end--;
    const piece = carried + withoutEscapes(text.toString('latin1', at, end));
    at = end;
    const isLast = at === text.length;
    if (!(isLast ? BASE64_END : BASE64).test(piece))
      throw serialization('A string is too long, or not base64.');
    const whole = isLast ? piece.length : piece.length - (piece.length % 4);
    length += bytes.write(piece.slice(0, whole), length, 'base64');
    carried = piece.slice(whole);
    await turnEnd();
  }
  return bytes.subarray(0, length);
}

/** JSON may escape slashes, and base64 may contain line breaks. */
const withoutEscapes = (text: string): string =>
  text.includes('\\') ? text.replace(/\\(?:(\/)|[rn])/g, '$1') : text;
