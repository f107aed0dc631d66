// Filter patterns. A pattern lists terms, quoted or not, that a message must have, must not have (`-term`) or may
// have one of (`?term`); or it compares members of JSON messages: `{ $.level = "error" && $.ms > 100 }`. Other forms
// are refused. Pure.

import { invalidPattern } from './faults.ts';

/** A parsed filter pattern. */
export interface FilterPattern {
  matches(message: string): boolean;
  /** Selector -> its value in the message, for the selectors of the pattern: `$.level`. */
  valuesIn(message: string): Record<string, string>;
}

interface Parsed {
  matches: FilterPattern['matches'];
  selectors: string[];
}

const MAX_LENGTH = 1_024;

/** An absent or empty pattern matches every message. Throws InvalidParameterException. */
export function parseFilterPattern(pattern: string | undefined): FilterPattern {
  const { matches, selectors } = parse(pattern?.trim() ?? '');
  return {
    matches,
    valuesIn(message) {
      const found = selectors.map((selector) => [selector, valueAt(message, selector)] as const);
      return Object.fromEntries(
        found.flatMap(([selector, value]) => (value === undefined ? [] : [[selector, value]])),
      );
    },
  };
}

function parse(text: string): Parsed {
  if (text === '') return { matches: () => true, selectors: [] };
  if (text.length > MAX_LENGTH || text.startsWith('[') || text.startsWith('%')) throw invalidPattern();
  return text.startsWith('{') ? jsonPattern(text) : termPattern(text);
}

const TERM = /\s*([-?]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))/y;

function termPattern(text: string): Parsed {
  const wanted: string[] = [];
  const unwanted: string[] = [];
  const optional: string[] = [];
  TERM.lastIndex = 0;
  while (TERM.lastIndex < text.length) {
    const found = TERM.exec(text);
    if (!found) throw invalidPattern();
    const term = found[2]?.replace(/\\(.)/g, '$1') ?? found[3]!;
    (found[1] === '-' ? unwanted : found[1] === '?' ? optional : wanted).push(term);
  }
  return {
    matches: (message) =>
      wanted.every((term) => message.includes(term)) &&
      !unwanted.some((term) => message.includes(term)) &&
      (optional.length === 0 || wanted.length > 0 || optional.some((term) => message.includes(term))),
    selectors: [],
  };
}

const COMPARISON =
  /^\$((?:\.[\w-]+|\[\d{1,4}\])+)\s*(?:(IS NULL|NOT EXISTS|IS TRUE|IS FALSE)|(!=|<=|>=|=|<|>)\s*("(?:[^"\\]|\\.)*"|[^\s"]+))$/i;

function jsonPattern(text: string): Parsed {
  if (!text.endsWith('}')) throw invalidPattern();
  const body = text.slice(1, -1);
  const alternatives = outsideQuotes(body, '||').map((part) => outsideQuotes(part, '&&').map(comparison));
  return {
    matches(message) {
      let value: unknown;
      try {
        value = JSON.parse(message);
      } catch {
        return false;
      }
      return alternatives.some((all) => all.every(({ holds }) => holds(value)));
    },
    selectors: alternatives.flat().map(({ selector }) => selector),
  };
}

/** Whether the text is a selector such as `$.level` or `$.items[0].name`. */
export const isSelector = (text: string): boolean => /^\$(?:\.[\w-]+|\[\d{1,4}\])+$/.test(text);

/** The selected value as text; `undefined` if the message is not JSON or has no such value. */
export function valueAt(message: string, selector: string): string | undefined {
  let value: unknown;
  try {
    value = walk(JSON.parse(message), selector.match(/[\w-]+/g) ?? []);
  } catch {
    return undefined;
  }
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Splits the text at an operator outside of quotes. */
function outsideQuotes(text: string, operator: string): string[] {
  const parts = [''];
  for (let at = 0; at < text.length; ) {
    const quoted = /^"(?:[^"\\]|\\.)*"/.exec(text.slice(at))?.[0];
    const step = quoted ?? (text.startsWith(operator, at) ? undefined : text[at]!);
    if (step === undefined) parts.push('');
    else parts[parts.length - 1] += step;
    at += step?.length ?? operator.length;
  }
  return parts.map((part) => part.trim());
}

function comparison(text: string): { selector: string; holds(value: unknown): boolean } {
  const found = COMPARISON.exec(text);
  if (!found) throw invalidPattern();
  const steps = found[1]!.match(/[\w-]+/g)!;
  const word = found[2]?.toUpperCase();
  const operator = found[3]!;
  const literal = found[4];
  return {
    selector: `$${found[1]}`,
    holds(value) {
      const held = walk(value, steps);
      if (word === 'NOT EXISTS') return held === undefined;
      if (word === 'IS NULL') return held === null;
      if (word) return held === (word === 'IS TRUE');
      return compare(held, operator, literal!);
    },
  };
}

function walk(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, step)
        ? (at as Record<string, unknown>)[step]
        : undefined,
    value,
  );
}

function compare(held: unknown, operator: string, literal: string): boolean {
  const isQuoted = literal.startsWith('"');
  const text = isQuoted ? literal.slice(1, -1).replace(/\\(.)/g, '$1') : literal;
  const number = Number(text);
  const isEqual =
    typeof held === 'number' && !isQuoted
      ? held === number
      : typeof held === 'string' && matchesStars(text, held);
  if (operator === '=') return isEqual;
  if (operator === '!=') return held !== undefined && !isEqual;
  if (typeof held !== 'number' || Number.isNaN(number)) return false;
  if (operator === '<') return held < number;
  if (operator === '>') return held > number;
  return operator === '<=' ? held <= number : held >= number;
}

/** `*` at either end matches any text. */
function matchesStars(pattern: string, text: string): boolean {
  const [front, end] = [pattern.startsWith('*'), pattern.endsWith('*') && pattern.length > 1];
  const core = pattern.slice(front ? 1 : 0, end ? -1 : undefined);
  if (front && end) return text.includes(core);
  if (front) return text.endsWith(core);
  return end ? text.startsWith(core) : text === core;
}
