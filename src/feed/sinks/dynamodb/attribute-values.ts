// Columns as values of DynamoDB. Pure.

import type { Column } from '../../sink.ts';

/** An AttributeValue of the SDK, as far as columns need it. */
export type AttributeValue =
  | { S: string }
  | { N: string }
  | { B: Uint8Array }
  | { BOOL: boolean }
  | { NULL: true }
  | { L: AttributeValue[] }
  | { M: Record<string, AttributeValue> };

/** AWS: a number has at most 38 digits, and a magnitude from 1E-130 to 9.99E+125. */
const MOST_DIGITS = 38;
const LARGEST = 1e126;
const SMALLEST = 1e-130;

/**
 * Texts are S, Buffers B, lists and sets L, objects M. A number that DynamoDB cannot hold, as the score `+inf` of a
 * sorted set, becomes its text.
 */
export function attributeValue(column: Column): AttributeValue {
  if (column === null) return { NULL: true };
  switch (typeof column) {
    case 'string':
      return { S: column };
    case 'boolean':
      return { BOOL: column };
    case 'number':
      return holdsNumber(column) ? { N: String(column) } : { S: String(column) };
    case 'bigint':
      return String(column).replace('-', '').length <= MOST_DIGITS
        ? { N: String(column) }
        : { S: String(column) };
  }
  if (column instanceof Uint8Array) return { B: column };
  if (Array.isArray(column)) return { L: column.map(attributeValue) };
  const members = Object.entries(column as Readonly<Record<string, Column>>);
  return { M: Object.fromEntries(members.map(([name, member]) => [name, attributeValue(member)])) };
}

const holdsNumber = (value: number): boolean =>
  value === 0 || (Math.abs(value) < LARGEST && Math.abs(value) >= SMALLEST);

/** The type of an attribute of a key. */
export type KeyType = 'S' | 'N' | 'B';

/** The value of an attribute of a key, in the table's type; `undefined` when it cannot be one. */
export function keyValue(column: Column, type: KeyType): AttributeValue | undefined {
  switch (type) {
    case 'B':
      if (column instanceof Uint8Array) return { B: column };
      return typeof column === 'string' ? { B: Buffer.from(column) } : undefined;
    case 'N':
      if (typeof column === 'string' && !NUMBER.test(column)) return undefined;
      return isScalar(column) ? { N: String(column) } : undefined;
    case 'S':
      return isScalar(column) ? { S: String(column) } : undefined;
  }
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

const isScalar = (column: Column): column is string | number | bigint =>
  typeof column === 'string' || typeof column === 'number' || typeof column === 'bigint';
