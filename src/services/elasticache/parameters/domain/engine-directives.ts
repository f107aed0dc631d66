// From a parameter group's values to the directives of one real engine. Pure.

import type { Engine } from '../../clusters/domain/model.ts';
import { compareVersions } from '../../engines/domain/engine-versions.ts';
import {
  maxMemoryDirective,
  type NodeType,
  replicaOutputBufferBytes,
} from '../../engines/domain/node-types.ts';
import {
  AT_START_ONLY,
  KNOWN_SINCE,
  LISTPACK_NAMES,
  NOT_IN_OPEN_ENGINES,
  OUTPUT_BUFFER_CLASSES,
  RENAMED_SINCE,
  SEEN_TO_ELSEWHERE,
  VALUE_IN_ENGINES,
} from './directive-table.ts';

export interface EngineTarget {
  /** The engine that really runs, which need not be the one the group was created with. */
  engine: Engine;
  /** Its own version: `7.0.15`. */
  version: string;
  nodeType: NodeType;
  /** No node gets more memory than this, whatever its type. Bytes. */
  capBytes: number;
}

export interface EngineDirectives {
  /** By name, in the spelling of the target; `rename-commands` alone is left as the parameter for the fleet. */
  directives: Record<string, string>;
  /** Names of those that a running engine takes over by CONFIG SET. */
  live: ReadonlySet<string>;
}

/** `effective` is what `effectiveParameters` returns. */
export function engineDirectives(
  effective: Readonly<Record<string, string>>,
  target: EngineTarget,
): EngineDirectives {
  const directives: Record<string, string> = {
    maxmemory: maxMemoryDirective(target.nodeType, effective, target.capBytes),
    'client-output-buffer-limit': outputBufferLimits(effective, target.nodeType),
  };
  for (const [parameter, value] of Object.entries(effective)) {
    const name = directiveName(parameter, target);
    if (name) directives[name] = VALUE_IN_ENGINES[name]?.[value] ?? value;
  }
  directives.maxclients = String(
    Math.min(Number(effective.maxclients ?? target.nodeType.maxClients), target.nodeType.maxClients),
  );
  if (!effective['rename-commands']) delete directives['rename-commands'];
  const live = new Set(Object.keys(directives).filter((name) => !AT_START_ONLY.has(name)));
  return { directives, live };
}

/** `undefined` when the target has no such directive, or gets it in another way. */
function directiveName(parameter: string, target: EngineTarget): string | undefined {
  if (parameter in NOT_IN_OPEN_ENGINES || SEEN_TO_ELSEWHERE.has(parameter)) return undefined;
  if (parameter.startsWith('client-output-buffer-limit-')) return undefined;
  const name = packedName(RENAMED_SINCE[parameter] ?? parameter, target);
  const since = KNOWN_SINCE[name];
  if (!since) return name;
  const first = since[target.engine];
  return first && compareVersions(target.version, first) >= 0 ? name : undefined;
}

function packedName(name: string, target: EngineTarget): string {
  const pair = LISTPACK_NAMES.find((names) => names.includes(name));
  if (!pair) return name;
  return target.engine === 'valkey' || compareVersions(target.version, '7.0') >= 0 ? pair[0] : pair[1];
}

// A full sync that runs into the limit begins anew, for ever if writes are faster than the link. The engines' own
// default is the least that replicas get here, even where a tenth of the node's memory is less.
const LEAST_REPLICA_BUFFER_BYTES = 256 * 2 ** 20;

/** `normal 0 0 0 replica 268435456 268435456 60 pubsub 33554432 8388608 60`: hard, soft, seconds of each class. */
function outputBufferLimits(effective: Readonly<Record<string, string>>, nodeType: NodeType): string {
  const replicaBytes = Math.max(replicaOutputBufferBytes(nodeType), LEAST_REPLICA_BUFFER_BYTES);
  return OUTPUT_BUFFER_CLASSES.map(({ name, parameters }) => {
    const read = (suffix: string, fallback: number) =>
      parameters
        .map((parameter) => effective[`client-output-buffer-limit-${parameter}-${suffix}`])
        .find((value) => value !== undefined) ?? String(fallback);
    const bytes = name === 'replica' ? replicaBytes : 0;
    return [name, read('hard-limit', bytes), read('soft-limit', bytes), read('soft-seconds', 0)].join(' ');
  }).join(' ');
}
