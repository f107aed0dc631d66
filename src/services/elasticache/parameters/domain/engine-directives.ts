// Converts a parameter group's values into the directives of one real engine. Pure.

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

/** The engine that gets the directives. */
export interface EngineTarget {
  /** The engine that really runs; the group's own engine may be another. */
  engine: Engine;
  /** Its own version: `7.0.15`. */
  version: string;
  nodeType: NodeType;
  /** The upper limit on a node's memory, whatever its type. Bytes. */
  capBytes: number;
}

/** The directives for one engine. */
export interface EngineDirectives {
  /** By the target's names. Exception: `rename-commands` stays a parameter, which the fleet interprets. */
  directives: Record<string, string>;
  /** The names of the directives that CONFIG SET can change. */
  live: ReadonlySet<string>;
}

/** `effective`: the result of `effectiveParameters`. */
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

/**
 * The target's name of a parameter; `undefined` when the target does not know it, or gets it as part of another one.
 */
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

// A full sync that exceeds the limit starts again, for ever if writes are faster than the link. So replicas get at
// least the engines' own default, even where a tenth of the node's memory is less.
const MIN_REPLICA_BUFFER_BYTES = 256 * 2 ** 20;

/** `normal 0 0 0 replica 268435456 268435456 60 pubsub 33554432 8388608 60`: hard, soft, seconds of each class. */
function outputBufferLimits(effective: Readonly<Record<string, string>>, nodeType: NodeType): string {
  const replicaBytes = Math.max(replicaOutputBufferBytes(nodeType), MIN_REPLICA_BUFFER_BYTES);
  return OUTPUT_BUFFER_CLASSES.map(({ name, parameters }) => {
    const read = (suffix: string, fallback: number) =>
      parameters
        .map((parameter) => effective[`client-output-buffer-limit-${parameter}-${suffix}`])
        .find((value) => value !== undefined) ?? String(fallback);
    const bytes = name === 'replica' ? replicaBytes : 0;
    return [name, read('hard-limit', bytes), read('soft-limit', bytes), read('soft-seconds', 0)].join(' ');
  }).join(' ');
}
