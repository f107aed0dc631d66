// Reads what keys contain, from nodes that have applied the changes which the values are for. Two trips for many keys: the
// types and sizes, then the values.

import type { Value } from '../change.ts';
import { VALUE_COMMANDS } from '../value-commands.ts';
import type { NodeClient } from './node-client.ts';

/** Where values are read, in this order. */
export interface ValueNode {
  client: NodeClient;
  /** The node's slots may be in motion, so it is asked for slots that it has not got yet as well. */
  asks: boolean;
}

export interface ValueLimits {
  /** A larger value is not read. */
  valueBytes: number;
  /** Of all values that are read together. A single value may be larger. */
  togetherBytes: number;
}

/** A key with its type and its size in the node's memory. */
interface SizedKey {
  /** Its place among the keys that were asked for. */
  at: number;
  key: Buffer;
  type: string;
  bytes: number;
}

const LIMIT_MS = 10_000;
/** A key may get another type between the two trips. */
const MOST_TRIES = 10;

/** The values of keys that one node could not tell, because another shard serves them. */
class Elsewhere extends Error {}

/**
 * The values, in the order of the keys. A value is that of the moment of reading. Rejects when no node has it, or none
 * answers.
 */
export async function readValues(
  nodes: readonly ValueNode[],
  database: number,
  keys: readonly Buffer[],
  limits: ValueLimits,
): Promise<Value[]> {
  const values = new Array<Value | undefined>(keys.length).fill(undefined);
  let missing = keys.map((_, index) => index);
  for (const node of nodes) {
    if (missing.length === 0) break;
    const found = await readFrom(
      node,
      database,
      missing.map((index) => keys[index]!),
      limits,
    );
    for (const [at, value] of found.entries()) values[missing[at]!] = value;
    missing = missing.filter((index) => !values[index]);
  }
  if (missing.length > 0) throw new Elsewhere('No shard serves the slot of a key.');
  return values as Value[];
}

/** The values that this node can tell; `undefined` for keys of other shards. */
async function readFrom(
  node: ValueNode,
  database: number,
  keys: readonly Buffer[],
  limits: ValueLimits,
): Promise<(Value | undefined)[]> {
  const values = new Array<Value | undefined>(keys.length).fill(undefined);
  let left = keys.map((_, index) => index);
  for (let tries = 0; left.length > 0; tries++) {
    const sized = await sizesOf(
      node,
      database,
      left.map((index) => keys[index]!),
    );
    const again: number[] = [];
    for (const group of groupsOf(sized, limits)) {
      const read = group.filter(({ type, bytes }) => VALUE_COMMANDS[type] && bytes <= limits.valueBytes);
      const replies = await askEach(
        node,
        database,
        read.map(({ key, type }) => VALUE_COMMANDS[type]!.command(key)),
      );
      const replyOf = new Map(read.map((one, at) => [one, replies[at]]));
      for (const one of group) {
        const index = left[one.at]!;
        const reply = replyOf.get(one);
        if (reply instanceof Error) {
          if (/^WRONGTYPE/.test(reply.message) && tries < MOST_TRIES) again.push(index);
          else if (!isElsewhere(reply)) throw reply;
        } else values[index] = valueFrom(one, reply, limits);
      }
    }
    left = again;
  }
  return values;
}

function valueFrom({ type, bytes }: SizedKey, reply: unknown, limits: ValueLimits): Value {
  if (type === 'none') return { type };
  if (bytes > limits.valueBytes) return { type: 'other', name: `${type} of ${bytes} bytes` };
  return VALUE_COMMANDS[type]?.value(reply) ?? { type: 'other', name: type };
}

/** Keys of other shards are left out. */
async function sizesOf(
  node: ValueNode,
  database: number,
  keys: readonly Buffer[],
): Promise<(SizedKey | undefined)[]> {
  const replies = await askEach(
    node,
    database,
    keys.flatMap((key) => [
      ['TYPE', key],
      ['MEMORY', 'USAGE', key],
    ]),
  );
  return keys.map((key, index) => {
    const [type, bytes] = replies.slice(2 * index, 2 * index + 2);
    for (const reply of [type, bytes]) if (reply instanceof Error && !isElsewhere(reply)) throw reply;
    if (type instanceof Error || bytes instanceof Error) return undefined;
    return { at: index, key, type: String(type), bytes: Number(bytes ?? 0) };
  });
}

function* groupsOf(sized: readonly (SizedKey | undefined)[], limits: ValueLimits): Generator<SizedKey[]> {
  let group: SizedKey[] = [];
  let bytes = 0;
  for (const one of sized) {
    if (!one) continue;
    const own = one.bytes > limits.valueBytes ? 0 : one.bytes;
    if (group.length > 0 && bytes + own > limits.togetherBytes) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(one);
    bytes += own;
  }
  if (group.length > 0) yield group;
}

async function askEach(
  { client, asks }: ValueNode,
  database: number,
  commands: readonly (readonly (string | Buffer)[])[],
): Promise<unknown[]> {
  if (commands.length === 0) return [];
  const sent = asks ? commands.flatMap((command) => [['ASKING'], command]) : commands;
  // The connection may have another database selected since the last time.
  const replies = await client.ask(asks ? sent : [['SELECT', String(database)], ...sent], LIMIT_MS);
  return asks ? replies.filter((_, index) => index % 2 === 1) : replies.slice(1);
}

const isElsewhere = ({ message }: Error): boolean => /^(MOVED|ASK|CLUSTERDOWN) /.test(message);
