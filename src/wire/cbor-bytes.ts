// Encodes and decodes CBOR (RFC 8949), as far as rpc-v2-cbor uses it. It does not use schemas. Lengths are checked
// against the bytes that are present, so that a short input cannot allocate a huge array.

import { isUtf8 } from 'node:buffer';

/** The bytes are not CBOR, or exceed a limit. */
export class MalformedCbor extends Error {
  override readonly name = 'MalformedCbor';
}

const UNSIGNED = 0;
const NEGATIVE = 1;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const MAP = 5;
const TAG = 6;

/** Items of all types, string chunks included. 1,000 metrics with the most values that AWS allows have 300,000. */
const MAX_ITEMS = 500_000;
/** Entries of all maps together. */
const MAX_ENTRIES = 60_000;

const INDEFINITE = 31;
const BREAK = 0xff;
const EPOCH_SECONDS_TAG = 1;

/** The decoded value. Tagged epoch seconds become a Date; other tags are ignored. Throws MalformedCbor. */
export function decodeCbor(bytes: Buffer, maxDepth: number): unknown {
  const reader = new CborReader(bytes, maxDepth);
  const value = reader.read(0);
  reader.end();
  return value;
}

class CborReader {
  readonly #bytes: Buffer;
  readonly #maxDepth: number;
  #position = 0;
  #items = 0;
  #entries = 0;

  constructor(bytes: Buffer, maxDepth: number) {
    this.#bytes = bytes;
    this.#maxDepth = maxDepth;
  }

  end(): void {
    if (this.#position !== this.#bytes.length) throw new MalformedCbor('bytes left over');
  }

  read(depth: number): unknown {
    if (depth > this.#maxDepth) throw new MalformedCbor('nested too deeply');
    if (++this.#items > MAX_ITEMS) throw new MalformedCbor('too many items');
    const initial = this.#take(1)[0]!;
    const major = initial >> 5;
    const minor = initial & 31;
    switch (major) {
      case UNSIGNED:
        return this.#argument(minor);
      case NEGATIVE:
        return -1 - this.#argument(minor);
      case BYTES:
        return this.#string(major, minor);
      case TEXT:
        return asText(this.#string(major, minor));
      case ARRAY:
        return this.#array(minor, depth);
      case MAP:
        return this.#map(minor, depth);
      case TAG:
        return this.#tagged(this.#argument(minor), depth);
      default:
        return this.#simple(minor);
    }
  }

  #take(length: number): Buffer {
    const start = this.#position;
    if (length > this.#bytes.length - start) throw new MalformedCbor('ends too early');
    this.#position = start + length;
    return this.#bytes.subarray(start, start + length);
  }

  #argument(minor: number): number {
    if (minor < 24) return minor;
    if (minor === 24) return this.#take(1).readUInt8();
    if (minor === 25) return this.#take(2).readUInt16BE();
    if (minor === 26) return this.#take(4).readUInt32BE();
    if (minor === 27) return Number(this.#take(8).readBigUInt64BE());
    throw new MalformedCbor('unknown length encoding');
  }

  #string(major: number, minor: number): Buffer {
    if (minor !== INDEFINITE) return this.#take(this.#argument(minor));
    const parts: Buffer[] = [];
    while (!this.#atBreak()) {
      if (++this.#items > MAX_ITEMS) throw new MalformedCbor('too many items');
      const initial = this.#take(1)[0]!;
      if (initial >> 5 !== major || (initial & 31) === INDEFINITE)
        throw new MalformedCbor('a chunk of another type');
      parts.push(this.#take(this.#argument(initial & 31)));
    }
    return Buffer.concat(parts);
  }

  #array(minor: number, depth: number): unknown[] {
    const items: unknown[] = [];
    const count = this.#count(minor);
    while (count === undefined ? !this.#atBreak() : items.length < count) items.push(this.read(depth + 1));
    return items;
  }

  #map(minor: number, depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    const count = this.#count(minor);
    while (count === undefined ? !this.#atBreak() : entries.length < count) {
      if (++this.#entries > MAX_ENTRIES) throw new MalformedCbor('too many entries');
      const key = this.read(depth + 1);
      if (typeof key !== 'string') throw new MalformedCbor('a key is not a text');
      entries.push([key, this.read(depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  #count(minor: number): number | undefined {
    if (minor === INDEFINITE) return undefined;
    const count = this.#argument(minor);
    // Every item has at least one byte.
    if (count > this.#bytes.length - this.#position) throw new MalformedCbor('ends too early');
    return count;
  }

  #atBreak(): boolean {
    if (this.#bytes[this.#position] !== BREAK) return false;
    this.#position++;
    return true;
  }

  #tagged(tag: number, depth: number): unknown {
    const value = this.read(depth + 1);
    if (tag !== EPOCH_SECONDS_TAG) return value;
    const date = new Date(typeof value === 'number' ? value * 1000 : Number.NaN);
    if (Number.isNaN(date.getTime())) throw new MalformedCbor('a time is out of range');
    return date;
  }

  #simple(minor: number): unknown {
    if (minor === 20) return false;
    if (minor === 21) return true;
    if (minor === 22) return null;
    if (minor === 23) return undefined;
    if (minor === 25) return halfFloat(this.#take(2).readUInt16BE());
    if (minor === 26) return this.#take(4).readFloatBE();
    if (minor === 27) return this.#take(8).readDoubleBE();
    throw new MalformedCbor('unknown simple value');
  }
}

function asText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw new MalformedCbor('a text is not valid UTF-8');
  return bytes.toString('utf8');
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024);
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}

/** Encodes numbers, strings, booleans, bytes, dates, arrays and records. Omits `undefined` members. */
export function encodeCbor(value: unknown): Buffer {
  const parts: Buffer[] = [];
  write(parts, value);
  return Buffer.concat(parts);
}

function write(parts: Buffer[], value: unknown): void {
  if (value === null || value === undefined) parts.push(Buffer.of(0xf6));
  else if (typeof value === 'boolean') parts.push(Buffer.of(value ? 0xf5 : 0xf4));
  else if (typeof value === 'number') writeNumber(parts, value);
  else if (value instanceof Date) {
    parts.push(Buffer.of((TAG << 5) | EPOCH_SECONDS_TAG));
    writeNumber(parts, value.getTime() / 1000);
  } else if (value instanceof Uint8Array) parts.push(head(BYTES, value.length), Buffer.from(value));
  else if (Array.isArray(value)) {
    parts.push(head(ARRAY, value.length));
    for (const item of value) write(parts, item);
  } else if (typeof value === 'object') {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    parts.push(head(MAP, entries.length));
    for (const [key, item] of entries) {
      writeText(parts, key);
      write(parts, item);
    }
  } else writeText(parts, String(value));
}

function writeText(parts: Buffer[], text: string): void {
  const bytes = Buffer.from(text);
  parts.push(head(TEXT, bytes.length), bytes);
}

function writeNumber(parts: Buffer[], value: number): void {
  if (Number.isSafeInteger(value)) {
    parts.push(value < 0 ? head(NEGATIVE, -1 - value) : head(UNSIGNED, value));
    return;
  }
  const double = Buffer.alloc(9, 0xfb);
  double.writeDoubleBE(value, 1);
  parts.push(double);
}

function head(major: number, argument: number): Buffer {
  const type = major << 5;
  if (argument < 24) return Buffer.of(type | argument);
  if (argument < 0x100) return Buffer.of(type | 24, argument);
  const bytes = Buffer.alloc(argument < 0x10000 ? 3 : argument < 0x100000000 ? 5 : 9);
  if (bytes.length === 3) bytes.writeUInt16BE(argument, 1);
  else if (bytes.length === 5) bytes.writeUInt32BE(argument, 1);
  else bytes.writeBigUInt64BE(BigInt(argument), 1);
  bytes[0] = type | (bytes.length === 3 ? 25 : bytes.length === 5 ? 26 : 27);
  return bytes;
}
