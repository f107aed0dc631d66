// AWS's Filter: conditions joined by AND, values within one joined by OR, with `*` and `?`, on named attributes and
// tags. Pure, and the same for every Describe of EC2; an operation says only how each name is read.

import { invalidFilter, tooManyFilterValues } from './faults.ts';

export interface Filter {
  Name?: string | undefined;
  Values?: string[] | undefined;
}

export type FilterValue = string | number | boolean | undefined;

/** By filter name: what an item holds there, several values when it is a list. */
export type FilterReaders<T> = Record<string, (item: T) => FilterValue | FilterValue[]>;

export type TagsOf<T> = (item: T) => Record<string, string>;

const MAX_VALUES = 200;

/** Throws InvalidParameterValue for a name that has no reader and FilterLimitExceeded for more than 200 values. */
export function matcherOf<T>(
  filters: readonly Filter[] | undefined,
  readers: FilterReaders<T>,
  tagsOf: TagsOf<T>,
): (item: T) => boolean {
  const conditions = (filters ?? []).map((filter) => conditionOf(filter, readers, tagsOf));
  const values = (filters ?? []).reduce((sum, filter) => sum + (filter.Values?.length ?? 0), 0);
  if (values > MAX_VALUES) throw tooManyFilterValues(MAX_VALUES);
  return (item) => conditions.every((holds) => holds(item));
}

/** For lists that are short and not paged. Throws as matcherOf does. */
export const applyFilters = <T>(
  items: readonly T[],
  filters: readonly Filter[] | undefined,
  readers: FilterReaders<T>,
  tagsOf: TagsOf<T>,
): T[] => items.filter(matcherOf(filters, readers, tagsOf));

/** How many characters of patterns each item is compared with. */
export const patternLength = (filters: readonly Filter[] | undefined): number =>
  (filters ?? [])
    .flatMap(({ Values }) => Values ?? [])
    .reduce((sum, value) => sum + (IS_PATTERN.test(value) ? value.length : 0), 0);

/** The values of a filter that are no patterns; `undefined` where one of them is. */
export const literalValuesOf = ({ Values }: Filter): readonly string[] | undefined =>
  Values?.every((value) => !IS_PATTERN.test(value)) ? [...new Set(Values)] : undefined;

const IS_PATTERN = /[*?\\]/;

function conditionOf<T>(filter: Filter, readers: FilterReaders<T>, tagsOf: TagsOf<T>): (item: T) => boolean {
  const read = readerOf(filter.Name, readers, tagsOf);
  const patterns = (filter.Values ?? []).map(patternOf);
  return (item) => {
    const held = [read(item)].flat().filter((value) => value !== undefined);
    return held.some((value) => patterns.some((matches) => matches(String(value))));
  };
}

function readerOf<T>(
  name: string | undefined,
  readers: FilterReaders<T>,
  tagsOf: TagsOf<T>,
): FilterReaders<T>[string] {
  if (name?.startsWith('tag:')) return (item) => ownValue(tagsOf(item), name.slice('tag:'.length));
  if (name === 'tag-key') return (item) => Object.keys(tagsOf(item));
  if (name === 'tag-value') return (item) => Object.values(tagsOf(item));
  const reader = name === undefined ? undefined : ownValue(readers, name);
  if (!reader) throw invalidFilter(name);
  return reader;
}

const ownValue = <V>(record: Record<string, V>, key: string): V | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

/** `*` is any number of characters, `?` none or one; a backslash takes the next character as it is. Minds case. */
export const matchesPattern = (pattern: string, text: string): boolean => patternOf(pattern)(text);

/** Ready to be compared with many texts. However it is made up, a comparison takes some hundred steps a character. */
function patternOf(pattern: string): (text: string) => boolean {
  if (!IS_PATTERN.test(pattern)) return (text) => pattern === text;
  const tokens = tokensOf(pattern);
  const literals = tokens.filter((token) => token.length === 1).length;
  return (text) => {
    if (literals > text.length) return false;
    // Which positions in the text the pattern so far can reach.
    const reached = new Uint8Array(text.length + 1);
    reached[0] = 1;
    let optional = 0;
    for (const token of tokens) {
      if (token === ANY_ONE) {
        // More of them than the text is long reach no further.
        if (++optional > text.length) continue;
        for (let at = text.length; at > 0; at--) reached[at] = reached[at]! | reached[at - 1]!;
      } else if (token === ANY) {
        const first = reached.indexOf(1);
        if (first < 0) return false;
        reached.fill(1, first);
      } else {
        for (let at = text.length; at > 0; at--) {
          reached[at] = text[at - 1] === token ? reached[at - 1]! : 0;
        }
        reached[0] = 0;
      }
    }
    return reached[text.length] === 1;
  };
}

// Longer than any literal, which is one character.
const ANY = 'any';
const ANY_ONE = 'any one';

/** Without those that change nothing: what stands beside a `*` and is `*` or `?`. */
function tokensOf(pattern: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    if (character === '*') {
      while (tokens.at(-1) === ANY_ONE) tokens.pop();
      if (tokens.at(-1) !== ANY) tokens.push(ANY);
    } else if (character === '?') {
      if (tokens.at(-1) !== ANY) tokens.push(ANY_ONE);
    } else {
      const isEscape = character === '\\' && at + 1 < pattern.length;
      tokens.push(isEscape ? pattern[++at]! : character);
    }
  }
  return tokens;
}
