// Node types: their memory, their limit on clients, and the allowed scaling. Pure.

import { invalidNodeType, nodeTypeNotOffered } from '../../faults/engines.ts';
import { NODE_TYPE_TABLE } from './node-type-table.ts';

/** One node type. */
export interface NodeType {
  /** `cache.t4g.micro`. */
  name: string;
  /** `t4g`. */
  family: string;
  /** Bytes, including the reserved share. */
  maxMemoryBytes: number;
  /** The memory is not published, but extrapolated from the family's other types. */
  estimated: boolean;
  maxClients: number;
  /** The type supports data tiering: it can keep part of its data on disk. */
  dataTiering: boolean;
  /** AWS: types of earlier generations are not offered as scale targets. */
  currentGeneration: boolean;
}

const PREVIOUS_GENERATIONS = new Set(['t1', 'm1', 'm2', 'm3', 'c1', 'r3']);
const MAX_CLIENTS = 65_000;

/** In the order of the table: by family, then by size. */
export const NODE_TYPES: readonly NodeType[] = NODE_TYPE_TABLE.trim().split('\n').flatMap(parseFamily);

const byName = new Map(NODE_TYPES.map((type) => [type.name, type]));

/** `undefined` for an unknown name. */
export const nodeTypeNamed = (name: string): NodeType | undefined => byName.get(name);

/** The type of a request that names none. AWS: not documented; here the smallest. */
export const DEFAULT_NODE_TYPE = 'cache.t4g.micro';

/** The names of node types, sorted. */
export interface ScaleTargets {
  up: string[];
  down: string[];
}

/**
 * The types with more memory (`up`) and with less (`down`) that a cluster can be scaled to. Empty for an unknown
 * type.
 */
export function scaleTargets(name: string): ScaleTargets {
  const from = nodeTypeNamed(name);
  const others = from ? NODE_TYPES.filter((type) => offeredFrom(from, type)) : [];
  const named = (types: NodeType[]) => types.map((type) => type.name).sort();
  return {
    up: named(others.filter((type) => type.maxMemoryBytes > from!.maxMemoryBytes)),
    down: named(others.filter((type) => type.maxMemoryBytes < from!.maxMemoryBytes)),
  };
}

/** Throws InvalidParameterValue unless a cluster of type `from` can be scaled to type `to`. */
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
 * The memory for data, without the share that `reserved-memory` or `reserved-memory-percent` reserves. The share
 * applies to the capped memory, so that the parameters have an effect on capped nodes, too.
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
  // For the engine, 0 would mean no limit.
  return Math.max(usable, 1);
}

/** Bytes. AWS: disconnects a replica whose output buffer exceeds a tenth of the node's memory. */
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
