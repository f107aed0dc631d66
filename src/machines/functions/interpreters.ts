// Finds the interpreters of a language on the PATH, and chooses the one nearest to a version.

import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';

/** An interpreter on this machine. */
export interface Interpreter {
  /** The directory whose `bin` has the interpreter. */
  directory: string;
  /** The name of the program in `bin`. */
  interpreter: string;
  /** Major and minor: `3.11`. */
  version: string;
}

const FAMILIES = {
  python: {
    name: /^python3(\.\d+)?$/,
    // Not sys.executable alone: the interpreter of a virtual environment disappears with the environment.
    ask: [
      '-c',
      "import sys; print(getattr(sys, '_base_executable', '') or sys.executable); print('%d.%d' % sys.version_info[:2])",
    ],
  },
  ruby: {
    name: /^ruby(\d\.\d)?$/,
    ask: ['-e', 'puts Gem.ruby; puts RUBY_VERSION[/\\d+\\.\\d+/]'],
  },
};

const ASK_TIMEOUT_MS = 10_000;
const MOST_CANDIDATES = 24;

/** Returns one interpreter per version, of those that answer; the shims of version managers may not. */
export async function findInterpreters(family: keyof typeof FAMILIES, path: string): Promise<Interpreter[]> {
  const { name, ask } = FAMILIES[family];
  const candidates: string[] = [];
  for (const directory of new Set(path.split(':').filter(isAbsolute))) {
    const entries = await readdir(directory).catch(() => []);
    candidates.push(...entries.filter((entry) => name.test(entry)).map((entry) => join(directory, entry)));
  }
  const answers = await Promise.all(candidates.slice(0, MOST_CANDIDATES).map((each) => identify(each, ask)));
  const byVersion = new Map<string, Interpreter>();
  for (const each of answers) if (each && !byVersion.has(each.version)) byVersion.set(each.version, each);
  return [...byVersion.values()];
}

async function identify(program: string, ask: string[]): Promise<Interpreter | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, ask, { timeout: ASK_TIMEOUT_MS });
    const [path, version] = stdout.trim().split('\n');
    if (!path || !isAbsolute(path) || !/^\d+\.\d+$/.test(version ?? '')) return undefined;
    if (basename(dirname(path)) !== 'bin') return undefined;
    return { directory: dirname(dirname(path)), interpreter: basename(path), version: version! };
  } catch {
    return undefined;
  }
}

/** Chooses the same version, else the next newer one, else the newest. */
export function nearest(interpreters: readonly Interpreter[], version: string): Interpreter | undefined {
  const sorted = interpreters.toSorted((a, b) => ordinal(a.version) - ordinal(b.version));
  return sorted.find((each) => ordinal(each.version) >= ordinal(version)) ?? sorted.at(-1);
}

function ordinal(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 1000 + minor;
}
