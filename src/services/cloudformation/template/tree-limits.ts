// The limits of a template's tree, in JSON and YAML alike, and the keys that no object can have.

import { formatError, TemplateError } from './issues.ts';
import type { Entry } from './node.ts';

/** The most levels: enough for any policy document in any property, and far below the limit of the call stack. */
export const MAX_DEPTH = 100;

/** The most values. Each use of a YAML alias counts, because aliases of aliases grow exponentially. */
export const MAX_NODES = 100_000;

/** Adds a member. Throws a TemplateError for a duplicate or forbidden key. */
export function addEntry(entries: Map<string, Entry>, key: string, entry: Entry): void {
  // In a plain object this key would set the prototype.
  if (key === '__proto__') throw new TemplateError(formatError(`Key '${key}' is not allowed.`, entry.place));
  if (entries.has(key)) {
    throw new TemplateError(formatError(`Duplicate key '${key}' found.`, entry.place));
  }
  entries.set(key, entry);
}
