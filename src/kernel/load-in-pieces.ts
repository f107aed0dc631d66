// Loads a module and all that it imports, a file at a time, with turns of the event loop in between. An import() alone
// finds, reads, compiles and runs a whole service in one turn, which takes up to a tenth of a second.

import { existsSync, readFileSync } from 'node:fs';
import { turnEnd } from './turn.ts';

/** Whole statements at the beginning of a line, without those of types. */
const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[\w$*{},\s]*?\bfrom\s+)?'(\.{1,2}\/[^']+)'/gm;

/** Files that are loaded with all that they import, or about to be. */
const known = new Set<string>();
const loading = new Map<string, Promise<void>>();

/**
 * To be awaited before an import() of the same file, which then has little left to do, and tells what cannot be loaded.
 * Files run in the order in which import() would run them, except where they import each other in a circle. Does nothing
 * for a file that is not there: in the published package all are parts of a few bundles.
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
