// How much a template's tree may hold whatever its text is written in, and which keys no object may have.

import { formatError, TemplateError } from './issues.ts';
import type { Entry } from './node.ts';

/** Levels; deep enough for any policy document in any property, and far from the end of the call stack. */
export const MAX_DEPTH = 100;

/** Values, aliases counted as often as they are used: an alias to an alias to a list grows without end. */
export const MAX_NODES = 100_000;

export function addEntry(entries: Map<string, Entry>, key: string, entry: Entry): void {
  // Would be lost, or worse, wherever the value becomes a plain object.
  if (key === '__proto__') throw new TemplateError(formatError(`Key '${key}' is not allowed.`, entry.place));
  if (entries.has(key)) {
    throw new TemplateError(formatError(`Duplicate key '${key}' found.`, entry.place));
  }
  entries.set(key, entry);
}
