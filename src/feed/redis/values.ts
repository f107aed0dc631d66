// Reads the values of keys, in three round trips for each node: their types and sizes, then what is not too large.
// Follows MOVED and ASK.

import type { Value } from '../change.ts';
import { slotOfKey } from '../key-slot.ts';
import { VALUE_COMMANDS, type ValueCommand } from '../value-commands.ts';
import { ReplyError, type Word } from './node-connection.ts';

/** Larger values are reported as such, and not read: no sink takes them. */
const MOST_VALUE_BYTES = 8 * 1024 * 1024;
/** Values that are read at the same time, unless a single one is larger. */
const MOST_BYTES_AT_ONCE = 32 * 1024 * 1024;
/** A key may move on while it is read. */
const MOST_ROUNDS = 5;

/** The nodes of a server, by names of the caller's. */
export interface NodesOfKeys {
  /** The owner of a slot; `undefined` when nobody is known to own it. */
  ownerOf(slot: number): string | undefined;
  /** The node at an address, `host:port`, that the node `from` named in MOVED or ASK. */
  at(address: string, from: string): string;
  /** Replies in order, with a ReplyError in the place of an error reply. Rejects when the node is away. */
  callAll(node: string, commands: readonly (readonly Word[])[]): Promise<unknown[]>;
}

/** Why a value is not known now: its node is away, its slot has no owner, it moved all the time, or it may not be read. */
export class Unread extends Error {
  override readonly name = 'Unread';
}

/** The values in the order of the keys. Never rejects. */
export async function readValues(keys: readonly Buffer[], nodes: NodesOfKeys): Promise<(Value | Unread)[]> {
  const asks = keys.flatMap((key) => [
    { key, command: ['TYPE', key] },
    { key, command: ['MEMORY', 'USAGE', key] },
  ]);
  const replies = await askAll(asks, nodes);
  const values: (Value | Unread)[] = [];
  const readable: { index: number; key: Buffer; reader: ValueCommand; bytes: number }[] = [];
  for (const [index, key] of keys.entries()) {
    const [type, size] = [replies[2 * index], replies[2 * index + 1]];
    const failure = [type, size].find((reply) => reply instanceof Unread);
    const reader = VALUE_COMMANDS[String(type)];
    const bytes = Number(size ?? 0);
    values[index] =
      failure ?? (String(type) === 'none' ? { type: 'none' } : { type: 'other', name: String(type) });
    if (!failure && reader && bytes <= MOST_VALUE_BYTES) readable.push({ index, key, reader, bytes });
  }
  for (let from = 0; from < readable.length; ) {
    let [to, bytes] = [from, 0];
    do bytes += readable[to++]!.bytes;
    while (to < readable.length && bytes + readable[to]!.bytes <= MOST_BYTES_AT_ONCE);
    const group = readable.slice(from, to);
    const read = await askAll(
      group.map(({ key, reader }) => ({ key, command: reader.command(key) })),
      nodes,
    );
    for (const [position, { index, reader }] of group.entries())
      values[index] = valueFrom(read[position], reader);
    from = to;
  }
  return values;
}

const valueFrom = (reply: unknown, reader: ValueCommand): Value | Unread =>
  reply instanceof Unread ? reply : reader.value(reply);

interface Ask {
  key: Buffer;
  command: readonly Word[];
}

interface Placed extends Ask {
  index: number;
  node: string | undefined;
  isAsking: boolean;
}

/** The replies in the order of the questions; an Unread where there is none. */
async function askAll(asks: readonly Ask[], nodes: NodesOfKeys): Promise<unknown[]> {
  const replies: unknown[] = [];
  let left: Placed[] = asks.map((ask, index) => ({
    ...{ ...ask, index, isAsking: false },
    node: nodes.ownerOf(slotOfKey(ask.key)),
  }));
  for (let round = 0; round < MOST_ROUNDS && left.length > 0; round++) {
    const groups = [...Map.groupBy(left, ({ node }) => node)];
    const redirected = await Promise.all(groups.map(([node, group]) => askNode(node, group, nodes, replies)));
    left = redirected.flat();
  }
  for (const { index } of left) replies[index] = new Unread('it moved on while it was read');
  return replies;
}

/** Stores the replies of one node, and returns what it sends elsewhere. */
async function askNode(
  node: string | undefined,
  group: readonly Placed[],
  nodes: NodesOfKeys,
  replies: unknown[],
): Promise<Placed[]> {
  const failed = (reason: string) => {
    for (const { index } of group) replies[index] = new Unread(reason);
    return [];
  };
  if (node === undefined) return failed('no node owns its slot');
  let answers: unknown[];
  try {
    answers = await nodes.callAll(
      node,
      group.flatMap(({ command, isAsking }) => (isAsking ? [['ASKING'], command] : [command])),
    );
  } catch (error) {
    return failed((error as Error).message);
  }
  let position = 0;
  return group.flatMap((one) => {
    if (one.isAsking) position++;
    const answer = answers[position++];
    if (!(answer instanceof ReplyError)) {
      replies[one.index] = answer;
      return [];
    }
    // `MOVED 7 127.0.0.1:6379`
    const [, , address] = answer.message.split(' ');
    const isAsking = answer.code === 'ASK';
    if (address && (isAsking || answer.code === 'MOVED')) {
      return [{ ...one, isAsking, node: nodes.at(address, node) }];
    }
    replies[one.index] = new Unread(answer.message);
    return [];
  });
}
