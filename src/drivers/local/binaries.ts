// Finds the installed engines: which redis-server and valkey-server programs exist, and their real names and
// versions. Installs nothing.

import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { EngineBinary, EngineName } from '../../engine/fleet.ts';
import { OperationalError } from '../../kernel/errors.ts';

const PROGRAMS = ['redis-server', 'valkey-server'];
const USUAL_PLACES = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/opt/homebrew/bin'];
const TIME_LIMIT_MS = 5_000;

// Redis 7 is the first that can withhold commands by a rename and an ACL together.
const OLDEST: Record<EngineName, number> = { redis: 7, valkey: 7 };

/** An engine with its program on this machine. */
export interface InstalledEngine extends EngineBinary {
  /** The path of the program. */
  path: string;
}

/** Where to look. */
export interface BinarySearch {
  /** Programs to try besides those on the PATH. */
  paths?: readonly string[];
  /** Directories, separated as in PATH; by default the environment's PATH and the usual directories. */
  searchPath?: string;
}

/**
 * All usable engines, the newest of each kind first; one program under two names counts once. Throws EngineMissing
 * when there is none.
 */
export async function findBinaries(search: BinarySearch = {}): Promise<InstalledEngine[]> {
  const directories = search.searchPath?.split(delimiter) ?? [
    ...(process.env.PATH ?? '').split(delimiter),
    ...USUAL_PLACES,
  ];
  const candidates = [
    ...(search.paths ?? []),
    ...directories
      .filter(Boolean)
      .flatMap((directory) => PROGRAMS.map((program) => join(directory, program))),
  ];
  const resolved = await Promise.all(candidates.map((path) => realpath(path).catch(() => undefined)));
  const programs = candidates.filter((_, index) => {
    const real = resolved[index];
    return real !== undefined && resolved.indexOf(real) === index;
  });
  const identified = await Promise.all(programs.map(identifyBinary));
  const found = identified.filter((binary) => binary !== undefined);
  const usable = distinct(found.filter(isRecentEnough)).sort(newestFirst);
  if (usable.length === 0) throw missing(found);
  return usable;
}

/** Runs `--version`; `undefined` when the program is not an engine. */
export async function identifyBinary(path: string): Promise<InstalledEngine | undefined> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: TIME_LIMIT_MS });
    const what = parseVersion(stdout);
    return what && { ...what, path };
  } catch {
    return undefined;
  }
}

/** Parses `Redis server v=7.0.15 sha=…`. A `redis-server` that is really Valkey prints `Valkey server v=…`. */
export function parseVersion(text: string): { engine: EngineName; version: string } | undefined {
  const match = /\b(Redis|Valkey) server v=(\d+\.\d+\.\d+)/.exec(text);
  if (!match) return undefined;
  return { engine: match[1] === 'Valkey' ? 'valkey' : 'redis', version: match[2]! };
}

/** Negative when `a` is older. Versions are three numbers with dots between. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number)) as [number[], number[]];
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const isRecentEnough = (binary: InstalledEngine): boolean =>
  Number.parseInt(binary.version, 10) >= OLDEST[binary.engine];

const newestFirst = (a: InstalledEngine, b: InstalledEngine): number =>
  a.engine === b.engine ? compareVersions(b.version, a.version) : a.engine < b.engine ? -1 : 1;

function distinct(binaries: InstalledEngine[]): InstalledEngine[] {
  const byVersion = new Map<string, InstalledEngine>();
  for (const binary of binaries) {
    const name = `${binary.engine} ${binary.version}`;
    if (!byVersion.has(name)) byVersion.set(name, binary);
  }
  return [...byVersion.values()];
}

function missing(found: InstalledEngine[]): OperationalError {
  const advice = 'Install Redis 7 or Valkey 7.2 or newer (the packages redis-server or valkey-server).';
  if (found.length === 0) {
    return new OperationalError('EngineMissing', `No redis-server or valkey-server was found. ${advice}`);
  }
  const old = found.map((binary) => `${binary.path} is ${binary.engine} ${binary.version}`).join(', ');
  return new OperationalError('EngineMissing', `Only engines that are too old were found: ${old}. ${advice}`);
}
