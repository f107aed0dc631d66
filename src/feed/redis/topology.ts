// The primaries of a Redis: of a cluster those that CLUSTER NODES lists, otherwise the server itself.

import { OperationalError } from '../../kernel/errors.ts';
import { SLOTS } from '../key-slot.ts';
import { connectNode, type NodeConnection } from './node-connection.ts';
import { nodeName, type Primary, type ReadServer, type RedisNode } from './redis-server.ts';

const ALL_SLOTS = [[0, SLOTS - 1]] as const;

/**
 * Asks the nodes that were known last, then those of the URLs, until one answers. Rejects with the OperationalError of
 * the last when none does.
 */
export async function findPrimaries(
  server: ReadServer,
  known: readonly Primary[],
): Promise<readonly Primary[]> {
  if (server.primaries) {
    if (server.primaries.length > 0) return server.primaries;
    throw new OperationalError('NotRunning', 'No primary of the cache serves now.');
  }
  if (!server.isCluster) return [{ node: server.nodes[0]!, slots: ALL_SLOTS }];
  const candidates = new Map(
    [...known.map(({ node }) => node), ...server.nodes].map((node) => [nodeName(node), node]),
  );
  let failure: unknown;
  for (const node of candidates.values()) {
    let connection: NodeConnection | undefined;
    try {
      connection = await connectNode(node, server.access);
      return await primariesSeenBy(connection);
    } catch (error) {
      failure = error;
    } finally {
      connection?.close();
    }
  }
  throw failure;
}

/** The primaries as this node sees them. Rejects as `call` does. */
export async function primariesSeenBy(connection: NodeConnection): Promise<Primary[]> {
  return parsePrimaries(String(await connection.call(['CLUSTER', 'NODES'])), connection.node);
}

/** The primary of a slot. */
export const ownerOf = (primaries: readonly Primary[], slot: number): Primary | undefined =>
  primaries.find(({ slots }) => slots.some(([first, last]) => slot >= first && slot <= last));

/** Members that cannot be reached as primaries; `fail?` is only a suspicion. */
const ABSENT = ['fail', 'handshake', 'noaddr'];

/**
 * Parses the reply of CLUSTER NODES, one line a node:
 * `<id> <ip:port@cport[,hostname…]> <flags> <primary> <ping> <pong> <epoch> <link> <slot>…`.
 * A node that does not know its own address is where it was asked.
 */
export function parsePrimaries(text: string, asked: RedisNode): Primary[] {
  return text.split('\n').flatMap((line) => {
    const [, endpoint = '', flagList = '', , , , , , ...slots] = line.trim().split(' ');
    const flags = flagList.split(',');
    if (!flags.includes('master') || flags.some((flag) => ABSENT.includes(flag))) return [];
    const [where = '', hostname] = endpoint.split(',');
    const [, host, port] = /^(.*):(\d+)(?:@\d+)?$/.exec(where) ?? [];
    if (!port) return [];
    const node: RedisNode = { host: host || asked.host, port: Number(port) };
    // The certificates of a cluster are made out to its names.
    node.certificateName = hostname || (asked.certificateName ?? asked.host);
    return [{ node, slots: slots.flatMap(parseRange) }];
  });
}

/** `0-99` or `7`. Slots that move, `[7->-id]`, are among those of their owner already. */
function parseRange(text: string): (readonly [number, number])[] {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? [];
  return first === undefined ? [] : [[Number(first), Number(last)]];
}
