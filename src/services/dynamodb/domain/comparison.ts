// How attribute values compare: equality of any two, order of two strings, numbers or binaries, and what contains what.
// Pure.

import type { Effort } from './effort.ts';
import { compareNumbers } from './numbers.ts';
import { containsBytes, containsText } from './search.ts';
import type { AnyValue, Value } from './values.ts';

/** Whether two values have the same type and content. The order of a set's members has no meaning. */
export function equal(one: Value, other: Value): boolean {
  const left = one as AnyValue;
  const right = other as AnyValue;
  if (left.S !== undefined) return left.S === right.S;
  if (left.N !== undefined) return left.N === right.N;
  if (left.BOOL !== undefined) return left.BOOL === right.BOOL;
  if (left.NULL !== undefined) return right.NULL !== undefined;
  if (left.B) return right.B !== undefined && compareBytes(left.B, right.B) === 0;
  if (left.M) return right.M !== undefined && equalMaps(left.M, right.M);
  if (left.L) return right.L !== undefined && equalLists(left.L, right.L);
  if (left.SS) return equalSets(left.SS, right.SS);
  return left.NS ? equalSets(left.NS, right.NS) : equalSets(left.BS!, right.BS);
}

/** As `equal`, for values that are compared again and again: remembers the result for maps, lists and sets. */
export function equalAgain(one: Value, other: Value): boolean {
  const { M, L, SS, NS, BS } = one as AnyValue;
  if (!(M ?? L ?? SS ?? NS ?? BS)) return equal(one, other);
  return equalities.get(one)?.get(other) ?? remember(one, other, equal(one, other));
}

/** Negative if `one` is less; `undefined` when the two have no order: other types, or not the same. */
export function compare(one: Value, other: Value): number | undefined {
  const left = one as AnyValue;
  const right = other as AnyValue;
  if (left.S !== undefined) return right.S === undefined ? undefined : compareStrings(left.S, right.S);
  if (left.N !== undefined) return right.N === undefined ? undefined : compareNumbers(left.N, right.N);
  if (left.B !== undefined) return right.B === undefined ? undefined : compareBytes(left.B, right.B);
  return undefined;
}

/** Whether a string or binary begins with the other. */
export function beginsWith(one: Value, start: Value): boolean {
  const left = one as AnyValue;
  const right = start as AnyValue;
  if (left.S !== undefined && right.S !== undefined) return left.S.startsWith(right.S);
  if (left.B === undefined || right.B === undefined || left.B.length < right.B.length) return false;
  return compareBytes(left.B.subarray(0, right.B.length), right.B) === 0;
}

/**
 * Whether a string or binary contains the other, or a set or list has it as a member. `effort` is told what it costs
 * before it is done.
 */
export function contains(whole: Value, part: Value, effort: Effort): boolean {
  const left = whole as AnyValue;
  const right = part as AnyValue;
  if (left.L) {
    effort.spend(ITEM_EFFORT * left.L.length);
    return left.L.some((item) => equal(item, part));
  }
  if (right.S !== undefined) {
    if (left.S === undefined) return has(left.SS, right.S);
    effort.spend(left.S.length + right.S.length);
    return containsText(left.S, right.S);
  }
  if (right.N !== undefined) return has(left.NS, right.N);
  if (right.B === undefined) return false;
  if (left.B === undefined) return has(left.BS, bytesAsText(right.B));
  effort.spend(left.B.length + right.B.length);
  return containsBytes(left.B, right.B);
}

/** What it costs to compare an element of a list, in characters that are searched. */
const ITEM_EFFORT = 4;

/** Compares bytes as unsigned. */
export const compareBytes = (one: Uint8Array, other: Uint8Array): number => Buffer.compare(one, other);

/** A key for a binary in a Set or Map. */
export const bytesAsText = (bytes: Uint8Array): string => asBuffer(bytes).toString('latin1');

/**
 * Compares strings by their UTF-8 bytes. JavaScript's own order is that of UTF-16 units, which differs where characters
 * beyond U+FFFF meet those above the surrogates.
 */
export function compareStrings(one: string, other: string): number {
  if (one === other) return 0;
  let at = 0;
  while (one.slice(at, at + PIECE) === other.slice(at, at + PIECE)) at += PIECE;
  while (at < one.length && one.charCodeAt(at) === other.charCodeAt(at)) at++;
  if (at === one.length || at === other.length) return one.length - other.length;
  return rank(one.charCodeAt(at)) - rank(other.charCodeAt(at));
}

/** Units that are skipped together where two long strings are equal. */
const PIECE = 256;
const FIRST_SURROGATE = 0xd800;
const AFTER_SURROGATES = 0xe000;

/** Puts surrogates after all other units. */
const rank = (unit: number): number =>
  unit >= FIRST_SURROGATE && unit < AFTER_SURROGATES ? unit + 0x10000 : unit;

/** The members of a set of strings, numbers or binaries. */
export type SetMembers = readonly string[] | readonly Uint8Array[];

function has(set: SetMembers | undefined, member: string): boolean {
  if (set === undefined) return false;
  if (set.length <= SHORT && typeof set[0] === 'string') return (set as string[]).includes(member);
  return membersOf(set).has(member);
}

/** Members that are looked through as fast as they are found. */
const SHORT = 16;

// An expression may name a large set or list hundreds of times. What was found out about it once is therefore kept as
// long as it exists. Values do not change.

const members = new WeakMap<SetMembers, ReadonlySet<string>>();

/** The members of a set, binaries as `bytesAsText`. */
export function membersOf(set: SetMembers): ReadonlySet<string> {
  let found = members.get(set);
  if (!found) {
    found = new Set<string>(
      typeof set[0] === 'string' ? (set as string[]) : (set as Uint8Array[]).map(bytesAsText),
    );
    members.set(set, found);
  }
  return found;
}

const equalities = new WeakMap<Value, WeakMap<Value, boolean>>();

function remember(one: Value, other: Value, isEqual: boolean): boolean {
  const others = equalities.get(one);
  if (others) others.set(other, isEqual);
  else equalities.set(one, new WeakMap([[other, isEqual]]));
  return isEqual;
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function equalMaps(one: Record<string, Value>, other: Record<string, Value>): boolean {
  let names = 0;
  for (const name in one) {
    if (!Object.hasOwn(other, name) || !equal(one[name]!, other[name]!)) return false;
    names++;
  }
  return names === Object.keys(other).length;
}

function equalSets(one: SetMembers, other: SetMembers | undefined): boolean {
  if (other?.length !== one.length) return false;
  const others = membersOf(other);
  for (const own of membersOf(one)) if (!others.has(own)) return false;
  return true;
}

const equalLists = (one: readonly Value[], other: readonly Value[]): boolean =>
  one.length === other.length && one.every((item, index) => equal(item, other[index]!));
