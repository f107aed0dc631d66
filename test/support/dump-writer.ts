// Writes dumps for tests: encodings of old engines and of newer ones than this machine has.

import { Crc64 } from '../../src/feed/engine-format/rdb/crc64.ts';

type Text = string | Buffer;

export function length(count: number): Buffer {
  if (count < 64) return Buffer.from([count]);
  if (count < 16_384) return Buffer.from([0x40 | (count >> 8), count & 255]);
  const bytes = Buffer.from([0x80, 0, 0, 0, 0]);
  bytes.writeUInt32BE(count, 1);
  return bytes;
}

export function string(text: Text): Buffer {
  const bytes = Buffer.from(text as string);
  return Buffer.concat([length(bytes.length), bytes]);
}

export function strings(...texts: Text[]): Buffer {
  return Buffer.concat(texts.map(string));
}

/** A dump of this content, with its check sum. */
export function dumpOf(content: readonly Buffer[], magic = 'REDIS0011'): Buffer {
  return summed([Buffer.from(magic), ...content, Buffer.from([255])]);
}

/** As RESTORE takes it. */
export function payloadOf(type: number, value: Buffer, version = 10): Buffer {
  return summed([Buffer.from([type]), value, Buffer.from([version, 0])]);
}

function summed(parts: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(parts);
  const crc = new Crc64();
  crc.update(bytes, 0, bytes.length);
  return Buffer.concat([bytes, crc.digest()]);
}

export function intset(width: 2 | 4 | 8, numbers: readonly bigint[]): Buffer {
  const bytes = Buffer.alloc(8 + width * numbers.length);
  bytes.writeUInt32LE(width, 0);
  bytes.writeUInt32LE(numbers.length, 4);
  for (const [at, number] of numbers.entries()) {
    if (width === 8) bytes.writeBigInt64LE(number, 8 + 8 * at);
    else bytes.writeIntLE(Number(number), 8 + width * at, width);
  }
  return bytes;
}

/** A value may be followed by unused bytes. */
export function zipmap(pairs: readonly (readonly [Text, Text])[], unused = 0): Buffer {
  const size = (bytes: Buffer) => {
    if (bytes.length < 254) return Buffer.from([bytes.length]);
    const long = Buffer.from([254, 0, 0, 0, 0]);
    long.writeUInt32LE(bytes.length, 1);
    return long;
  };
  const parts = pairs.flatMap(([field, value]) => {
    const [first, second] = [Buffer.from(field as string), Buffer.from(value as string)];
    return [size(first), first, size(second), Buffer.from([unused]), second, Buffer.alloc(unused)];
  });
  return Buffer.concat([Buffer.from([Math.min(pairs.length, 254)]), ...parts, Buffer.from([255])]);
}

/** Integers as bigint, in the shortest form. */
export function ziplist(elements: readonly (Text | bigint)[]): Buffer {
  const parts: Buffer[] = [];
  let before = 0;
  let tail = 10;
  for (const [index, element] of elements.entries()) {
    const back = Buffer.alloc(before < 254 ? 1 : 5, before < 254 ? before : 254);
    if (before >= 254) back.writeUInt32LE(before, 1);
    const entry = Buffer.concat([back, ziplistEntry(element)]);
    if (index > 0) tail += before;
    before = entry.length;
    parts.push(entry);
  }
  const body = Buffer.concat(parts);
  const header = Buffer.alloc(10);
  header.writeUInt32LE(10 + body.length + 1, 0);
  header.writeUInt32LE(tail, 4);
  header.writeUInt16LE(Math.min(elements.length, 65_535), 8);
  return Buffer.concat([header, body, Buffer.from([255])]);
}

function ziplistEntry(element: Text | bigint): Buffer {
  if (typeof element === 'bigint') {
    if (element >= 0n && element <= 12n) return Buffer.from([0xf1 + Number(element)]);
    const widths: [number, number][] = [
      [0xfe, 1],
      [0xc0, 2],
      [0xf0, 3],
      [0xd0, 4],
    ];
    for (const [code, width] of widths) {
      const most = 2n ** BigInt(8 * width - 1);
      if (element < -most || element >= most) continue;
      const bytes = Buffer.alloc(1 + width, code);
      bytes.writeIntLE(Number(element), 1, width);
      return bytes;
    }
    const bytes = Buffer.alloc(9, 0xe0);
    bytes.writeBigInt64LE(element, 1);
    return bytes;
  }
  const text = Buffer.from(element as string);
  if (text.length < 64) return Buffer.concat([Buffer.from([text.length]), text]);
  if (text.length < 16_384) {
    return Buffer.concat([Buffer.from([0x40 | (text.length >> 8), text.length & 255]), text]);
  }
  const header = Buffer.alloc(5, 0x80);
  header.writeUInt32BE(text.length, 1);
  return Buffer.concat([header, text]);
}

/** Short strings only. */
export function listpack(elements: readonly string[]): Buffer {
  const parts = elements.map((text) => {
    const bytes = Buffer.from(text);
    return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes, Buffer.from([1 + bytes.length])]);
  });
  const body = Buffer.concat(parts);
  const header = Buffer.alloc(6);
  header.writeUInt32LE(7 + body.length, 0);
  header.writeUInt16LE(elements.length, 4);
  return Buffer.concat([header, body, Buffer.from([255])]);
}

export function milliseconds(time: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(time);
  return bytes;
}

/** The id of a module's type: nine characters and a version. */
export function moduleId(name: string, version: number): Buffer {
  const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  let id = 0n;
  for (const character of name) id = (id << 6n) | BigInt(characters.indexOf(character));
  const bytes = Buffer.alloc(9, 0x81);
  bytes.writeBigUInt64BE((id << 10n) | BigInt(version), 1);
  return bytes;
}
