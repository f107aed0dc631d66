// Digests of values: 64 bits that are the same for the same content, however the engine encodes it and in whatever order
// it lists the members of a set or the fields of a hash. Feeds compare them to find what changed.

import type { Value } from '../change.ts';
import { ByteHash } from './byte-hash.ts';

/** The hash of a string that is not there itself, as ByteHash has it. */
export interface HashedString {
  low: number;
  high: number;
}

/** A type whose content has a digest. `other` is of the bytes that the engine stores. */
export type DigestType = Value['type'];

const TYPES: readonly DigestType[] = ['none', 'string', 'list', 'set', 'hash', 'zset', 'stream', 'other'];

const words = new Uint32Array(2);
const asInteger = new BigInt64Array(words.buffer);
const asDouble = new Float64Array(words.buffer);

/** Computes a digest from parts. Each value begins with `begin`. */
export class ValueDigest {
  readonly #string = new ByteHash();
  readonly #pair = new ByteHash();
  /** Of lists, streams and strings: their parts in order. */
  readonly #sequence = new ByteHash();
  #type = 0;
  #count = 0;
  /** Of sets, hashes and sorted sets: the sum of the hashes of their members, which has no order. */
  #sumLow = 0;
  #sumHigh = 0;

  begin(type: DigestType): void {
    this.#type = TYPES.indexOf(type);
    this.#count = 0;
    this.#sumLow = 0;
    this.#sumHigh = 0;
    this.#sequence.begin();
  }

  /** The next part of a string, a list or other ordered content. */
  next(part: Buffer | HashedString): void {
    const { low, high } = this.#hash(part);
    this.#count += 1;
    this.#sequence.word(low);
    this.#sequence.word(high);
  }

  /** A member of a set. */
  member(part: Buffer | HashedString): void {
    const { low, high } = this.#hash(part);
    this.#add(low, high);
  }

  /** A field of a hash. */
  field(field: Buffer | HashedString, value: Buffer | HashedString): void {
    const pair = this.#beginPair(field);
    const { low, high } = this.#hash(value);
    pair.word(low);
    pair.word(high);
    pair.end();
    this.#add(pair.low, pair.high);
  }

  /** A member of a sorted set. */
  scored(member: Buffer | HashedString, score: number): void {
    const pair = this.#beginPair(member);
    // Encodings differ in whether they keep the sign of a zero.
    asDouble[0] = score === 0 ? 0 : score;
    pair.word(words[0] as number);
    pair.word(words[1] as number);
    pair.end();
    this.#add(pair.low, pair.high);
  }

  /** @param expiresAt Milliseconds since the epoch. @returns 64 bits, signed, as databases store integers. */
  end(expiresAt?: number): bigint {
    const all = this.#pair;
    this.#sequence.end();
    all.begin();
    all.word(this.#type);
    all.word(this.#count);
    all.word(this.#sumLow);
    all.word(this.#sumHigh);
    all.word(this.#sequence.low);
    all.word(this.#sequence.high);
    if (expiresAt !== undefined) {
      asDouble[0] = expiresAt;
      all.word(words[0] as number);
      all.word(words[1] as number);
    }
    all.end();
    words[0] = all.low;
    words[1] = all.high;
    return asInteger[0] as bigint;
  }

  #hash(part: Buffer | HashedString): HashedString {
    if (!(part instanceof Uint8Array)) return part;
    this.#string.begin();
    this.#string.update(part);
    this.#string.end();
    return this.#string;
  }

  #beginPair(part: Buffer | HashedString): ByteHash {
    const { low, high } = this.#hash(part);
    this.#pair.begin();
    this.#pair.word(low);
    this.#pair.word(high);
    return this.#pair;
  }

  #add(low: number, high: number): void {
    this.#count += 1;
    const sum = (this.#sumLow >>> 0) + (low >>> 0);
    this.#sumLow = sum | 0;
    this.#sumHigh = (this.#sumHigh + high + (sum > 0xffffffff ? 1 : 0)) | 0;
  }
}

const shared = new ValueDigest();

/**
 * The digest of a value and of when it expires (milliseconds since the epoch). `undefined` for `other`, whose content is
 * not there; a dump has a digest for it.
 */
export function digestOf(value: Value, expiresAt?: number): bigint | undefined {
  if (value.type === 'other') return undefined;
  shared.begin(value.type);
  switch (value.type) {
    case 'none':
      break;
    case 'string':
      shared.next(value.value);
      break;
    case 'list':
      for (const element of value.elements) shared.next(element);
      break;
    case 'set':
      for (const member of value.members) shared.member(member);
      break;
    case 'hash':
      for (const [field, content] of value.fields) shared.field(field, content);
      break;
    case 'zset':
      for (const [member, score] of value.members) shared.scored(member, score);
      break;
    case 'stream':
      for (const { id, fields } of value.entries) addEntry(shared, id, fields);
      break;
  }
  return shared.end(expiresAt);
}

/** An entry of a stream; the id as `1526919030474-55`. */
export function addEntry(digest: ValueDigest, id: string, fields: readonly Buffer[]): void {
  digest.next(Buffer.from(`${id} ${fields.length}`, 'latin1'));
  for (const part of fields) digest.next(part);
}
