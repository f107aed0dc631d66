// DescribeCacheEngineVersions: the versions that AWS lists, whichever engines this host has.

import { markerOf, pagesNamed, readOf } from '../../paging.ts';
import type { Operation } from '../../sdk.ts';
import { ENGINE_DESCRIPTIONS, ENGINE_VERSIONS, type EngineVersion } from '../domain/engine-versions.ts';

// AWS: versions are sorted as text: 3.2.10 comes before 3.2.4.
const keyOf = (version: EngineVersion): string => `${version.engine} ${version.listed}`;

const pages = pagesNamed('engine versions');

export const DescribeCacheEngineVersions: Operation<'DescribeCacheEngineVersions'> = (
  _elasticache,
  input,
) => {
  const engine = input.Engine?.toLowerCase();
  const matching = ENGINE_VERSIONS.filter(
    (version) =>
      (engine === undefined || version.engine === engine) &&
      (input.EngineVersion === undefined || version.listed === input.EngineVersion) &&
      (input.CacheParameterGroupFamily === undefined || version.family === input.CacheParameterGroupFamily),
  );
  const listed = input.DefaultOnly ? defaultsAmong(matching) : matching;
  const sorted = [...listed].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const { items, token } = pages.ofSorted(sorted, keyOf, readOf(input));
  return {
    ...markerOf(token),
    CacheEngineVersions: items.map((version) => ({
      Engine: version.engine,
      EngineVersion: version.listed,
      CacheParameterGroupFamily: version.family,
      CacheEngineDescription: ENGINE_DESCRIPTIONS[version.engine],
      CacheEngineVersionDescription: `${version.engine} version ${version.listed}`,
    })),
  };
};

/** The default version of each engine, or the newest one when the filters exclude the default. */
function defaultsAmong(versions: readonly EngineVersion[]): EngineVersion[] {
  const byEngine = new Map<string, EngineVersion>();
  for (const version of versions) {
    if (!byEngine.get(version.engine)?.isDefault) byEngine.set(version.engine, version);
  }
  return [...byEngine.values()];
}
