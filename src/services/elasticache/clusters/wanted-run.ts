// Computes what the members of a group should run: the engine version, the node type, and all directives that follow
// from the parameter group.

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

/** The wanted configuration, and the engine binary of this host that serves it. */
export interface Wanted {
  wanted: WantedRun;
  binary: EngineBinary;
}

/**
 * Returns `ElastiCache.wantedRun`. Results are cached by their inputs, because every pass over a group asks. The
 * function throws OperationalError `EngineMissing` when this host has no engine.
 */
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
