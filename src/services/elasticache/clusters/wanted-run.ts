// What the members of a group should run: version, node type and every directive that its parameter group gives.

import type { Scope } from '../../../aws/scope.ts';
import type { EngineBinary } from '../../../engine/fleet.ts';
import { OperationalError } from '../../../kernel/errors.ts';
import type { ElastiCache } from '../context.ts';
import { servingBinary } from '../engines/domain/engine-versions.ts';
import { DEFAULT_NODE_TYPE, nodeTypeNamed } from '../engines/domain/node-types.ts';
import { engineDirectives } from '../parameters/domain/engine-directives.ts';
import { effectiveParameters } from '../parameters/domain/parameters.ts';
import { parameterGroupNamed } from '../parameters/parameter-groups.ts';
import type { Group } from './domain/model.ts';
import type { WantedRun } from './domain/observation.ts';

const MAX_CACHED = 256;

export interface Wanted {
  wanted: WantedRun;
  binary: EngineBinary;
}

/** Asked on every look at a group, so what it works out is kept for as long as nothing it comes from changes. */
export function createWantedRun(
  elasticache: Pick<ElastiCache, 'records' | 'options' | 'binaries'>,
): (scope: Scope, group: Group) => Wanted {
  const cache = new Map<string, Wanted>();
  return (scope, group) => {
    const parameters = parameterGroupNamed(elasticache, scope, group.parameterGroupName);
    const { engine, engineVersion, nodeType, clusterEnabled, rolledBack } = group;
    const key = JSON.stringify([
      engine,
      engineVersion,
      nodeType,
      clusterEnabled,
      rolledBack,
      parameters.family,
      parameters.values,
    ]);
    const cached = cache.get(key);
    if (cached) return cached;
    const binary = servingBinary(elasticache.binaries, group);
    if (!binary)
      throw new OperationalError(
        'EngineMissing',
        `No engine on this host can serve ${engine} ${engineVersion}.`,
      );
    const effective = effectiveParameters(parameters.family, clusterEnabled, parameters.values);
    const { directives, live } = engineDirectives(effective, {
      engine: binary.engine,
      version: binary.version,
      nodeType: nodeTypeNamed(nodeType) ?? nodeTypeNamed(DEFAULT_NODE_TYPE)!,
      capBytes: elasticache.options.maxMemoryPerNodeBytes,
    });
    const announceNames = elasticache.options.announceHostnames && clusterEnabled;
    const wanted = { engineVersion, nodeType, directives, live, announceNames };
    const result = { wanted, binary };
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(key, result);
    return result;
  };
}
