// Attribute values: their types, in the form of the wire, which is also the form in which items are kept. Pure.

import {
  duplicateMembers,
  duplicateNumbers,
  emptyAttributeName,
  emptyBinarySet,
  emptySet,
  emptyValue,
  itemTooLarge,
  nestedTooDeeply,
  notNumeric,
  nullMustBeTrue,
  numberOverflow,
  numberPrecision,
  numberUnderflow,
  severalTypes,
} from '../faults/values.ts';
import { type NumberProblem, normalNumber } from './numbers.ts';

/** An attribute's value: exactly one member is present. Once it was checked, its numbers are in normal form. */
export type Value =
  | { S: string }
  | { N: string }
  | { B: Uint8Array }
  | { SS: string[] }
  | { NS: string[] }
  | { BS: Uint8Array[] }
  | { M: Attributes }
  | { L: Value[] }
  | { NULL: boolean }
  | { BOOL: boolean };

/** The name of a type, as on the wire. */
export type TypeName = 'S' | 'N' | 'B' | 'SS' | 'NS' | 'BS' | 'M' | 'L' | 'NULL' | 'BOOL';

/** Attributes by name: an item, a key or a map. May have an own member named `__proto__`. */
export type Attributes = Record<string, Value>;

/** A whole item. */
export type Item = Attributes;

/** A value as an SDK types it. `checkValue` says whether it is one. */
export type GivenValue = object;

/** Attributes as an SDK types them. */
export type GivenAttributes = Readonly<Record<string, GivenValue>>;

/** More distinct members do not fit into an item: hardly any of them has less than two bytes. */
const MOST_MEMBERS = 205_000;

/** All members that a value may have, for reading it without knowing its type. */
export interface AnyValue {
  S?: string;
  N?: string;
  B?: Uint8Array;
  SS?: string[];
  NS?: string[];
  BS?: Uint8Array[];
  M?: Attributes;
  L?: Value[];
  NULL?: boolean;
  BOOL?: boolean;
}

/** The most levels of an attribute. AWS: its own value is the first. */
export const MOST_LEVELS = 32;

/** The type of a checked value. */
export function typeOf(value: Value): TypeName {
  for (const type in value) {
    if ((value as Record<string, unknown>)[type] !== undefined) return type as TypeName;
  }
  return 'NULL';
}

/** Checks the values of an item, a key or a map, and brings their numbers into normal form, in place. */
export function checkAttributes(attributes: GivenAttributes): asserts attributes is Attributes {
  if (Object.hasOwn(attributes, '')) throw emptyAttributeName();
  for (const name in attributes) checkValue(attributes[name]!);
}

/**
 * Checks one value, and brings its numbers into normal form, in place. Throws ValidationException. AWS: the content of
 * each type is checked before their number is.
 */
export function checkValue(value: GivenValue, level = 1): asserts value is Value {
  if (level > MOST_LEVELS) throw nestedTooDeeply();
  let types = 0;
  for (const type in value) {
    if ((value as Record<string, unknown>)[type] === undefined || !Object.hasOwn(CHECKS, type)) continue;
    types++;
    CHECKS[type as TypeName](value as AnyValue, level);
  }
  if (types === 0) throw emptyValue();
  if (types > 1) throw severalTypes();
}

const CHECKS: Readonly<Record<TypeName, (value: AnyValue, level: number) => void>> = {
  S() {},
  N(value) {
    value.N = checkedNumber(value.N!);
  },
  B() {},
  SS({ SS }) {
    if (SS!.length === 0) throw emptySet('string');
    if (SS!.length > MOST_MEMBERS) throw itemTooLarge();
    if (SS!.length > 1 && new Set(SS).size < SS!.length) throw duplicateMembers('SS', SS!);
  },
  NS(value) {
    if (value.NS!.length === 0) throw emptySet('number');
    if (value.NS!.length > MOST_MEMBERS) throw itemTooLarge();
    value.NS = value.NS!.map(checkedNumber);
    if (new Set(value.NS).size < value.NS.length) throw duplicateNumbers();
  },
  BS({ BS }) {
    if (BS!.length === 0) throw emptyBinarySet();
    if (BS!.length > MOST_MEMBERS) throw itemTooLarge();
    const members = BS!.map(base64);
    if (new Set(members).size < members.length) throw duplicateMembers('BS', members);
  },
  M({ M }, level) {
    for (const name in M) checkValue(M[name]!, level + 1);
    if (Object.hasOwn(M!, '')) throw emptyAttributeName();
  },
  L({ L }, level) {
    for (const item of L!) checkValue(item, level + 1);
  },
  NULL({ NULL }) {
    if (!NULL) throw nullMustBeTrue();
  },
  BOOL() {},
};

const PROBLEMS: Readonly<Record<NumberProblem, (text: string) => Error>> = {
  syntax: notNumeric,
  overflow: numberOverflow,
  underflow: numberUnderflow,
  precision: numberPrecision,
};

function checkedNumber(text: string): string {
  const number = normalNumber(text);
  if ('problem' in number) throw PROBLEMS[number.problem](text);
  return number.text;
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');

/** Sets an attribute, also one named `__proto__`. */
export function setAttribute(attributes: Attributes, name: string, value: Value): void {
  if (name !== '__proto__') attributes[name] = value;
  else
    Object.defineProperty(attributes, name, { value, writable: true, enumerable: true, configurable: true });
}

/** An attribute, or `undefined`: names of Object's prototype are no attributes. */
export const attributeOf = (attributes: Attributes, name: string): Value | undefined =>
  Object.hasOwn(attributes, name) ? attributes[name] : undefined;

/** The levels of a value: 1 for a scalar or a set, and for an empty map or list. */
export function depthOf(value: Value): number {
  const { M, L } = value as AnyValue;
  let deepest = 0;
  for (const item of M ? Object.values(M) : (L ?? [])) deepest = Math.max(deepest, depthOf(item));
  return deepest + 1;
}
