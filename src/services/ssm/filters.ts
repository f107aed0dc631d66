// ParameterFilters: all filters must match, and each matches if one of its values does. Pure.

import {
  duplicateFilter,
  invalidFilterKey,
  invalidFilterOption,
  invalidFilterValue,
  invalidPath,
  missingFilterValues,
  reservedPathFilter,
} from './faults.ts';
import { latestOf } from './parameters.ts';
import type { ParameterRecord } from './records.ts';

/** As in requests. */
export interface Filter {
  Key?: string | undefined;
  Option?: string | undefined;
  Values?: string[] | undefined;
}

type Matches = (record: ParameterRecord, value: string, option: string) => boolean;

const ofText =
  (read: (record: ParameterRecord) => string | undefined): Matches =>
  (record, value, option) => {
    const held = read(record);
    if (held === undefined) return false;
    if (option === 'BeginsWith') return held.startsWith(value);
    if (option === 'Contains') return held.includes(value);
    return held === value;
  };

/** A leading slash makes no difference, neither in the stored name nor in the filter's value. */
const ofName: Matches = (record, value, option) =>
  ofText(({ name }) => rooted(name))(record, option === 'Contains' ? value : rooted(value), option);

const rooted = (name: string): string => (name.startsWith('/') ? name : `/${name}`);

interface Key {
  /** In the order of AWS's error text. */
  options: readonly string[];
  /** The option of a filter that has none: Equals if absent. */
  option?: string;
  /** The valid values; absent if every value is valid. */
  values?: readonly string[];
  check?(value: string): void;
  matches: Matches;
}

const KEYS: Record<string, Key> = {
  Name: { options: ['BeginsWith', 'Equals', 'Contains'], matches: ofName },
  Type: {
    options: ['BeginsWith', 'Equals'],
    values: ['String', 'StringList', 'SecureString'],
    matches: ofText((record) => latestOf(record).type),
  },
  KeyId: { options: ['BeginsWith', 'Equals'], matches: ofText((record) => latestOf(record).keyId) },
  Tier: {
    options: ['Equals'],
    values: ['Standard', 'Advanced', 'Intelligent-Tiering'],
    matches: ofText((record) => latestOf(record).tier),
  },
  DataType: { options: ['Equals'], matches: ofText((record) => latestOf(record).dataType) },
  Label: {
    options: ['Equals'],
    matches: (record, value) => record.versions.some((version) => version.labels.includes(value)),
  },
  Path: {
    options: ['Recursive', 'OneLevel'],
    option: 'OneLevel',
    check(value) {
      if (/^\/(aws|ssm)/i.test(value)) throw reservedPathFilter();
      checkPath(value);
    },
    matches: (record, value, option) => isUnder(record.name, value, option === 'Recursive'),
  },
};

// AWS: the documentation of ParameterStringFilter allows both options for every key of DescribeParameters.
const OF_TAGS = ['BeginsWith', 'Equals'];

/** The filter keys that an operation accepts, and those that its error text lists. */
export interface FilterKeys {
  allowed: readonly string[];
  named: readonly string[];
  takesTags: boolean;
}

// AWS: the error texts list fewer keys than the documentation of the two operations.
export const DESCRIBE_KEYS: FilterKeys = {
  allowed: ['Path', 'Name', 'Type', 'KeyId', 'Tier', 'DataType'],
  named: ['Path', 'Name', 'Type', 'KeyId', 'Tier'],
  takesTags: true,
};
/** Of GetParametersByPath. */
export const BY_PATH_KEYS: FilterKeys = {
  allowed: ['Type', 'KeyId', 'Label'],
  named: ['Type', 'KeyId'],
  takesTags: false,
};

/** Throws ValidationException if the text is not a path of parameter names. */
export function checkPath(path: string): void {
  if (!/^(\/|(\/[\w.-]+)+\/?)$/.test(path)) throw invalidPath();
}

/** Whether the name is directly below the path or, if `isRecursive`, anywhere below it. */
export function isUnder(name: string, path: string, isRecursive: boolean): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  if (path === '/' && !name.startsWith('/')) return isRecursive || !name.includes('/');
  if (!name.startsWith(prefix)) return false;
  return isRecursive || !name.slice(prefix.length).includes('/');
}

/**
 * The condition that the filters express together. Throws InvalidFilterKey, InvalidFilterOption or
 * InvalidFilterValue.
 */
export function filterOf(
  filters: readonly Filter[] | undefined,
  keys: FilterKeys,
): (record: ParameterRecord) => boolean {
  const seen = new Set<string>();
  const conditions = (filters ?? []).map((filter) => {
    const { Key = '' } = filter;
    const holds = conditionOf(Key, filter, keys);
    if (seen.has(Key)) throw duplicateFilter(Key);
    seen.add(Key);
    return holds;
  });
  return (record) => conditions.every((holds) => holds(record));
}

function conditionOf(
  key: string,
  { Option, Values: values = [] }: Filter,
  { allowed, named, takesTags }: FilterKeys,
): (record: ParameterRecord) => boolean {
  if (takesTags && key.startsWith('tag:')) {
    const option = Option ?? 'Equals';
    if (!OF_TAGS.includes(option)) throw invalidFilterOption(option, OF_TAGS);
    const name = key.slice('tag:'.length);
    const matches = ofText(({ tags }) => tags[name]);
    return (record) =>
      Object.hasOwn(record.tags, name) &&
      (values.length === 0 || values.some((value) => matches(record, value, option)));
  }
  const known = Object.hasOwn(KEYS, key) && allowed.includes(key) ? KEYS[key] : undefined;
  if (!known) throw invalidFilterKey(key, named);
  if (values.length === 0) throw missingFilterValues(key);
  const option = Option ?? known.option ?? 'Equals';
  if (!known.options.includes(option)) throw invalidFilterOption(option, known.options);
  for (const value of values) {
    const isBeginning = option === 'BeginsWith';
    if (known.values && !isBeginning && !known.values.includes(value))
      throw invalidFilterValue(value, known.values);
    known.check?.(value);
  }
  return (record) => values.some((value) => known.matches(record, value, option));
}
