// Resolves the engine, version, node type and parameter group of a request, and checks them against each other.

import type { Scope } from '../../../aws/scope.ts';
import type { Group } from '../clusters/domain/model.ts';
import type { ElastiCache } from '../context.ts';
import { clusterParameterGroupNeeded, invalidPort } from '../faults/clusters.ts';
import { invalidNodeType } from '../faults/engines.ts';
import { invalidParameterCombination } from '../faults/requests.ts';
import { defaultGroupName } from '../parameters/domain/parameter-families.ts';
import { parameterGroupNamed } from '../parameters/parameter-groups.ts';
import {
  checkParameterGroupFamily,
  checkUpgrade,
  type EngineVersion,
  engineNamed,
  resolveEngineVersion,
  versionShownAs,
} from './domain/engine-versions.ts';
import { checkScaling, DEFAULT_NODE_TYPE, nodeTypeNamed } from './domain/node-types.ts';

/** The resolved engine settings of a new group. */
export interface EngineChoice {
  version: EngineVersion;
  nodeType: string;
  parameterGroupName: string;
  clusterEnabled: boolean;
}

/**
 * Resolves a create request. `clusterWanted`: the request asks for several shards; its default parameter group then has
 * cluster mode on. Throws InvalidParameterValue, InvalidParameterCombination, CacheParameterGroupNotFound.
 */
export function chooseEngine(
  elasticache: ElastiCache,
  scope: Scope,
  request: {
    Engine?: string | undefined;
    EngineVersion?: string | undefined;
    CacheNodeType?: string | undefined;
    CacheParameterGroupName?: string | undefined;
  },
  clusterWanted: boolean,
): EngineChoice {
  const version = resolveEngineVersion(engineNamed(request.Engine), request.EngineVersion);
  const fallback = defaultGroupName(version.family, clusterWanted);
  const parameterGroup = parameterGroupNamed(elasticache, scope, request.CacheParameterGroupName ?? fallback);
  checkParameterGroupFamily(version, parameterGroup.family);
  if (clusterWanted && !parameterGroup.clusterEnabled) {
    throw clusterParameterGroupNeeded();
  }
  return {
    version,
    nodeType: nodeTypeOf(request.CacheNodeType),
    parameterGroupName: parameterGroup.name,
    clusterEnabled: parameterGroup.clusterEnabled,
  };
}

/** The requested node type, or the default one. Throws InvalidParameterValue for an unknown type. */
export function nodeTypeOf(name: string | undefined): string {
  const nodeType = name ?? DEFAULT_NODE_TYPE;
  if (!nodeTypeNamed(nodeType)) throw invalidNodeType(nodeType);
  return nodeType;
}

/** The requested port, or 6379. Throws InvalidParameterValue. AWS: the lowest port is 1150, and 8005 is reserved. */
export function portOf(port: number | undefined): number {
  if (port === undefined) return 6379;
  if (!Number.isInteger(port) || port < 1150 || port > 65_535 || port === 8005) throw invalidPort(port);
  return port;
}

/**
 * Resolves the engine settings of a modify request, and checks them against the group. Throws as `chooseEngine` does.
 */
export function engineChangeOf(
  elasticache: ElastiCache,
  scope: Scope,
  group: Group,
  request: {
    Engine?: string | undefined;
    EngineVersion?: string | undefined;
    CacheNodeType?: string | undefined;
    CacheParameterGroupName?: string | undefined;
  },
): { engine: Group['engine']; engineVersion: string; nodeType?: string; parameterGroupName: string } {
  const current = versionShownAs(group.engine, group.engineVersion);
  const engine = request.Engine ? engineNamed(request.Engine) : group.engine;
  const version =
    request.EngineVersion || engine !== group.engine
      ? resolveEngineVersion(engine, request.EngineVersion)
      : current;
  checkUpgrade(current, version);
  if (request.CacheNodeType) checkScaling(group.nodeType, request.CacheNodeType);
  const parameterGroup = parameterGroupNamed(elasticache, scope, parameterGroupFor(group, version, request));
  checkParameterGroupFamily(version, parameterGroup.family);
  if (parameterGroup.clusterEnabled !== group.clusterEnabled) {
    throw invalidParameterCombination(
      `Parameter group ${parameterGroup.name} has another cluster mode; ` +
        'cluster-enabled cannot be changed on an existing cluster.',
    );
  }
  return {
    engine,
    engineVersion: version.shown,
    parameterGroupName: parameterGroup.name,
    ...(request.CacheNodeType && { nodeType: request.CacheNodeType }),
  };
}

/** On an upgrade, a group that uses its family's default parameter group gets the new family's default. */
function parameterGroupFor(
  group: Group,
  version: EngineVersion,
  request: { CacheParameterGroupName?: string | undefined },
): string {
  if (request.CacheParameterGroupName) return request.CacheParameterGroupName;
  if (!group.parameterGroupName.startsWith('default.')) return group.parameterGroupName;
  return defaultGroupName(version.family, group.clusterEnabled);
}
