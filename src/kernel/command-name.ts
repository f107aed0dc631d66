// How a person types the command, for hints that can be copied as they are: never by a name that a package runner would
// look for in the public registry, and always for the data directory that the hint is about.

import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const NAME = 'millpond';

export interface Typed {
  /** Of the clone that runs; `undefined` for an installed package. */
  clone: string | undefined;
  /** The working directory. */
  from: string;
  /** As in the environment. */
  path: string;
}

/** `millpond` where the PATH leads to it or it is installed; in a clone else its path, relative from the clone's root. */
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

/** The clone that this file lies in; a package has been bundled into other files. */
function ownClone(): string | undefined {
  const here = fileURLToPath(import.meta.url);
  const place = join('/src', 'kernel', 'command-name.ts');
  return here.endsWith(place) ? here.slice(0, -place.length) : undefined;
}

let known: string | undefined;

export function command(): string {
  known ??= typedCommand({ clone: ownClone(), from: process.cwd(), path: process.env.PATH ?? '' });
  return known;
}

/**
 * A whole command line for the Millpond on `dataDir`, to be pasted into a shell: `millpond down --data-dir /x --purge`.
 * The directory is left out where it is the usual one, or the hint is about none. `rest` follows it as it is.
 */
export function commandOn(dataDir: string | undefined, words: string, rest = ''): string {
  return [command(), words, ...dataDirFlag(dataDir), ...(rest === '' ? [] : [rest])].join(' ');
}

/** The flag and its value as words of a shell's; none for the usual directory. */
export function dataDirFlag(dataDir: string | undefined): string[] {
  const usual = join(process.env.HOME || homedir(), '.millpond');
  return dataDir === undefined || dataDir === usual ? [] : ['--data-dir', shellWord(dataDir)];
}

/** As one word of a shell's. */
export const shellWord = (text: string): string =>
  /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
