// How the `millpond` command is typed, for hints that users can copy. A hint never uses a name that a package runner
// would look up in the public registry, and it always names the data directory that it is about.

import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const NAME = 'millpond';

/** What decides how the command is typed. */
export interface Typed {
  /** The root of the clone that runs; `undefined` for an installed package. */
  clone: string | undefined;
  /** The working directory. */
  from: string;
  /** The value of the PATH variable. */
  path: string;
}

/**
 * `millpond` when it is installed or found on the PATH; otherwise the path of the clone's `bin/millpond`, relative in
 * the clone's root.
 */
export function typedCommand({ clone, from, path }: Typed): string {
  if (clone === undefined) return NAME;
  const program = join(clone, 'bin', NAME);
  const real = realOf(program);
  if (path.split(delimiter).some((folder) => folder !== '' && realOf(join(folder, NAME)) === real))
    return NAME;
  return realOf(from) === realOf(clone) ? relative(clone, program) : program;
}

function realOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** The root of the clone that contains this file; `undefined` in a package, where this file is bundled into others. */
function ownClone(): string | undefined {
  const here = fileURLToPath(import.meta.url);
  const place = join('/src', 'kernel', 'command-name.ts');
  return here.endsWith(place) ? here.slice(0, -place.length) : undefined;
}

let known: string | undefined;

/** The command as the current user types it. Computed once. */
export function command(): string {
  known ??= typedCommand({ clone: ownClone(), from: process.cwd(), path: process.env.PATH ?? '' });
  return known;
}

/**
 * A command line for the Millpond on `dataDir` that can be pasted into a shell: `millpond down --data-dir /x --purge`.
 * The option is left out when `dataDir` is the default or `undefined`. `rest` is appended unquoted.
 */
export function commandOn(dataDir: string | undefined, words: string, rest = ''): string {
  return [command(), words, ...dataDirFlag(dataDir), ...(rest === '' ? [] : [rest])].join(' ');
}

/** The `--data-dir` option as shell words; empty for the default directory. */
function dataDirFlag(dataDir: string | undefined): string[] {
  const usual = join(process.env.HOME || homedir(), '.millpond');
  return dataDir === undefined || dataDir === usual ? [] : ['--data-dir', shellWord(dataDir)];
}

/** Quotes a text so that a POSIX shell reads it as one word. */
export const shellWord = (text: string): string =>
  /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
