// Reads plain values, as YAML and JSON give them, into what is asked for, and collects what is wrong with them. Every value
// has a path, by which a file's line is found. Pure.

import { LanguageError } from './path.ts';

/** The names and indexes that lead to a value. */
export type Place = readonly (string | number)[];

/** One thing that is wrong. */
export interface Problem {
  place: Place;
  /** A sentence without a place. */
  message: string;
}

/** A configuration that is not valid. The message names every problem, one a line. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  readonly problems: readonly Problem[];

  /** `where` renders the place of a problem: a file and a line, or a path. */
  constructor(problems: readonly Problem[], where: (place: Place) => string = placeText) {
    const lines = problems.map(({ place, message }) => [where(place), message].filter(Boolean).join(': '));
    super(lines.join('\n'));
    this.problems = problems;
  }
}

/** `mappings[0].target.lambda` */
export const placeText = (place: Place): string =>
  place
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');

/** How members are called: as in a YAML file, or as properties of a resource. */
export type Naming = (name: string) => string;

/** What is wrong with the values read so far. */
export class Problems {
  readonly all: Problem[] = [];
  /** So many are reported; a file that is no configuration has very many. */
  static readonly most = 20;

  add(place: Place, message: string): void {
    if (this.all.length < Problems.most) this.all.push({ place, message });
  }

  /** Runs a reader of a language, and reports what it refuses. */
  within(place: Place, read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof LanguageError)) throw error;
      this.add(place, `${error.message}.`);
    }
  }
}

/** A number with its bounds. */
export interface Bounds {
  least: number;
  most: number;
}

/**
 * An object whose members are read one by one; `done` reports those that nobody asked for. What is missing or wrong is read
 * as its fallback, so that all problems of a file are found.
 */
export class Section {
  readonly place: Place;
  readonly #members: Readonly<Record<string, unknown>>;
  readonly #problems: Problems;
  readonly #naming: Naming;
  readonly #asked = new Set<string>();

  constructor(members: object, place: Place, problems: Problems, naming: Naming) {
    this.#members = members as Readonly<Record<string, unknown>>;
    this.place = place;
    this.#problems = problems;
    this.#naming = naming;
  }

  /** The value as it is; `undefined` when it is missing or null. */
  get(name: string): unknown {
    const key = this.#naming(name);
    this.#asked.add(key);
    return Object.hasOwn(this.#members, key) ? (this.#members[key] ?? undefined) : undefined;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  placeOf(name: string): Place {
    return [...this.place, this.#naming(name)];
  }

  /** Reports a problem of a member. */
  refuse(name: string, message: string): void {
    this.#problems.add(this.placeOf(name), message);
  }

  /** Reports a missing member. */
  require(name: string): void {
    if (!this.has(name)) this.#problems.add(this.place, `${this.#naming(name)} is missing.`);
  }

  text(name: string, options: { pattern?: RegExp; says?: string; most?: number } = {}): string | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    const text = typeof value === 'number' ? String(value) : value;
    const { pattern, says = 'It has characters that are not allowed.', most = 2048 } = options;
    if (typeof text !== 'string') this.refuse(name, 'It must be a text.');
    else if (text === '') this.refuse(name, 'It must not be empty.');
    else if (text.length > most) this.refuse(name, `It has ${most} characters at most.`);
    else if (pattern && !pattern.test(text)) this.refuse(name, says);
    else return text;
    return undefined;
  }

  choice<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (choices.includes(value as T)) return value as T;
    this.refuse(name, `It must be ${listText(choices)}.`);
    return undefined;
  }

  /** AWS: CloudFormation gives booleans and numbers also as texts. */
  flag(name: string): boolean | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === 'boolean') return value as boolean | undefined;
    if (value === 'true' || value === 'false') return value === 'true';
    this.refuse(name, 'It must be true or false.');
    return undefined;
  }

  integer(name: string, { least, most }: Bounds): number | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most)
      return number;
    this.refuse(name, `It must be a whole number from ${least} to ${most}.`);
    return undefined;
  }

  /** Milliseconds, from seconds (`5`) or a text with a unit (`500ms`, `5s`, `10m`, `2h`, `1d`); bounds in seconds. */
  duration(name: string, { least, most }: Bounds): number | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    const [, digits, unit = 's'] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)?$/.exec(String(value)) ?? [];
    const ms = Math.round(Number(digits) * UNITS[unit]!);
    if (digits !== undefined && ms >= least * 1_000 && ms <= most * 1_000) return ms;
    this.refuse(name, `It must be from ${least} to ${most} seconds; units are ms, s, m, h and d, as in 30s.`);
    return undefined;
  }

  /** A list of texts, or a single text. */
  texts(
    name: string,
    most: number,
    options: { pattern?: RegExp; says?: string } = {},
  ): readonly string[] | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    const list = Array.isArray(value) ? value : [value];
    if (list.length > most) this.refuse(name, `It has ${most} members at most.`);
    const { pattern, says = 'It has characters that are not allowed.' } = options;
    const texts: string[] = [];
    for (const [index, one] of list.slice(0, most).entries()) {
      const place = Array.isArray(value) ? [...this.placeOf(name), index] : this.placeOf(name);
      const text = typeof one === 'number' ? String(one) : one;
      if (typeof text !== 'string' || text === '') this.#problems.add(place, 'It must be a text.');
      else if (pattern && !pattern.test(text)) this.#problems.add(place, says);
      else texts.push(text);
    }
    return texts;
  }

  /** An object whose members are the user's own names, with texts. */
  map(name: string, most: number): Readonly<Record<string, string>> | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (!isObject(value)) {
      this.refuse(name, 'It must be an object of names and texts.');
      return undefined;
    }
    const entries = Object.entries(value);
    if (entries.length > most) this.refuse(name, `It has ${most} members at most.`);
    for (const [key, text] of entries) {
      if (typeof text !== 'string') this.#problems.add([...this.placeOf(name), key], 'It must be a text.');
    }
    return Object.fromEntries(
      entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    );
  }

  section(name: string): Section | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    return this.#sectionOf(value, this.placeOf(name));
  }

  sections(name: string, most: number): readonly Section[] {
    const value = this.get(name);
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.refuse(name, 'It must be a list.');
      return [];
    }
    if (value.length > most) this.refuse(name, `It has ${most} members at most.`);
    return value
      .slice(0, most)
      .map((one, index) => this.#sectionOf(one, [...this.placeOf(name), index]))
      .filter((one) => one !== undefined);
  }

  #sectionOf(value: unknown, place: Place): Section | undefined {
    if (isObject(value)) return new Section(value, place, this.#problems, this.#naming);
    this.#problems.add(place, 'It must be an object.');
    return undefined;
  }

  /** Reports members that nobody asked for, with the name that may have been meant. */
  done(): void {
    for (const key of Object.keys(this.#members)) {
      if (this.#asked.has(key)) continue;
      const meant = [...this.#asked].find((asked) => isNear(asked, key));
      this.#problems.add(
        [...this.place, key],
        `There is no such member; ${meant ? `did you mean ${meant}?` : `there are ${listText([...this.#asked], 'and')}.`}`,
      );
    }
  }
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `a, b or c` */
export const listText = (words: readonly string[], last = 'or'): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether two names differ in letter case, separators or one letter. */
function isNear(one: string, other: string): boolean {
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const [left, right] = [plain(one), plain(other)];
  if (left === right) return true;
  if (Math.abs(left.length - right.length) > 1) return false;
  let start = 0;
  while (start < left.length && left[start] === right[start]) start += 1;
  const rest = (text: string, skipped: number) => text.slice(start + skipped);
  return (
    rest(left, 1) === rest(right, 1) || rest(left, 1) === rest(right, 0) || rest(left, 0) === rest(right, 1)
  );
}
