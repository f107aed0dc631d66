// Checks one value: its length, size, number, pattern or enumeration. constraints.ts visits the values of an input.

import { Bug } from '../kernel/assert.ts';
import type { ConstraintFile } from './constraint-file.ts';
import { compilePattern } from './java-pattern.ts';
import type { Shape } from './schema.ts';
import type { Breach } from './violation.ts';

/** A check of one value, with the words for its violation. */
export interface Bound extends Breach {
  holds(value: unknown): boolean;
}

/** A longer string counts as not matching any pattern, which bounds the time. In UTF-16 code units. */
export const MAX_PATTERN_INPUT = 65_536;

/** In the order in which violations are reported. A value of the wrong type passes: the codecs check types. */
export function boundsOf(shape: Shape, constraint: ConstraintFile): Bound[] {
  const { min, max, whole, pattern, enum: values } = constraint;
  const bounds: Bound[] = [];
  if (shape.kind === 'scalar' && shape.type === 'number') {
    if (whole) bounds.push(WHOLE);
    bounds.push(...valueBounds(min, max));
    if (values) bounds.push(enumeration(values));
    return bounds;
  }
  if (pattern !== undefined) bounds.push(patternBound(pattern, max));
  if (min !== undefined) bounds.push(minLength(min));
  if (max !== undefined) bounds.push(maxLength(max));
  if (values) bounds.push(enumeration(values));
  return bounds;
}

const WHOLE: Bound = {
  kind: 'whole',
  limit: '',
  words: 'Member must be a whole number',
  holds: (value) => typeof value !== 'number' || Number.isInteger(value),
};

function valueBounds(min: number | undefined, max: number | undefined): Bound[] {
  const bounds: Bound[] = [];
  if (min !== undefined) {
    const words = `Member must have value greater than or equal to ${min}`;
    bounds.push({ kind: 'minValue', limit: min, words, holds: (value) => !((value as number) < min) });
  }
  if (max !== undefined) {
    const words = `Member must have value less than or equal to ${max}`;
    bounds.push({ kind: 'maxValue', limit: max, words, holds: (value) => !((value as number) > max) });
  }
  return bounds;
}

function minLength(min: number): Bound {
  const words = `Member must have length greater than or equal to ${min}`;
  return { kind: 'minLength', limit: min, words, holds: (value) => !isShorter(value, min) };
}

function maxLength(max: number): Bound {
  const words = `Member must have length less than or equal to ${max}`;
  return { kind: 'maxLength', limit: max, words, holds: (value) => !isLonger(value, max) };
}

/** A string past the maximum length is not matched: its length is the only violation that is reported. */
function patternBound(pattern: string, max: number | undefined): Bound {
  const expression = compilePattern(pattern);
  return {
    kind: 'pattern',
    limit: pattern,
    words: `Member must satisfy regular expression pattern: ${pattern}`,
    holds(value) {
      if (typeof value !== 'string' || (max !== undefined && isLonger(value, max))) return true;
      return value.length <= MAX_PATTERN_INPUT && expression.test(value);
    },
  };
}

function enumeration(values: readonly string[]): Bound {
  const set: ReadonlySet<string> = new Set(values);
  const list = `[${values.join(', ')}]`;
  const words = `Member must satisfy enum value set: ${list}`;
  const holds = (value: unknown) => typeof value === 'object' || set.has(String(value));
  return { kind: 'enumeration', limit: list, words, holds };
}

// The length of a string is its number of code points. A code point outside of the basic plane is two UTF-16 units.
function isLonger(value: unknown, max: number): boolean {
  const length = lengthOf(value);
  if (length <= max || typeof value !== 'string') return length > max;
  return length > 2 * max || characters(value) > max;
}

function isShorter(value: unknown, min: number): boolean {
  const length = lengthOf(value);
  if (length < min || typeof value !== 'string') return length < min;
  return length < 2 * min && characters(value) < min;
}

function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** NaN for a value without length, which passes every bound. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (value instanceof Uint8Array) return value.byteLength;
  if (value === null || typeof value !== 'object' || !isPlain(value)) return Number.NaN;
  return Object.keys(value).length;
}

const isPlain = (value: object): boolean =>
  [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);

/** AWS: the words for the bounds of every item, key or value, in AWS's order: `[Member must have length …, …]`. */
export function wordsOfAll(bounds: readonly Bound[]): string {
  const order = [
    'maxLength',
    'minLength',
    'maxValue',
    'minValue',
    'whole',
    'pattern',
    'enumeration',
    'parts',
  ];
  const sorted = [...bounds].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  if (sorted.length === 0) throw new Bug('a list of bounds is empty');
  return `[${sorted.map(({ words }) => words).join(', ')}]`;
}
