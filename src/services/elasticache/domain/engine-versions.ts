// The engine versions that AWS lists, what each is called, and which may follow which. Pure.
//
// Every version is accepted and reported as asked for, whatever engine this host has; `nearestBinary` chooses the
// one that really runs.

import { assert } from '../../../kernel/assert.ts';
import {
  engineVersionNotFound,
  invalidParameterCombination,
  invalidParameterValue,
  parameterGroupFamilyMismatch,
  specificVersionNotAllowed,
} from '../faults.ts';
import type { Engine } from './model.ts';

export interface EngineVersion {
  engine: Engine;
  /** As requests name it and DescribeCacheEngineVersions lists it: `7.1`. */
  listed: string;
  /** As clusters and groups show it: `7.1.0`. */
  shown: string;
  family: string;
  /** What an unset version means for its engine. */
  isDefault: boolean;
}

// engine, family, then `listed` or `listed=shown`; `*` marks the default.
// AWS: since 6.0 versions are named by two numbers, and clusters show a third. Valkey's default is not known; ours.
const TABLE = `
  redis   redis2.6   2.6.13
  redis   redis2.8   2.8.6 2.8.19 2.8.21 2.8.22 2.8.23 2.8.24
  redis   redis3.2   3.2.4 3.2.6 3.2.10
  redis   redis4.0   4.0.10
  redis   redis5.0   5.0.0 5.0.3 5.0.4 5.0.5 5.0.6
  redis   redis6.x   6.0=6.0.5 6.2=6.2.6
  redis   redis7     7.0=7.0.7 *7.1=7.1.0
  valkey  valkey7    7.2=7.2.6
  valkey  valkey8    *8.0=8.0.1 8.1=8.1.0 8.2=8.2.0
  valkey  valkey9    9.0=9.0.0
`;

/** Oldest first, Redis before Valkey. */
export const ENGINE_VERSIONS: readonly EngineVersion[] = TABLE.trim().split('\n').flatMap(parseLine);

/** As DescribeCacheEngineVersions calls them. */
export const ENGINE_DESCRIPTIONS: Readonly<Record<Engine, string>> = { redis: 'Redis', valkey: 'Valkey' };

/** Which engine a request means; Redis when it names none. Throws InvalidParameterValue. */
export function engineNamed(requested: string | undefined): Engine {
  const engine = requested?.toLowerCase() ?? 'redis';
  if (engine === 'redis' || engine === 'valkey') return engine;
  if (engine === 'memcached')
    throw invalidParameterValue('Millpond does not run memcached; the engines are redis and valkey.');
  throw invalidParameterValue(`Invalid cache engine: ${requested}. Valid engines are redis and valkey.`);
}

/**
 * Which version a request means. Throws InvalidParameterCombination for one that AWS does not list, and
 * InvalidParameterValue for the third number of a version that is named by two.
 */
export function resolveEngineVersion(engine: Engine, requested: string | undefined): EngineVersion {
  const versions = ENGINE_VERSIONS.filter((version) => version.engine === engine);
  if (!requested) return versions.find((version) => version.isDefault)!;
  // AWS: `6.x` is the newest 6.
  const found = versions.findLast(
    (version) => version.listed === requested || (requested === '6.x' && version.family === 'redis6.x'),
  );
  if (found) return found;
  const shownAs = versions.find((version) => version.shown === requested);
  if (shownAs) throw specificVersionNotAllowed(requested, shownAs.listed);
  throw engineVersionNotFound(engine, requested);
}

/** The version that a record's `engineVersion` (`7.1.0`) stands for. */
export function versionShownAs(engine: Engine, shown: string): EngineVersion {
  const found = ENGINE_VERSIONS.find((version) => version.engine === engine && version.shown === shown);
  assert(found, `no ${engine} version is shown as ${shown}`);
  return found;
}

/** Throws InvalidParameterCombination when a group of this family cannot serve this version. */
export function checkParameterGroupFamily(version: EngineVersion, family: string): void {
  if (family !== version.family) throw parameterGroupFamilyMismatch(version.family, family);
}

/** Throws InvalidParameterCombination for a downgrade, and for Valkey back to Redis. */
export function checkUpgrade(from: EngineVersion, to: EngineVersion): void {
  if (from.engine === 'valkey' && to.engine === 'redis')
    throw invalidParameterCombination('Cannot change the engine from valkey to redis.');
  if (from.engine === to.engine && compareVersions(to.shown, from.shown) < 0)
    throw invalidParameterCombination(
      `Cannot downgrade the engine version from ${from.shown} to ${to.shown}. Create a new cluster instead.`,
    );
}

/** Negative when `a` is older than `b`; missing numbers count as 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let part = 0; part < 3; part++) {
    const difference = (left![part] ?? 0) - (right![part] ?? 0);
    if (difference) return difference;
  }
  return 0;
}

interface Binary {
  engine: Engine;
  /** `7.0.15`. */
  version: string;
}

/**
 * Of the engines this host has, the one nearest to the wanted version: of the same engine if there is any, then by
 * the distance of major and minor number, then the newest. Undefined when there is none at all.
 */
export function nearestBinary<B extends Binary>(
  binaries: readonly B[],
  engine: Engine,
  version: string,
): B | undefined {
  const sameEngine = binaries.filter((binary) => binary.engine === engine);
  const candidates = sameEngine.length ? sameEngine : binaries;
  const distance = (binary: Binary) => Math.abs(ordinal(binary.version) - ordinal(version));
  return [...candidates].sort(
    (a, b) => distance(a) - distance(b) || compareVersions(b.version, a.version),
  )[0];
}

/** The engine that serves this group in place of its own, which the host lacks; `undefined` where it has it. */
export function standInFor<B extends Binary>(
  binaries: readonly B[],
  group: { engine: Engine; engineVersion: string },
): B | undefined {
  const binary = nearestBinary(binaries, group.engine, group.engineVersion);
  return binary?.engine === group.engine ? undefined : binary;
}

/** Major and minor number as one; a major apart is farther than any minor. */
function ordinal(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 100 + minor;
}

function parseLine(line: string): EngineVersion[] {
  const [engine, family, ...cells] = line.trim().split(/\s+/);
  return cells.map((cell) => {
    const [listed = '', shown = listed] = cell.replace('*', '').split('=');
    return { engine: engine as Engine, family: family!, listed, shown, isDefault: cell.startsWith('*') };
  });
}
