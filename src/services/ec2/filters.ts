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

/** The values of a filter that are no patterns; `undefined` where one of them is. */
export const literalValuesOf = ({ Values }: Filter): readonly string[] | undefined =>
  Values?.every((value) => !IS_PATTERN.test(value)) ? [...new Set(Values)] : undefined;

const IS_PATTERN = /[*?\\]/;

function conditionOf<T>(filter: Filter, readers: FilterReaders<T>, tagsOf: TagsOf<T>): (item: T) => boolean {
  const read = readerOf(filter.Name, readers, tagsOf);
  const patterns = filter.Values ?? [];
  return (item) => {
    const held = [read(item)].flat().filter((value) => value !== undefined);
    return held.some((value) => patterns.some((pattern) => matchesPattern(pattern, String(value))));
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
export function matchesPattern(pattern: string, text: string): boolean {
  if (!IS_PATTERN.test(pattern)) return pattern === text;
  // A set of positions in the text that the pattern so far can reach: linear in both, whatever the pattern.
  let reached = new Set([0]);
  for (let i = 0; i < pattern.length && reached.size > 0; i++) {
    const token = pattern[i]!;
    const next = new Set<number>();
    if (token === '*') {
      for (let at = Math.min(...reached); at <= text.length; at++) next.add(at);
    } else if (token === '?') {
      for (const at of reached) for (const to of [at, at + 1]) if (to <= text.length) next.add(to);
    } else {
      const literal = token === '\\' && i + 1 < pattern.length ? pattern[++i] : token;
      for (const at of reached) if (text[at] === literal) next.add(at + 1);
    }
    reached = next;
  }
  return reached.has(text.length);
}
