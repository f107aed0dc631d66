// The values of queries and how they are compared, calculated with and shown. Pure.

import { ownText } from '../../segments/own-text.ts';

/** What an expression results in; `undefined` where the event has nothing. Maps and lists come from jsonParse. */
export type Value = number | string | undefined | Structure;

/** A map or a list. */
export type Structure = { readonly [key: string]: unknown } | readonly unknown[];

/** The number that a value is or is written as; NaN otherwise. */
export function numberOf(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value === '') return Number.NaN;
  const first = value.charCodeAt(0);
  // Digits, a sign, a point or a space: most texts are excluded at once.
  return first < 0x3a ? Number(value) : Number.NaN;
}

/** Equal for equal values: a number, or a text that is not one's usual notation. Maps and lists count by their text. */
export function keyOf(value: Value): number | string | undefined {
  if (typeof value === 'number' || value === undefined) return value;
  const text = textOf(value);
  const number = numberOf(text);
  return !Number.isNaN(number) && String(number) === text ? number : text;
}

/** The same value. A text refers to no segment, so that it may outlive it. */
export const ownValue = (value: Value): Value => (typeof value === 'string' ? ownText(value) : value);

/** The text of a value. */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value);
  return value === undefined ? '' : JSON.stringify(value);
}

/** Negative, zero or positive; by number when both are numbers or written as such. Nothing comes first. */
export function compareValues(a: Value, b: Value): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  const [left, right] = [numberOf(a), numberOf(b)];
  if (!Number.isNaN(left) && !Number.isNaN(right)) return left - right;
  // Numbers come before texts, so that any list has one order.
  if (Number.isNaN(left) !== Number.isNaN(right)) return Number.isNaN(left) ? 1 : -1;
  const [first, second] = [textOf(a), textOf(b)];
  return first < second ? -1 : Number(first > second);
}

/** Whether two values are the same text or the same number. */
export function areEqual(a: Value, b: Value): boolean {
  if (a === b) return a !== undefined;
  if (a === undefined || b === undefined) return false;
  const left = numberOf(a);
  return Number.isNaN(left) ? textOf(a) === textOf(b) : left === numberOf(b);
}

/** Without an exponent where that is possible. */
export function numberText(value: number): string {
  const text = String(value);
  if (!text.includes('e') || !Number.isFinite(value)) return text;
  return Math.abs(value) >= 1 ? BigInt(Math.round(value)).toString() : text.replace('e', 'E');
}

/** AWS: `2019-04-01 00:00:00.000`. */
export function timeText(value: Value): string {
  const at = numberOf(value);
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return textOf(value);
  return date.toISOString().replace('T', ' ').replace('Z', '');
}
