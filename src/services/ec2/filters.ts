// Filters of Describe operations. All filters must match, and each matches if one of its values does, with the
// wildcards `*` and `?`, on named attributes and tags. An operation only defines how to read each attribute. Pure.

import { invalidFilter, tooManyFilterValues } from './faults.ts';

/** As in requests. */
export interface Filter {
  Name?: string | undefined;
  Values?: string[] | undefined;
}

/** `undefined` never matches. */
export type FilterValue = string | number | boolean | undefined;

/** Filter name -> the item's value or values of it. */
export type FilterReaders<T> = Record<string, (item: T) => FilterValue | FilterValue[]>;

/** Reads the tags of an item. */
export type TagsOf<T> = (item: T) => Record<string, string>;

const MAX_VALUES = 200;

/** Throws InvalidParameterValue for a filter without a reader and FilterLimitExceeded for more than 200 values. */
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

/** For short lists without pages. Throws like `matcherOf`. */
export const applyFilters = <T>(
  items: readonly T[],
  filters: readonly Filter[] | undefined,
  readers: FilterReaders<T>,
  tagsOf: TagsOf<T>,
): T[] => items.filter(matcherOf(filters, readers, tagsOf));

/** The number of pattern characters that each item is compared with. */
export const patternLength = (filters: readonly Filter[] | undefined): number =>
  (filters ?? [])
    .flatMap(({ Values }) => Values ?? [])
    .reduce((sum, value) => sum + (IS_PATTERN.test(value) ? value.length : 0), 0);

/** The values of the filter; `undefined` if one of them is a pattern. */
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

/** Case-sensitive. `*` matches any number of characters and `?` none or one; a backslash escapes the next character. */
export const matchesPattern = (pattern: string, text: string): boolean => patternOf(pattern)(text);

/** Compiles a pattern. A comparison takes at most (pattern length × text length) steps. */
function patternOf(pattern: string): (text: string) => boolean {
  if (!IS_PATTERN.test(pattern)) return (text) => pattern === text;
  const tokens = tokensOf(pattern);
  const literals = tokens.filter((token) => token.length === 1).length;
  return (text) => {
    if (literals > text.length) return false;
    // The positions in the text that the pattern so far can reach.
    const reached = new Uint8Array(text.length + 1);
    reached[0] = 1;
    let optional = 0;
    for (const token of tokens) {
      if (token === ANY_ONE) {
        // More of them than the text has characters make no difference.
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

// Longer than one character, so that they differ from any literal.
const ANY = 'any';
const ANY_ONE = 'any one';

/** Drops redundant wildcards: a `*` or `?` next to a `*`. */
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
