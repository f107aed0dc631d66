// The compact encodings of small collections: a string of bytes that has all elements. Listpacks (Redis src/listpack.c,
// since 5.0), ziplists (src/ziplist.c), zipmaps (src/zipmap.c, before 2.6) and sets of integers (src/intset.c).

import { FormatError } from '../format-error.ts';

/** Gives the elements in order. Integers are written out. Throws a FormatError. */
export type Elements = (bytes: Buffer, add: Add) => void;

type Add = (element: Buffer) => void;

export function listpackElements(bytes: Buffer, add: Add): void {
  let at = 6;
  for (;;) {
    const first = byteAt(bytes, at);
    if (first === 0xff) return;
    let size: number;
    if (first < 0x80) {
      add(numeral(first));
      size = 1;
    } else if (first < 0xc0) size = 1 + string(bytes, at + 1, first & 0x3f, add);
    else if (first < 0xe0) {
      const number = ((first & 0x1f) << 8) | byteAt(bytes, at + 1);
      add(numeral(number >= 4096 ? number - 8192 : number));
      size = 2;
    } else if (first < 0xf0) {
      size = 2 + string(bytes, at + 2, ((first & 0x0f) << 8) | byteAt(bytes, at + 1), add);
    } else if (first === 0xf0) {
      size = 5 + string(bytes, at + 5, Number(integer(bytes, at + 1, 4)) >>> 0, add);
    } else {
      // 0xf1 to 0xf4: integers of 2, 3, 4 and 8 bytes.
      const width = first === 0xf4 ? 8 : first - 0xef;
      if (width > 8) throw malformed('listpack');
      add(numeral(integer(bytes, at + 1, width)));
      size = 1 + width;
    }
    at += size + backwardBytes(size);
  }
}

/** How many bytes a listpack has after an element of this size, to be read backwards. */
function backwardBytes(size: number): number {
  return size <= 127 ? 1 : size < 16383 ? 2 : size < 2097151 ? 3 : size < 268435455 ? 4 : 5;
}

export function ziplistElements(bytes: Buffer, add: Add): void {
  let at = 10;
  for (;;) {
    const before = byteAt(bytes, at);
    if (before === 0xff) return;
    at += before === 0xfe ? 5 : 1;
    const first = byteAt(bytes, at);
    if (first < 0x40) at += 1 + string(bytes, at + 1, first, add);
    else if (first < 0x80) {
      at += 2 + string(bytes, at + 2, ((first & 0x3f) << 8) | byteAt(bytes, at + 1), add);
    } else if (first < 0xc0) {
      byteAt(bytes, at + 4);
      at += 5 + string(bytes, at + 5, bytes.readUInt32BE(at + 1), add);
    } else if (first > 0xf0 && first < 0xfe) {
      add(numeral(first - 0xf1));
      at += 1;
    } else {
      const width = ZIPLIST_WIDTHS[first];
      if (width === undefined) throw malformed('ziplist');
      add(numeral(integer(bytes, at + 1, width)));
      at += 1 + width;
    }
  }
}

const ZIPLIST_WIDTHS: Readonly<Record<number, number>> = { 192: 2, 208: 4, 224: 8, 240: 3, 254: 1 };

export function zipmapElements(bytes: Buffer, add: Add): void {
  for (let at = 1; byteAt(bytes, at) !== 0xff; ) {
    for (const isValue of [false, true]) {
      let length = byteAt(bytes, at);
      if (length === 0xff) throw malformed('zipmap');
      if (length === 0xfe) {
        byteAt(bytes, at + 4);
        length = bytes.readUInt32LE(at + 1);
        at += 5;
      } else at += 1;
      // A value may have unused bytes after it.
      const unused = isValue ? byteAt(bytes, at++) : 0;
      at += string(bytes, at, length, add) + unused;
    }
  }
}

export function intsetElements(bytes: Buffer, add: Add): void {
  if (bytes.length < 8) throw malformed('set of integers');
  const width = bytes.readUInt32LE(0);
  const count = bytes.readUInt32LE(4);
  if (![2, 4, 8].includes(width) || bytes.length !== 8 + count * width) throw malformed('set of integers');
  for (let at = 8; at < bytes.length; at += width) add(numeral(integer(bytes, at, width)));
  return;
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  if (byte === undefined) throw malformed('collection');
  return byte;
}

/** Adds a string, and returns its length. */
function string(bytes: Buffer, at: number, length: number, add: Add): number {
  if (at + length > bytes.length) throw malformed('collection');
  add(bytes.subarray(at, at + length));
  return length;
}

/** Little endian, signed. */
function integer(bytes: Buffer, at: number, width: number): number | bigint {
  if (at + width > bytes.length) throw malformed('collection');
  if (width < 8) return bytes.readIntLE(at, width);
  return bytes.readBigInt64LE(at);
}

function numeral(number: number | bigint): Buffer {
  return Buffer.from(String(number), 'latin1');
}

function malformed(what: string): FormatError {
  return new FormatError('malformed', `A ${what} of a dump is malformed.`);
}
