// ParameterFilters: conditions joined by AND, values within one by OR. Pure.

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

/** Names are the same with and without the slash in front, whichever way they are kept and asked for. */
const ofName: Matches = (record, value, option) =>
  ofText(({ name }) => rooted(name))(record, option === 'Contains' ? value : rooted(value), option);

const rooted = (name: string): string => (name.startsWith('/') ? name : `/${name}`);

interface Key {
  /** In the order in which AWS lists them. */
  options: readonly string[];
  /** Meant when none is given; Equals by default. */
  option?: string;
  /** Where not every value may be asked for. */
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

// AWS: the documentation of ParameterStringFilter has both for every key of DescribeParameters.
const OF_TAGS = ['BeginsWith', 'Equals'];

/** Which keys an operation takes, and which of them its error names. */
export interface FilterKeys {
  allowed: readonly string[];
  named: readonly string[];
  takesTags: boolean;
}

// AWS: the errors name fewer keys than the documentation of both operations has.
export const DESCRIBE_KEYS: FilterKeys = {
  allowed: ['Path', 'Name', 'Type', 'KeyId', 'Tier', 'DataType'],
  named: ['Path', 'Name', 'Type', 'KeyId', 'Tier'],
  takesTags: true,
};
export const BY_PATH_KEYS: FilterKeys = {
  allowed: ['Type', 'KeyId', 'Label'],
  named: ['Type', 'KeyId'],
  takesTags: false,
};

/** Throws ValidationException. */
export function checkPath(path: string): void {
  if (!/^(\/|(\/[\w.-]+)+\/?)$/.test(path)) throw invalidPath();
}

/** Whether the name lies directly below the path, or anywhere below it. */
export function isUnder(name: string, path: string, isRecursive: boolean): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  if (path === '/' && !name.startsWith('/')) return isRecursive || !name.includes('/');
  if (!name.startsWith(prefix)) return false;
  return isRecursive || !name.slice(prefix.length).includes('/');
}

/** Throws InvalidFilterKey, InvalidFilterOption, InvalidFilterValue. */
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
