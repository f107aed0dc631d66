// Reads a feed's configuration from plain values, as a YAML file and the properties of a stack's resource give them. Pure.

import type { Scope } from '../../aws/scope.ts';
import type { FeedConfiguration, Mapping } from './configuration.ts';
import { readFunctionFile } from './function-file.ts';
import { LanguageError } from './path.ts';
import { checkNames, DEFAULT_RETRY, defaultBatch, readMapping } from './read-mapping.ts';
import { readSource } from './read-source.ts';
import { type ReadingContext, targetOf } from './read-target.ts';
import {
  ConfigurationError,
  isObject,
  type Naming,
  type Place,
  Problems,
  placeText,
  Section,
} from './reading.ts';
import type { Secrets } from './secrets.ts';

/** What a configuration is read with. */
export interface ReadOptions {
  /** The name of a feed that names itself not. */
  name?: string;
  /** The account and region of names that are no ARNs. */
  scope?: Scope;
  /** What references to passwords stand for; without it they are refused. */
  secrets?: Secrets;
}

const NAME = /^[a-zA-Z][a-zA-Z0-9-]{0,62}$/;
const NAME_SAYS = 'It begins with a letter and has letters, digits and hyphens, 63 at most.';
const MOST_MAPPINGS = 100;

/** Reads a feed's configuration. `where` renders places in messages. Throws a ConfigurationError. */
export function readConfiguration(
  given: unknown,
  options: ReadOptions & { naming?: Naming; where?: (place: Place) => string } = {},
): FeedConfiguration {
  const { naming = (name) => name, where = placeText, scope, secrets } = options;
  const problems = new Problems();
  const context = { problems, ...(scope && { scope }), ...(secrets && { secrets }) };
  const feed = isObject(given)
    ? readFeed(new Section(given, [], problems, naming), options, context)
    : undefined;
  if (!isObject(given)) problems.add([], 'A feed is an object with cache and mappings.');
  if (problems.all.length > 0 || !feed) throw new ConfigurationError(problems.all, where);
  return feed;
}

function readFeed(
  feed: Section,
  options: ReadOptions,
  context: ReadingContext,
): FeedConfiguration | undefined {
  const { problems } = context;
  const name = feed.text('name', { pattern: NAME, says: NAME_SAYS }) ?? options.name;
  if (name === undefined && !feed.has('name')) problems.add(feed.place, 'The feed has no name.');
  const source = readSource(feed, name ?? 'feed', context);
  const value = feed.choice('value', ['after', 'none']) ?? 'after';
  const matching = feed.choice('matching', ['first', 'all']);
  const readsMetaRecords = feed.flag('metaRecords') ?? false;
  if (readsMetaRecords && value === 'none') {
    feed.refuse('metaRecords', 'The feed reads no values; give it value: after.');
  }
  const mappings = readMappings(feed, value, context);
  const functions = feed.text('functionCfg', { most: 100_000 });
  if (functions !== undefined) {
    problems.within(feed.placeOf('functionCfg'), () => {
      mappings.push(...readFunctionFile(functionText(functions, options.secrets)));
    });
  }
  feed.done();
  problems.within(feed.placeOf('mappings'), () => checkNames(mappings));
  if (mappings.length === 0 && !readsMetaRecords && problems.all.length === 0) {
    problems.add(feed.place, 'There are no mappings; give mappings, or a target.');
  }
  if (name === undefined || !source) return undefined;
  return {
    ...{ name, source, value, mappings, readsMetaRecords },
    ...(functions !== undefined ? { matching: 'all' } : matching && { matching }),
  };
}

/** The text of the article's file: as it is, or by the name of the file. Throws a LanguageError. */
function functionText(given: string, secrets?: Secrets): string {
  if (given.includes('|')) return given;
  const text = secrets?.file(given);
  if (text === undefined) throw new LanguageError(`the file ${given} cannot be read`);
  return text;
}

/** The list of mappings, or the one that the feed itself describes. */
function readMappings(feed: Section, value: 'after' | 'none', context: ReadingContext): Mapping[] {
  if (feed.has('target')) {
    if (feed.has('mappings')) feed.refuse('target', 'There are mappings; it belongs to one of them.');
    const mapping = readMapping(feed, 0, value, context, false);
    return mapping ? [mapping] : [];
  }
  return feed
    .sections('mappings', MOST_MAPPINGS)
    .map((section, index) => readMapping(section, index, value, context, true))
    .filter((mapping) => mapping !== undefined);
}

/** A mapping of all keys to a target, as the short forms have it. */
export function plainMapping(name: string, target: Mapping['target']): Mapping {
  return {
    name,
    keys: ['*'],
    types: [],
    commands: [],
    fields: [],
    filters: [],
    payload: 'change',
    target,
    batch: defaultBatch(target.kind, 'change'),
    retry: DEFAULT_RETRY,
  };
}

/**
 * The feed of a short form, as the value of a tag has it: targets with spaces between them, `lambda:shop-orders sqs:audit`.
 * Every change goes to each. AWS: a tag's value has letters, digits, spaces and `_.:/=+-@` only. Throws a LanguageError.
 */
export function readShortForm(text: string, name: string, cache: string, scope?: Scope): FeedConfiguration {
  const targets = text
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, MOST_MAPPINGS);
  const mappings = targets.map((target, index) =>
    plainMapping(`mapping-${index + 1}`, targetOf(target, scope)),
  );
  if (mappings.length === 0) targetOf('', scope);
  return {
    name,
    source: { kind: 'replication', cache, resync: 'diff' },
    value: 'after',
    mappings,
    ...(mappings.length > 1 && { matching: 'all' }),
    readsMetaRecords: false,
  };
}

/** Reads the properties of a stack's resource: the members of the YAML file in Pascal case. Throws a ConfigurationError. */
export const readProperties = (properties: object, options: ReadOptions = {}): FeedConfiguration =>
  readConfiguration(properties, { ...options, naming: pascalCase });

const pascalCase: Naming = (name) =>
  name === 'dynamodb' ? 'DynamoDB' : `${name[0]!.toUpperCase()}${name.slice(1)}`;
