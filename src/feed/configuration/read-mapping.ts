// Reads a mapping: which changes go where, and how. Pure.

import type { Mapping, Target } from './configuration.ts';
import { readFilter } from './filter.ts';
import { MOST_PATTERN_BYTES } from './glob.ts';
import { LanguageError } from './path.ts';
import { type ReadingContext, readDeadLetters, readTarget } from './read-target.ts';
import { isObject, listText, type Problems, type Section } from './reading.ts';
import { compileTemplate, templateText } from './template.ts';

const TYPES = ['string', 'list', 'set', 'hash', 'zset', 'stream', 'other'];
const NAME = /^[a-zA-Z0-9_.-]{1,64}$/;
const MOST_PATTERNS = 100;
const MOST_COMMANDS = 100;
const MOST_FIELDS = 500;
/** AWS: of an event source mapping. */
const MOST_FILTERS = 10;

/** Reads the mapping with this index among those of its feed; `undefined` after a problem with its target. */
export function readMapping(
  section: Section,
  index: number,
  value: 'after' | 'none',
  context: ReadingContext,
  isWhole: boolean,
): Mapping | undefined {
  const { problems } = context;
  const given = isWhole
    ? section.text('name', { pattern: NAME, says: 'It has letters, digits, _, . and -.' })
    : undefined;
  const keys = section.texts('keys', MOST_PATTERNS) ?? ['*'];
  for (const key of keys) {
    if (Buffer.byteLength(key) > MOST_PATTERN_BYTES)
      section.refuse('keys', `A pattern has ${MOST_PATTERN_BYTES} bytes at most.`);
  }
  const types = section.texts('types', TYPES.length) ?? [];
  if (types.some((type) => !TYPES.includes(type))) section.refuse('types', `A type is ${listText(TYPES)}.`);
  const says = 'A command is a name without arguments.';
  const commands =
    section.texts('commands', MOST_COMMANDS, { pattern: /^[a-zA-Z][a-zA-Z0-9._-]{0,63}$/, says }) ?? [];
  const fields = section.texts('fields', MOST_FIELDS) ?? [];
  const filters = readFilters(section, problems);
  const transform = readTransform(section, problems);
  const payload = section.choice('payload', ['change', 'article']) ?? 'change';
  const target = readTarget(section, context);
  const deadLetters = readDeadLetters(section, context);
  const timeoutMs = section.duration('timeout', { least: 0.1, most: 900 });
  const batch = readBatch(section, target, payload);
  const retry = readRetry(section);
  if (isWhole) section.done();
  if (!target) return undefined;
  checkTogether(section, { value, types, fields, transform, payload, target });
  return {
    name: given ?? `mapping-${index + 1}`,
    ...{ keys, types, commands: commands.map((command) => command.toLowerCase()), fields, filters },
    ...(transform !== undefined && { transform }),
    ...{ payload, target, batch, retry },
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(deadLetters && { deadLetters }),
  };
}

function readFilters(section: Section, problems: Problems): readonly unknown[] {
  const given = section.get('filters');
  if (given === undefined) return [];
  const list = Array.isArray(given) ? given : [given];
  if (list.length > MOST_FILTERS) section.refuse('filters', `There are ${MOST_FILTERS} filters at most.`);
  const filters: unknown[] = [];
  for (const [index, one] of list.slice(0, MOST_FILTERS).entries()) {
    const filter = patternOf(one);
    const place = Array.isArray(given) ? [...section.placeOf('filters'), index] : section.placeOf('filters');
    problems.within(place, () => {
      readFilter(filter);
      filters.push(filter);
    });
  }
  return filters;
}

/** AWS: a filter of FilterCriteria is `{ Pattern: "…" }`. */
function patternOf(filter: unknown): unknown {
  if (!isObject(filter) || Object.keys(filter).length !== 1) return filter;
  const pattern = filter.Pattern ?? filter.pattern;
  return typeof pattern === 'string' ? pattern : filter;
}

function readTransform(section: Section, problems: Problems): string | undefined {
  const given = section.get('transform');
  if (given === undefined) return undefined;
  let text: string | undefined;
  problems.within(section.placeOf('transform'), () => {
    text = typeof given === 'string' ? given : templateText(given);
    compileTemplate(text);
  });
  return text;
}

/** The sizes and parallel calls where the mapping names none. AWS: functions get 100 records, one call at a time. */
const DEFAULTS: Readonly<Record<Target['kind'], { size: number; parallel: number }>> = {
  null: { size: 100, parallel: 1 },
  lambda: { size: 100, parallel: 1 },
  dynamodb: { size: 100, parallel: 4 },
  sql: { size: 500, parallel: 1 },
  sns: { size: 10, parallel: 4 },
  sqs: { size: 10, parallel: 4 },
};

/** The batch of a mapping that says nothing of it. */
export function defaultBatch(kind: Target['kind'], payload: Mapping['payload']): Mapping['batch'] {
  const { size, parallel } = DEFAULTS[kind];
  // The functions of the article take one object.
  return { size: payload === 'article' ? 1 : size, windowMs: 0, parallel };
}

/** The retries of a mapping that says nothing of them. */
export const DEFAULT_RETRY: Mapping['retry'] = { attempts: -1, maxAgeMs: -1, bisects: false };

function readBatch(
  section: Section,
  target: Target | undefined,
  payload: Mapping['payload'],
): Mapping['batch'] {
  const batch = section.section('batch');
  const defaults = defaultBatch(target?.kind ?? 'null', payload);
  if (!batch) return defaults;
  const size = batch.integer('size', { least: 1, most: 10_000 }) ?? defaults.size;
  const windowMs = batch.duration('window', { least: 0, most: 300 }) ?? 0;
  const parallel = batch.integer('parallel', { least: 1, most: 10 }) ?? defaults.parallel;
  batch.done();
  return { size, windowMs, parallel };
}

function readRetry(section: Section): Mapping['retry'] {
  const retry = section.section('retry');
  if (!retry) return DEFAULT_RETRY;
  const attempts = retry.integer('attempts', { least: -1, most: 10_000 }) ?? -1;
  const isEndless = retry.get('maxAge') === -1 || retry.get('maxAge') === '-1';
  const maxAgeMs = isEndless ? -1 : (retry.duration('maxAge', { least: 1, most: 604_800 }) ?? -1);
  const bisects = retry.flag('bisect') ?? false;
  retry.done();
  return { attempts, maxAgeMs, bisects };
}

/** What does not go together. */
function checkTogether(
  section: Section,
  mapping: Pick<Mapping, 'types' | 'fields' | 'payload' | 'target'> & {
    value: 'after' | 'none';
    transform: string | undefined;
  },
): void {
  const { value, types, fields, payload, target, transform } = mapping;
  const isTable = target.kind === 'dynamodb' || target.kind === 'sql';
  if (value === 'none') {
    const without = 'The feed reads no values; give it value: after.';
    if (isTable) section.refuse('target', without);
    if (types.length > 0) section.refuse('types', without);
    if (fields.length > 0) section.refuse('fields', without);
    if (payload === 'article') section.refuse('payload', without);
  }
  if (transform !== undefined && payload === 'article') {
    section.refuse('transform', 'It replaces the payload; give one of both.');
  }
  if (isTable && (transform !== undefined || payload === 'article')) {
    section.refuse(
      transform === undefined ? 'payload' : 'transform',
      'A table gets rows; its key and columns say what is in them.',
    );
  }
}

/** A LanguageError for two mappings with one name. */
export function checkNames(mappings: readonly Mapping[]): void {
  const names = new Set<string>();
  for (const { name } of mappings) {
    if (names.has(name)) throw new LanguageError(`two mappings are called ${name}`);
    names.add(name);
  }
}
