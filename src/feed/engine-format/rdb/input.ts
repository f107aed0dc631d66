// The bytes of a dump as they come, with the lengths and strings that are written in them. Redis: src/rdb.c,
// `rdbLoadLenByRef`, `rdbGenericLoadStringObject`.

import { ByteHash } from '../byte-hash.ts';
import type { HashedString } from '../digest.ts';
import { FormatError } from '../format-error.ts';
import { Crc64 } from './crc64.ts';
import { decompress } from './lzf.ts';

/** Steps that need bytes wait for them by yielding. */
export type Reading<T> = Generator<undefined, T, undefined>;

const NOTHING: Buffer = Buffer.alloc(0);
const LACKING = -1;
/** A length takes nine bytes at most, three of them a compressed string's header. */
const HEADER_BYTES = 1 + 2 * 9;
/** The least memory for a string that does not fit into a chunk. */
const GROWTH = 64 * 1024;

/** Reads a dump whose chunks come by `push`. `length` and `string` throw a FormatError. */
export class Input {
  data = NOTHING;
  at = 0;
  readonly #crc = new Crc64();
  #summed = 0;
  /** The last length was none, but says how a string is encoded. */
  #isEncoding = false;
  /** Strings that are longer are hashed instead. */
  readonly #longest: number;

  constructor(longest: number) {
    this.#longest = longest;
  }

  get left(): number {
    return this.data.length - this.at;
  }

  push(chunk: Buffer): void {
    this.#sum();
    const rest = this.data.subarray(this.at);
    this.data = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    this.at = 0;
    this.#summed = 0;
  }

  /** Whether the next eight bytes are the check sum of all before. */
  isSum(): boolean {
    this.#sum();
    return this.#crc.matches(this.data, this.at);
  }

  #sum(): void {
    this.#crc.update(this.data, this.#summed, this.at);
    this.#summed = this.at;
  }

  /** Waits for so many bytes. Only for few: they are joined. */
  *need(bytes: number): Reading<void> {
    while (this.data.length - this.at < bytes) yield;
  }

  *byte(): Reading<number> {
    while (this.at >= this.data.length) yield;
    return this.data[this.at++] as number;
  }

  /** A number, exact up to 2^53. */
  *length(): Reading<number> {
    for (;;) {
      const begin = this.at;
      const length = this.#length();
      if (length === LACKING) this.at = begin;
      else if (!this.#isEncoding) return length;
      else throw new FormatError('malformed', 'A dump has an encoding where a length should be.');
      yield;
    }
  }

  /** A string, or its hash where it is too long. */
  *string(): Reading<Buffer | HashedString> {
    return this.stringNow() ?? (yield* this.#stringInParts());
  }

  /** A string that must be there whole. */
  *shortString(): Reading<Buffer> {
    const string = yield* this.string();
    if (string instanceof Uint8Array) return string as Buffer;
    throw new FormatError('too-large', `A dump has a key or a name of more than ${this.#longest} bytes.`);
  }

  /** A string when its bytes are there: the usual case, without a generator. */
  stringNow(): Buffer | undefined {
    const begin = this.at;
    const length = this.#length();
    if (length !== LACKING) {
      if (this.#isEncoding) {
        const encoded = this.#encodedNow(length);
        if (encoded !== undefined) return encoded;
      } else if (length <= this.#longest && this.left >= length) {
        this.at += length;
        return this.data.subarray(this.at - length, this.at);
      }
    }
    this.at = begin;
    return undefined;
  }

  #encodedNow(encoding: number): Buffer | undefined {
    if (encoding < 3) {
      const bytes = 1 << encoding;
      if (this.left < bytes) return undefined;
      this.at += bytes;
      return Buffer.from(String(this.data.readIntLE(this.at - bytes, bytes)), 'latin1');
    }
    if (encoding !== 3) throw new FormatError('malformed', `A string has the unknown encoding ${encoding}.`);
    const compressed = this.#length();
    const length = compressed === LACKING ? LACKING : this.#length();
    if (length === LACKING || Math.max(length, compressed) > this.#longest || this.left < compressed) {
      return undefined;
    }
    this.at += compressed;
    return decompress(this.data.subarray(this.at - compressed, this.at), length);
  }

  *#stringInParts(): Reading<Buffer | HashedString> {
    // Its header first, which may be cut.
    for (;;) {
      const begin = this.at;
      const length = this.#length();
      if (length !== LACKING && !this.#isEncoding) return yield* this.#bytes(length);
      if (length === 3) {
        const compressed = this.#length();
        const full = compressed === LACKING ? LACKING : this.#length();
        if (full > this.#longest) return yield* this.#hashed(compressed);
        if (full !== LACKING) {
          const bytes = yield* this.#bytes(compressed);
          return bytes instanceof Uint8Array ? decompress(bytes as Buffer, full) : bytes;
        }
      }
      this.at = begin;
      if (this.left > HEADER_BYTES) throw new FormatError('malformed', 'A string has no length.');
      yield;
      const now = this.stringNow();
      if (now) return now;
    }
  }

  /** So many bytes, or their hash. Memory grows with what was received, not with what was announced. */
  *#bytes(length: number): Reading<Buffer | HashedString> {
    if (length > this.#longest) return yield* this.#hashed(length);
    let whole = Buffer.allocUnsafe(Math.min(length, Math.max(GROWTH, 2 * this.left)));
    for (let have = 0; have < length; ) {
      while (this.left === 0) yield;
      const bytes = Math.min(this.left, length - have);
      if (have + bytes > whole.length) {
        const grown = Buffer.allocUnsafe(Math.min(length, 2 * (have + bytes)));
        whole.copy(grown, 0, 0, have);
        whole = grown;
      }
      this.data.copy(whole, have, this.at, this.at + bytes);
      this.at += bytes;
      have += bytes;
    }
    return whole.subarray(0, length);
  }

  *#hashed(length: number): Reading<HashedString> {
    const hash = new ByteHash();
    hash.begin();
    for (let left = length; left > 0; ) {
      while (this.left === 0) yield;
      const bytes = Math.min(this.left, left);
      hash.update(this.data, this.at, this.at + bytes);
      this.at += bytes;
      left -= bytes;
    }
    hash.end();
    return hash;
  }

  /** LACKING, with the position anywhere, when its bytes are not all there. */
  #length(): number {
    const { data } = this;
    this.#isEncoding = false;
    if (this.at >= data.length) return LACKING;
    const first = data[this.at++] as number;
    if (first < 0x40) return first;
    if (first < 0x80) {
      if (this.at >= data.length) return LACKING;
      return ((first & 0x3f) << 8) | (data[this.at++] as number);
    }
    if (first >= 0xc0) {
      this.#isEncoding = true;
      return first & 0x3f;
    }
    const bytes = first === 0x80 ? 4 : first === 0x81 ? 8 : 0;
    if (bytes === 0) throw new FormatError('malformed', `A length begins with byte ${first}.`);
    if (data.length - this.at < bytes) return LACKING;
    this.at += bytes;
    const low = data.readUInt32BE(this.at - 4);
    return bytes === 4 ? low : data.readUInt32BE(this.at - 8) * 2 ** 32 + low;
  }
}
