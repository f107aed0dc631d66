// ParameterFilters: conditions joined by AND, values within one by OR. Pure.

import { invalidFilterKey, invalidFilterOption } from './faults.ts';
import { latestOf, type ParameterRecord } from './parameters.ts';

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

/** Names may be asked for with or without the slash in front. */
const ofName: Matches = (record, value, option) =>
  [value, `/${value}`].some((one) => ofText(({ name }) => name)(record, one, option));

const KEYS: Record<string, { options: string[]; matches: Matches }> = {
  Name: { options: ['Equals', 'BeginsWith', 'Contains'], matches: ofName },
  Type: { options: ['Equals', 'BeginsWith'], matches: ofText((record) => latestOf(record).type) },
  KeyId: { options: ['Equals', 'BeginsWith'], matches: ofText((record) => latestOf(record).keyId) },
  Tier: { options: ['Equals'], matches: ofText((record) => latestOf(record).tier) },
  DataType: { options: ['Equals'], matches: ofText((record) => latestOf(record).dataType) },
  Label: {
    options: ['Equals'],
    matches: (record, value) => record.versions.some((version) => version.labels.includes(value)),
  },
  Path: {
    options: ['OneLevel', 'Recursive'],
    matches: (record, value, option) => isUnder(record.name, value, option === 'Recursive'),
  },
};

/** Whether the name lies directly below the path, or anywhere below it. */
export function isUnder(name: string, path: string, isRecursive: boolean): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  if (path === '/' && !name.startsWith('/')) return isRecursive || !name.includes('/');
  if (!name.startsWith(prefix)) return false;
  return isRecursive || !name.slice(prefix.length).includes('/');
}

/** Throws InvalidFilterKey, InvalidFilterOption. */
export function filterOf(
  filters: readonly Filter[] | undefined,
  allowed: readonly string[] = Object.keys(KEYS),
): (record: ParameterRecord) => boolean {
  const conditions = (filters ?? []).map((filter) => conditionOf(filter, allowed));
  return (record) => conditions.every((holds) => holds(record));
}

function conditionOf(filter: Filter, allowed: readonly string[]): (record: ParameterRecord) => boolean {
  const key = filter.Key ?? '';
  const values = filter.Values ?? [];
  if (key.startsWith('tag:')) {
    const name = key.slice('tag:'.length);
    return ({ tags }) => Object.hasOwn(tags, name) && (values.length === 0 || values.includes(tags[name]!));
  }
  const known = Object.hasOwn(KEYS, key) && allowed.includes(key) ? KEYS[key] : undefined;
  if (!known) throw invalidFilterKey(key);
  const option = filter.Option ?? known.options[0]!;
  if (!known.options.includes(option)) throw invalidFilterOption(option, key);
  return (record) => values.some((value) => known.matches(record, value, option));
}
