// The functions of the language, as a table: numbers, texts, times, JSON and IP addresses; the aggregates of `stats` by
// name only (aggregates.ts). AWS: "Boolean, comparison, numeric, datetime, and other functions" and "stats" of the
// user guide. Where the guide does not say what a missing argument results in, the result is missing too.

import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net';
import { TooMuchMemory } from './query-memory.ts';
import { compareValues, numberOf, type Structure, textOf, type Value } from './values.ts';

/** A function's name and how many arguments it takes. */
export interface Signature {
  name: string;
  arity: readonly [least: number, most: number];
  /** Called with the values of the arguments. Absent for aggregates, and for functions that compile.ts builds. */
  apply?: (...values: Value[]) => Value;
  isAggregate?: boolean;
  /** The result is a time in milliseconds since the epoch, and is shown as one. */
  isTime?: boolean;
  /** The result is a time if the first argument is. */
  keepsTime?: boolean;
}

const MANY = 100;

const ofNumber =
  (calculate: (a: number) => number) =>
  (value: Value): Value =>
    finite(calculate(numberOf(value)));

/** A result that is no number is no result. */
export const finite = (value: number): number | undefined => (Number.isFinite(value) ? value : undefined);

const ofText =
  (change: (text: string, ...rest: Value[]) => Value) =>
  (value: Value, ...rest: Value[]): Value =>
    value === undefined ? undefined : change(textOf(value), ...rest);

/** Functions of functions could make a text of any length from an event of 256 KB. */
const LONGEST_TEXT = 4 * 1024 * 1024;

/** Throws TooMuchMemory. */
function checkLength(characters: number): void {
  if (characters > LONGEST_TEXT) throw new TooMuchMemory();
}

const truth = (is: boolean): number => Number(is);

/** AWS's samples rely on it: `greatest(@initDuration, 0)` is 0 without @initDuration. */
const extreme =
  (sign: number) =>
  (...values: Value[]): Value =>
    values
      .filter((value) => value !== undefined)
      .reduce<Value>(
        (best, value) => (best === undefined || sign * compareValues(value, best) > 0 ? value : best),
        undefined,
      );

/** The characters to remove are given, or white space. */
const trimmed = (atStart: boolean, atEnd: boolean) =>
  ofText((text, given) => {
    const isRemoved = (char: string) =>
      given === undefined ? /\s/.test(char) : textOf(given).includes(char);
    let [start, end] = [0, text.length];
    while (atStart && start < end && isRemoved(text[start]!)) start++;
    while (atEnd && end > start && isRemoved(text[end - 1]!)) end--;
    return text.slice(start, end);
  });

const SCALARS: readonly Signature[] = [
  { name: 'abs', arity: [1, 1], apply: ofNumber(Math.abs) },
  { name: 'ceil', arity: [1, 1], apply: ofNumber(Math.ceil) },
  { name: 'floor', arity: [1, 1], apply: ofNumber(Math.floor) },
  { name: 'log', arity: [1, 1], apply: ofNumber(Math.log) },
  { name: 'sqrt', arity: [1, 1], apply: ofNumber(Math.sqrt) },
  { name: 'greatest', arity: [1, MANY], apply: extreme(1), keepsTime: true },
  { name: 'least', arity: [1, MANY], apply: extreme(-1), keepsTime: true },

  { name: 'isempty', arity: [1, 1], apply: (value) => truth(value === undefined || value === '') },
  { name: 'isblank', arity: [1, 1], apply: (value) => truth(textOf(value).trim() === '') },
  { name: 'strlen', arity: [1, 1], apply: ofText((text) => text.length) },
  { name: 'toupper', arity: [1, 1], apply: ofText((text) => text.toUpperCase()) },
  { name: 'tolower', arity: [1, 1], apply: ofText((text) => text.toLowerCase()) },
  { name: 'trim', arity: [1, 2], apply: trimmed(true, true) },
  { name: 'ltrim', arity: [1, 2], apply: trimmed(true, false) },
  { name: 'rtrim', arity: [1, 2], apply: trimmed(false, true) },
  { name: 'concat', arity: [1, MANY], apply: concat },
  { name: 'substr', arity: [2, 3], apply: ofText(substr) },
  {
    name: 'replace',
    arity: [3, 3],
    apply: ofText((text, search, by) => replaced(text, textOf(search), textOf(by))),
  },
  {
    name: 'strcontains',
    arity: [2, 2],
    apply: (value, search) => truth(textOf(value).includes(textOf(search))),
  },

  { name: 'ispresent', arity: [1, 1], apply: (value) => truth(value !== undefined) },
  {
    name: 'coalesce',
    arity: [1, MANY],
    apply: (...values) => values.find((value) => value !== undefined),
    keepsTime: true,
  },

  { name: 'bin', arity: [1, 2], isTime: true },
  { name: 'datefloor', arity: [2, 2], isTime: true },
  { name: 'dateceil', arity: [2, 2], isTime: true },
  { name: 'fromMillis', arity: [1, 1], isTime: true, apply: ofNumber((at) => at) },
  { name: 'toMillis', arity: [1, 1], apply: ofNumber((at) => at) },
  // AWS: seconds since the epoch.
  { name: 'now', arity: [0, 0] },

  { name: 'jsonParse', arity: [1, 1], apply: ofText(parsedJson) },
  {
    name: 'jsonStringify',
    arity: [1, 1],
    apply: (value) => (value === undefined ? undefined : stringified(value)),
  },

  { name: 'isValidIp', arity: [1, 1], apply: (value) => truth(isIP(textOf(value)) !== 0) },
  { name: 'isValidIpV4', arity: [1, 1], apply: (value) => truth(isIPv4(textOf(value))) },
  { name: 'isValidIpV6', arity: [1, 1], apply: (value) => truth(isIPv6(textOf(value))) },
  {
    name: 'isIpInSubnet',
    arity: [2, 2],
    apply: (address, subnet) => truth(isInSubnet(address, subnet, [4, 6])),
  },
  {
    name: 'isIpv4InSubnet',
    arity: [2, 2],
    apply: (address, subnet) => truth(isInSubnet(address, subnet, [4])),
  },
  {
    name: 'isIpv6InSubnet',
    arity: [2, 2],
    apply: (address, subnet) => truth(isInSubnet(address, subnet, [6])),
  },
];

const AGGREGATES: readonly Signature[] = [
  ...[
    'avg',
    'sum',
    'min',
    'max',
    'stddev',
    'count_distinct',
    'earliest',
    'latest',
    'sortsFirst',
    'sortsLast',
  ].map(
    (name): Signature => ({
      ...{ name, arity: [1, 1], isAggregate: true },
      keepsTime: /^(min|max|earliest|latest|sorts)/.test(name),
    }),
  ),
  { name: 'count', arity: [0, 1], isAggregate: true },
  { name: 'pct', arity: [2, 2], isAggregate: true },
];
/** Spellings that AWS's guide and samples use as well. */
const SAME_AS: Readonly<Record<string, string>> = {
  percentile: 'pct',
  average: 'avg',
  count_distinct_approx: 'count_distinct',
};

/** Every function. */
export const ALL_FUNCTIONS: readonly Signature[] = [...SCALARS, ...AGGREGATES];

const BY_NAME = new Map(ALL_FUNCTIONS.map((signature) => [signature.name.toLowerCase(), signature]));

/** The function of this name, in any letter case. */
export function signatureOf(name: string): Signature | undefined {
  const word = name.toLowerCase();
  return BY_NAME.get(Object.hasOwn(SAME_AS, word) ? SAME_AS[word]! : word);
}

function concat(...values: Value[]): string {
  const texts = values.map(textOf);
  checkLength(texts.reduce((sum, { length }) => sum + length, 0));
  return texts.join('');
}

function replaced(text: string, search: string, by: string): string {
  if (search === '') return text;
  if (by.length > search.length) {
    let count = 0;
    for (let at = text.indexOf(search); at >= 0; at = text.indexOf(search, at + search.length)) count++;
    checkLength(text.length + count * (by.length - search.length));
  }
  return text.replaceAll(search, () => by);
}

function stringified(value: Value): string {
  const text = JSON.stringify(value);
  checkLength(text.length);
  return text;
}

/** AWS: `substr("xyZfooxyZ", 3, 3)` is `foo`: the first character has the index 0. */
function substr(text: string, start: Value, length: Value): Value {
  const from = numberOf(start);
  if (Number.isNaN(from)) return undefined;
  const first = Math.max(0, from);
  if (length === undefined) return text.slice(first);
  const count = numberOf(length);
  return Number.isNaN(count) ? undefined : text.slice(first, first + Math.max(0, count));
}

function parsedJson(text: string): Value {
  try {
    return asValue(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A value of JSON: true and false are 1 and 0, null is nothing. */
export function asValue(value: unknown): Value {
  if (typeof value === 'boolean') return Number(value);
  return value === null || value === undefined ? undefined : (value as number | string | Structure);
}

function isInSubnet(address: Value, subnet: Value, families: readonly number[]): boolean {
  const [text, [network = '', bits = '']] = [textOf(address), textOf(subnet).split('/')];
  const family = isIP(text);
  if (family === 0 || family !== isIP(network) || !families.includes(family)) return false;
  const most = family === 4 ? 32 : 128;
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > most) return false;
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(network, Number(bits), kind);
  return list.check(text, kind);
}
