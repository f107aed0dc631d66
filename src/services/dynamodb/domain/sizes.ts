// The size of items as DynamoDB counts it, for its limits and for capacity. Pure.

import { decimalFrom } from './numbers.ts';
import type { AnyValue, Attributes, Value } from './values.ts';

/** The most bytes of an item: 400 KB. */
export const LARGEST_ITEM = 400 * 1024;

/** Bytes of an item, or of the attributes of a map: names and values. */
export function sizeOf(attributes: Attributes): number {
  let bytes = 0;
  for (const name in attributes) bytes += Buffer.byteLength(name) + sizeOfValue(attributes[name]!);
  return bytes;
}

/** Bytes of a value. AWS: lists and maps have three bytes of their own and one for each member. */
export function sizeOfValue(value: Value): number {
  const any = value as AnyValue;
  if (any.S !== undefined) return Buffer.byteLength(any.S);
  if (any.N !== undefined) return sizeOfNumber(any.N);
  if (any.B) return any.B.length;
  if (any.M) return 3 + Object.keys(any.M).length + sizeOf(any.M);
  if (any.L) return any.L.reduce((bytes, item) => bytes + 1 + sizeOfValue(item), 3);
  if (any.SS) return any.SS.reduce((bytes, member) => bytes + Buffer.byteLength(member), 0);
  if (any.NS) return any.NS.reduce((bytes, member) => bytes + sizeOfNumber(member), 0);
  if (any.BS) return any.BS.reduce((bytes, member) => bytes + member.length, 0);
  return 1;
}

/** AWS: one byte, one for each digit to the base 100, and one for a minus. */
function sizeOfNumber(text: string): number {
  const { isNegative, digits, exponent } = decimalFrom(text);
  if (digits === '') return 1;
  // An even exponent puts the first digit alone into its pair.
  const pairs = exponent % 2 === 0 ? 1 + Math.ceil((digits.length - 1) / 2) : Math.ceil(digits.length / 2);
  return 1 + pairs + (isNegative ? 1 : 0);
}
