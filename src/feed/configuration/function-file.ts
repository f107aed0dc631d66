// The mapping of AWS's article on integrating ElastiCache with other services: hashes `__meta_record__…` of the cache, and
// the file `functionCfg`, whose lines its listener writes into such hashes:
//
//   __meta_record__Dynamo|name, __meta_record__Dynamo, pattern, *, lambda, arn:aws:lambda:…
//
// A key that begins with the pattern, or any with `*`, is passed to the function when HSET changes it. Pure.

import type { Mapping } from './configuration.ts';
import { LanguageError } from './path.ts';
import { DEFAULT_RETRY, defaultBatch } from './read-mapping.ts';
import { targetOf } from './read-target.ts';

/** How the names of hashes begin that hold mappings. */
export const META_PREFIX = '__meta_record__';
/** The only event that the article's listener passes on, in its SUPPORTED_COMMANDS. */
const COMMANDS = ['hset'];

/** The mapping that these fields of a hash describe. Others are ignored, as in the article. Throws a LanguageError. */
export function metaMapping(fields: ReadonlyMap<string, string>, name: string): Mapping {
  const target = targetOf(`lambda:${fields.get('lambda') ?? ''}`);
  return {
    name,
    keys: [patternOf(fields.get('pattern') ?? '')],
    types: ['hash'],
    commands: COMMANDS,
    fields: [],
    filters: [],
    payload: 'article',
    target,
    batch: defaultBatch(target.kind, 'article'),
    retry: DEFAULT_RETRY,
  };
}

/** The article's patterns are `*` or a prefix; a star at the end of a prefix is taken as a pattern's, not as the key's. */
const patternOf = (prefix: string) => `${prefix.replace(/\*$/, '').replace(/[\\*?[\]]/g, '\\$&')}*`;

const MOST_LINES = 100;

/**
 * The mappings of a file `functionCfg`. As for the listener, spaces have no meaning; blank lines and those that begin with #
 * are left out, and lines that name the same hash are mappings of their own. Throws a LanguageError that names the line.
 */
export function readFunctionFile(text: string): Mapping[] {
  const mappings: Mapping[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const plain = line.replaceAll(' ', '');
    if (plain === '' || plain.startsWith('#')) continue;
    if (mappings.length === MOST_LINES)
      throw new LanguageError(`functionCfg has ${MOST_LINES} lines at most`);
    try {
      mappings.push(readLine(plain, mappings));
    } catch (error) {
      if (!(error instanceof LanguageError)) throw error;
      throw new LanguageError(`line ${index + 1} of functionCfg: ${error.message}`);
    }
  }
  return mappings;
}

function readLine(line: string, earlier: readonly Mapping[]): Mapping {
  const [hash = '', list] = line.split('|');
  if (list === undefined || !hash.startsWith(META_PREFIX)) {
    throw new LanguageError(`it must be ${META_PREFIX}NAME|name, NAME, pattern, PREFIX, lambda, ARN`);
  }
  const words = list.split(',');
  if (words.length % 2 !== 0) throw new LanguageError('its names and values are not in pairs');
  const fields = new Map<string, string>();
  for (let at = 0; at < words.length; at += 2) fields.set(words[at]!, words[at + 1]!);
  for (const name of ['pattern', 'lambda']) {
    if (!fields.has(name)) throw new LanguageError(`${name} is missing`);
  }
  const same = earlier.filter(({ name }) => name === hash || name.startsWith(`${hash}#`)).length;
  return metaMapping(fields, same === 0 ? hash : `${hash}#${same + 1}`);
}
