// A mapping ready for use: which changes it takes, and the messages that it makes of them. Pure.

import type { Change } from '../change.ts';
import { commandsOf } from '../configuration/command-events.ts';
import type { Mapping } from '../configuration/configuration.ts';
import { readFilter } from '../configuration/filter.ts';
import { compileGlob } from '../configuration/glob.ts';
import { LanguageError } from '../configuration/path.ts';
import { compileTemplate } from '../configuration/template.ts';
import type { Message } from '../sink.ts';
import { articleEvent, isMetaRecord } from './article.ts';
import { bytesOf, isKeyless, laneOf, recordOf, withFields } from './record.ts';
import { compileRow } from './row.ts';

/** A compiled mapping. */
export interface Route {
  mapping: Mapping;
  takes(change: Change): boolean;
  /** The message, and its bytes as the limits of sinks count them. Throws a LanguageError when it cannot be made. */
  messageOf(change: Change): { message: Message; bytes: number };
}

/**
 * Compiles a mapping for a sink with this limit. Throws a LanguageError for a mapping that the configuration would have
 * refused.
 */
export function compileRoute(mapping: Mapping, mostBytes: number): Route {
  const globs = mapping.keys.includes('*') ? [] : mapping.keys.map(compileGlob);
  const types = new Set(mapping.types);
  const commands = commandsOf(mapping.commands);
  const filters = mapping.filters.map(readFilter);
  const isArticle = mapping.payload === 'article';
  const make = compileMessage(mapping, mostBytes);
  return {
    mapping,
    takes(change) {
      const { key, value, command } = change;
      const isOfKey = globs.length === 0 || globs.some((glob) => glob(key));
      // What happens to all keys happens to those of this mapping.
      if (!isOfKey && !isKeyless(change)) return false;
      // A key that is gone may have been of any type.
      if (types.size > 0 && value && value.type !== 'none' && !types.has(value.type)) return false;
      if (commands.size > 0 && command && !commands.has(command[0]!.toString())) return false;
      if (isArticle && isMetaRecord(key)) return false;
      if (filters.length === 0) return true;
      const record = recordOf(change);
      return filters.some((filter) => filter(record));
    },
    messageOf: make,
  };
}

/** A transform may insert a large value many times. */
const MOST_TRANSFORMED_BYTES = 64 * 1024 * 1024;

function compileMessage(mapping: Mapping, mostBytes: number): Route['messageOf'] {
  const { target, transform, payload } = mapping;
  const fields = new Set(mapping.fields);
  if (target.kind === 'dynamodb' || target.kind === 'sql') {
    const rowOf = compileRow(target.row);
    return (change) => {
      const { sequence, at } = change;
      const message = {
        sequence,
        lane: laneOf(change),
        at,
        payload: undefined,
        ...rowOf(withFields(change, fields)),
      };
      return { message, bytes: bytesOf(change) };
    };
  }
  const template = transform === undefined ? undefined : compileTemplate(transform);
  const room = mostBytes / mapping.batch.size;
  return (change) => {
    const { sequence, at, kind } = change;
    const part = withFields(change, fields);
    if (template && template.parts * bytesOf(part) > MOST_TRANSFORMED_BYTES) {
      throw new LanguageError('the transform would make a payload of more than 64 MB');
    }
    const given = payload === 'article' ? articleEvent(part) : recordOf(part);
    const message = {
      ...{ sequence, lane: laneOf(change), at, kind },
      payload: template ? template.transform(given) : given,
    };
    // A byte is six in JSON at most, and twelve where JSON is a text in JSON. Only what may be too large is measured.
    const most = 12 * bytesOf(change);
    const bytes = !template && most <= room ? most : Buffer.byteLength(JSON.stringify(message.payload));
    return { message, bytes };
  };
}
