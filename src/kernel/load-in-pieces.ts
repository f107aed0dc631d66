// Loads a module and its imports one file at a time, and yields to the event loop in between. A plain import() finds,
// reads, compiles and runs a whole service in one turn, which takes up to a tenth of a second.

import { existsSync, readFileSync } from 'node:fs';
import { turnEnd } from './turn.ts';

/** Import and export statements at the beginning of a line, without type imports. */
const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[\w$*{},\s]*?\bfrom\s+)?'(\.{1,2}\/[^']+)'/gm;

/** Files that are loaded or being loaded. */
const known = new Set<string>();
const loading = new Map<string, Promise<void>>();

/**
 * Await it before an import() of the same file. The import() then has little left to do, and reports the errors. Files
 * run in the order in which import() would run them, except in import cycles. Does nothing when the file does not
 * exist: the published package is bundled.
 */
export async function loadInPieces(file: URL): Promise<void> {
  if (!existsSync(file)) return;
  let done = loading.get(file.href);
  if (!done) loading.set(file.href, (done = load(file).catch(() => {})));
  await done;
}

async function load(file: URL): Promise<void> {
  if (known.has(file.href)) return;
  known.add(file.href);
  for (const [, specifier] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
    await load(new URL(specifier!, file));
  }
  await import(file.href);
  await turnEnd();
}
