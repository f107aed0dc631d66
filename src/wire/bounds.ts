// The checks of one value: its length or size, its pattern, its enumeration.

import { Bug } from '../kernel/assert.ts';
import type { ConstraintFile } from './constraint-file.ts';
import { compilePattern } from './java-pattern.ts';
import type { Shape } from './schema.ts';
import type { Breach } from './violation.ts';

export interface Bound extends Breach {
  holds(value: unknown): boolean;
}

/** A pattern is not tried on anything longer, whether the model has a maximum or not; it counts as not matching. */
export const MAX_PATTERN_INPUT = 65_536;

/** Told in this order. Values of another type than the shape's hold all of them: types are the codecs' business. */
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

/** The length comes first: what is too long is not tried, and told by its length alone. */
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

// Strings are as long as they have characters, and a character outside of the basic plane is two units.
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

/** Of anything else NaN, which no bound refuses. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (value instanceof Uint8Array) return value.byteLength;
  if (value === null || typeof value !== 'object' || !isPlain(value)) return Number.NaN;
  return Object.keys(value).length;
}

const isPlain = (value: object): boolean =>
  [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);

/** AWS: what must hold of every item, key or value, in this order: `[Member must have length …, Member must …]`. */
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
  if (sorted.length === 0) throw new Bug('there is nothing that must hold');
  return `[${sorted.map(({ words }) => words).join(', ')}]`;
}
