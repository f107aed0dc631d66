// Node types: how much memory each has, how many clients it takes, and which a group can be scaled to. Pure.

import { invalidNodeType, nodeTypeNotOffered } from '../../faults.ts';
import { NODE_TYPE_TABLE } from './node-type-table.ts';

export interface NodeType {
  /** `cache.t4g.micro`. */
  name: string;
  /** `t4g`. */
  family: string;
  /** Bytes, before the reserved share is taken off. */
  maxMemoryBytes: number;
  /** The figure is not published; it follows the type's siblings. */
  estimated: boolean;
  maxClients: number;
  /** Keeps part of its data on disk, where it is created with data tiering. */
  dataTiering: boolean;
  /** AWS offers no new clusters of earlier generations. */
  currentGeneration: boolean;
}

const PREVIOUS_GENERATIONS = new Set(['t1', 'm1', 'm2', 'm3', 'c1', 'r3']);
const MAX_CLIENTS = 65_000;

/** In the order of the table: by family, then by size. */
export const NODE_TYPES: readonly NodeType[] = NODE_TYPE_TABLE.trim().split('\n').flatMap(parseFamily);

const byName = new Map(NODE_TYPES.map((type) => [type.name, type]));

/** `undefined` for a name that AWS does not have. */
export const nodeTypeNamed = (name: string): NodeType | undefined => byName.get(name);

/** AWS: what CreateCacheCluster and CreateReplicationGroup take when no type is named is not documented; the smallest. */
export const DEFAULT_NODE_TYPE = 'cache.t4g.micro';

export interface ScaleTargets {
  /** Names, sorted. */
  up: string[];
  down: string[];
}

/** What ListAllowedNodeTypeModifications offers: types with more memory, and with less. Empty for an unknown type. */
export function scaleTargets(name: string): ScaleTargets {
  const from = nodeTypeNamed(name);
  const others = from ? NODE_TYPES.filter((type) => offeredFrom(from, type)) : [];
  const named = (types: NodeType[]) => types.map((type) => type.name).sort();
  return {
    up: named(others.filter((type) => type.maxMemoryBytes > from!.maxMemoryBytes)),
    down: named(others.filter((type) => type.maxMemoryBytes < from!.maxMemoryBytes)),
  };
}

/** Throws InvalidParameterValue for a type that AWS does not have or does not offer to a cluster of type `from`. */
export function checkScaling(from: string, to: string): void {
  const [present, wanted] = [nodeTypeNamed(from), nodeTypeNamed(to)];
  if (!wanted) throw invalidNodeType(to);
  if (present && wanted !== present && !offeredFrom(present, wanted)) throw nodeTypeNotOffered(from, to);
}

const offeredFrom = (from: NodeType, to: NodeType): boolean =>
  to.currentGeneration && to.name !== from.name && to.dataTiering === from.dataTiering;

/** The engine's `maxmemory` in bytes for a node of this type; see `usableMemoryBytes`. */
export function maxMemoryDirective(
  type: NodeType,
  parameters: Readonly<Record<string, string>>,
  capBytes: number,
): string {
  return String(usableMemoryBytes(type, parameters, capBytes));
}

/**
 * What is left for data once `reserved-memory` or `reserved-memory-percent` is taken off. The cap shrinks the node,
 * and the reserved share with it, so that a change of the parameter shows on a capped node as well.
 */
function usableMemoryBytes(
  type: NodeType,
  parameters: Readonly<Record<string, string>>,
  capBytes: number,
): number {
  const reservedBytes = Number(parameters['reserved-memory'] ?? 0);
  const reservedShare = reservedBytes
    ? reservedBytes / type.maxMemoryBytes
    : Number(parameters['reserved-memory-percent'] ?? 0) / 100;
  const usable = Math.floor(Math.min(type.maxMemoryBytes, capBytes) * (1 - reservedShare));
  // 0 would mean no limit at all to the engine.
  return Math.max(usable, 1);
}

/** AWS: a replica whose output buffer grows beyond a tenth of the node's memory is cut off. Bytes. */
export const replicaOutputBufferBytes = (type: NodeType): number => Math.floor(type.maxMemoryBytes / 10);

function parseFamily(line: string): NodeType[] {
  const [family = '', ...cells] = line.trim().split(/\s+/);
  const types: NodeType[] = [];
  for (let cell = 0; cell < cells.length; cell += 2) {
    const size = cells[cell]!;
    const amount = cells[cell + 1]!;
    types.push({
      name: `cache.${family}.${size}`,
      family,
      maxMemoryBytes: Number(amount.replace('~', '')),
      estimated: amount.startsWith('~'),
      maxClients: maxClientsOf(family, size),
      dataTiering: family === 'r6gd',
      currentGeneration: !PREVIOUS_GENERATIONS.has(family),
    });
  }
  return types;
}

function maxClientsOf(family: string, size: string): number {
  if (family === 't1' || family === 't2') return 20_000;
  if (size === 'micro') return 20_000;
  if (family === 't3') return 46_000;
  return MAX_CLIENTS;
}
