// Keys of tables and indexes: which attributes they are, and their bytes in the order in which DynamoDB sorts. Pure.

import { decimalFrom } from './numbers.ts';
import type { Item, Value } from './values.ts';

/** The type of a key attribute. */
export type KeyType = 'S' | 'N' | 'B';

/** A key attribute. */
export interface KeyAttribute {
  name: string;
  type: KeyType;
}

/** The key of a table or an index. */
export interface KeySchema {
  hash: KeyAttribute;
  range?: KeyAttribute;
}

/** An end of a range of encoded sort keys. */
export interface Bound {
  key: Buffer;
  isIncluded: boolean;
}

/** A range of encoded sort keys. An absent bound is open. */
export interface KeyRange {
  from?: Bound;
  to?: Bound;
}

/**
 * The bytes of a valid key value. Among values of one type, bytes compare (as SQL compares BLOBs) as DynamoDB sorts:
 * strings by their UTF-8 bytes, numbers by value, binaries by unsigned bytes. Equal values have equal bytes.
 */
export function encodeKey(value: Value): Buffer {
  if ('S' in value) return Buffer.from(value.S);
  if ('N' in value) return encodeNumber(value.N);
  const { B } = value as { B: Uint8Array };
  return Buffer.from(B.buffer, B.byteOffset, B.byteLength);
}

/** The encoded key of an item that is valid in this schema. */
export function encodedKeyOf({ hash, range }: KeySchema, item: Item): { hash: Buffer; range?: Buffer } {
  const encoded = encodeKey(item[hash.name]!);
  return range ? { hash: encoded, range: encodeKey(item[range.name]!) } : { hash: encoded };
}

const NEGATIVE = 0x40;
const ZERO = 0x80;
const POSITIVE = 0xc0;
/** Makes every exponent of a number (-130 to 125) a byte. */
const EXPONENT_BIAS = 130;

/** Sign, exponent, and two digits in each byte, from 1 to 100. A negative number has the complement, and an end. */
function encodeNumber(text: string): Buffer {
  const { isNegative, digits, exponent } = decimalFrom(text);
  if (digits === '') return Buffer.of(ZERO);
  const pairs = Math.ceil(digits.length / 2);
  const bytes = Buffer.allocUnsafe(2 + pairs + (isNegative ? 1 : 0));
  const flip = isNegative ? 0xff : 0;
  bytes[0] = isNegative ? NEGATIVE : POSITIVE;
  bytes[1] = (exponent + EXPONENT_BIAS) ^ flip;
  for (let pair = 0; pair < pairs; pair++) {
    const tens = digits.charCodeAt(2 * pair) - 0x30;
    const ones = 2 * pair + 1 < digits.length ? digits.charCodeAt(2 * pair + 1) - 0x30 : 0;
    bytes[2 + pair] = (10 * tens + ones + 1) ^ flip;
  }
  // A negative number with more digits is less; no byte before the end is 255.
  if (isNegative) bytes[2 + pairs] = 0xff;
  return bytes;
}
