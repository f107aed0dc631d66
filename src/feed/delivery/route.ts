// A mapping ready for use: which changes it takes, and the messages that it makes of them. Pure.

import type { Change } from '../change.ts';
import type { Mapping } from '../configuration/configuration.ts';
import { compileGlob } from '../configuration/glob.ts';
import type { Message } from '../sink.ts';
import { bytesOf, laneOf, recordOf, withFields } from './record.ts';

/** A compiled mapping. */
export interface Route {
  mapping: Mapping;
  takes(change: Change): boolean;
  /** The message, and its bytes as the limits of sinks count them. Throws a LanguageError when it cannot be made. */
  messageOf(change: Change): { message: Message; bytes: number };
}

/** Compiles a mapping. Throws a LanguageError for one that the configuration would have refused. */
export function compileRoute(mapping: Mapping): Route {
  const globs = mapping.keys.includes('*') ? [] : mapping.keys.map(compileGlob);
  const types = new Set(mapping.types);
  const commands = new Set(mapping.commands.map((command) => command.toUpperCase()));
  const fields = new Set(mapping.fields);
  return {
    mapping,
    takes(change) {
      if (globs.length > 0 && !globs.some((glob) => glob(change.key))) return false;
      if (types.size > 0 && change.value && change.value.type !== 'none' && !types.has(change.value.type)) {
        return false;
      }
      return commands.size === 0 || !change.command || commands.has(change.command[0]!.toString());
    },
    messageOf(change) {
      const { sequence, at, kind } = change;
      const payload = recordOf(withFields(change, fields));
      const message = { sequence, lane: laneOf(change), at, kind, payload };
      return { message, bytes: bytesOf(change) };
    },
  };
}
