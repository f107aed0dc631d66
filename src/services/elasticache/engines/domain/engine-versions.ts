// The engine versions that AWS lists, their names, and the allowed upgrades. Pure.
//
// Every version is accepted and reported as requested, whatever engines this host has; `nearestBinary` chooses the
// one that really runs.

import { assert } from '../../../../kernel/assert.ts';
import type { Engine } from '../../clusters/domain/model.ts';
import { engineDowngrade, engineVersionNotFound, specificVersionNotAllowed } from '../../faults/engines.ts';
import { parameterGroupFamilyMismatch } from '../../faults/parameters.ts';
import { invalidParameterValue } from '../../faults/requests.ts';

/** One version of DescribeCacheEngineVersions. */
export interface EngineVersion {
  engine: Engine;
  /** As in requests and DescribeCacheEngineVersions: `7.1`. */
  listed: string;
  /** As clusters and groups show it: `7.1.0`. */
  shown: string;
  family: string;
  /** True for the version that a request without a version gets. */
  isDefault: boolean;
}

// engine, family, then `listed` or `listed=shown`; `*` marks the default.
// AWS: since 6.0 versions are named by two numbers, and clusters show a third. Valkey's default was 9.1 in July 2026.
const TABLE = `
  redis   redis2.6   2.6.13
  redis   redis2.8   2.8.6 2.8.19 2.8.21 2.8.22 2.8.23 2.8.24
  redis   redis3.2   3.2.4 3.2.6 3.2.10
  redis   redis4.0   4.0.10
  redis   redis5.0   5.0.0 5.0.3 5.0.4 5.0.5 5.0.6
  redis   redis6.x   6.0=6.0.5 6.2=6.2.6
  redis   redis7     7.0=7.0.7 *7.1=7.1.0
  valkey  valkey7    7.2=7.2.6
  valkey  valkey8    8.0=8.0.1 8.1=8.1.0 8.2=8.2.0
  valkey  valkey9    9.0=9.0.0 *9.1=9.1.0
`;

/** Oldest first, Redis before Valkey. */
export const ENGINE_VERSIONS: readonly EngineVersion[] = TABLE.trim().split('\n').flatMap(parseLine);

/** The engines' names in DescribeCacheEngineVersions. */
export const ENGINE_DESCRIPTIONS: Readonly<Record<Engine, string>> = { redis: 'Redis', valkey: 'Valkey' };

/** The requested engine; Redis when the request names none. Throws InvalidParameterValue. */
export function engineNamed(requested: string | undefined): Engine {
  const engine = requested?.toLowerCase() ?? 'redis';
  if (engine === 'redis' || engine === 'valkey') return engine;
  if (engine === 'memcached')
    throw invalidParameterValue('Millpond does not run memcached; the engines are redis and valkey.');
  throw invalidParameterValue(`Invalid cache engine: ${requested}. Valid engines are redis and valkey.`);
}

/**
 * The requested version; the default one when the request names none. Throws InvalidParameterCombination for one that
 * AWS does not list, and InvalidParameterValue for a third number where AWS lists only two.
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

/** The version of a record's `engineVersion` (`7.1.0`). */
export function versionShownAs(engine: Engine, shown: string): EngineVersion {
  const found = ENGINE_VERSIONS.find((version) => version.engine === engine && version.shown === shown);
  assert(found, `no ${engine} version is shown as ${shown}`);
  return found;
}

/** Throws InvalidParameterCombination when a group of this family cannot serve this version. */
export function checkParameterGroupFamily(version: EngineVersion, family: string): void {
  if (family !== version.family) throw parameterGroupFamilyMismatch(version.family, family);
}

/**
 * Throws InvalidParameterCombination for a downgrade. AWS: the only allowed change from Valkey to Redis is from Valkey
 * 7.2 back to Redis 7.1.
 */
export function checkUpgrade(from: EngineVersion, to: EngineVersion): void {
  if (isRollback(from, to)) return;
  const isDowngrade =
    from.engine === to.engine ? compareVersions(to.shown, from.shown) < 0 : to.engine === 'redis';
  if (isDowngrade) throw engineDowngrade(from.engine, from.shown, to.engine, to.shown);
}

const isRollback = (from: EngineVersion, to: EngineVersion): boolean =>
  from.engine === 'valkey' && from.listed === '7.2' && to.engine === 'redis' && to.listed === '7.1';

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
 * The binary of this host that is nearest to a version: the same engine if possible, then the smallest distance of
 * major and minor number, then the newest. `undefined` when `binaries` is empty.
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

interface Served {
  engine: Engine;
  engineVersion: string;
  /** The group was rolled back from Valkey to Redis. */
  rolledBack?: boolean;
}

/**
 * The binary of this host that serves a group: the nearest one. Exception: a group that was rolled back from Valkey to
 * Redis stays on Valkey if this host's Redis cannot load its data. `undefined` when `binaries` is empty.
 */
export function servingBinary<B extends Binary>(binaries: readonly B[], group: Served): B | undefined {
  const nearest = nearestBinary(binaries, group.engine, group.engineVersion);
  if (!group.rolledBack || nearest?.engine !== 'redis') return nearest;
  const valkeys = binaries.filter(({ engine }) => engine === 'valkey');
  const wrote = nearestBinary(valkeys, 'valkey', ROLLED_BACK_FROM);
  return wrote && !loads(nearest, wrote) ? wrote : nearest;
}

const ROLLED_BACK_FROM = '7.2';

/** Redis before 7.2 cannot load Valkey's dumps, and no Redis can load those of Valkey 9. */
const loads = (redis: Binary, valkey: Binary): boolean =>
  compareVersions(redis.version, '7.2') >= 0 && compareVersions(valkey.version, '9') < 0;

/** The binary that serves this group if it is of another engine than the group's; else `undefined`. */
export function standInFor<B extends Binary>(binaries: readonly B[], group: Served): B | undefined {
  const binary = servingBinary(binaries, group);
  return binary?.engine === group.engine ? undefined : binary;
}

/** Major and minor number as one number, in which majors outweigh minors. */
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
