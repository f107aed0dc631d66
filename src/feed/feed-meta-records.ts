// Where the hashes of mappings are read from that a cache has when its feed starts: a node of each shard.

import type { SourceConfiguration } from './configuration/configuration.ts';
import { type Ask, type MetaRecord, readMetaRecords } from './delivery/meta-records.ts';
import type { FollowedNode, FollowedShard } from './feeds.ts';
import { connectNode } from './redis/node-connection.ts';
import { readServer } from './redis/redis-server.ts';
import { findPrimaries } from './redis/topology.ts';
import { NodeClient } from './replication/node-client.ts';

const ANSWER_MS = 5_000;

/** A node that is asked, and then left. */
interface AskedNode {
  ask: Ask;
  close(): void;
}

/** Reads them, from the nodes that Millpond knows or the server that the source names. Rejects with the signal's reason. */
export async function metaRecordsOf(
  source: SourceConfiguration,
  shardsNow: () => readonly FollowedShard[],
  signal: AbortSignal,
): Promise<readonly MetaRecord[]> {
  let asked: readonly AskedNode[] = [];
  const leave = () => {
    for (const node of asked) node.close();
  };
  try {
    return await readMetaRecords(async () => {
      leave();
      asked = [];
      asked =
        'server' in source && 'url' in source.server
          ? await serverNodes(source.server.url, source.server.isCluster)
          : shardNodes(shardsNow());
      return asked.map(({ ask }) => ask);
    }, signal);
  } finally {
    leave();
  }
}

/** A node of each shard; none while a shard has none that serves. A replica spares the primary. */
function shardNodes(shards: readonly FollowedShard[]): AskedNode[] {
  const nodes = shards.map(({ nodes }) => {
    const serving = nodes.filter(({ isServing }) => isServing);
    return serving.find(({ role }) => role === 'replica') ?? serving[0];
  });
  return nodes.includes(undefined) ? [] : (nodes as FollowedNode[]).map(askedNode);
}

function askedNode(node: FollowedNode): AskedNode {
  const client = new NodeClient(node);
  return { ask: (commands) => client.ask(commands, ANSWER_MS), close: () => client.close() };
}

async function serverNodes(url: string, isCluster: boolean): Promise<AskedNode[]> {
  const server = readServer({ urls: [url], isCluster });
  const primaries = await findPrimaries(server, []);
  const connections = await Promise.allSettled(primaries.map(({ node }) => connectNode(node, server.access)));
  const open = connections.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (open.length < connections.length) {
    for (const connection of open) connection.close();
    return [];
  }
  return open.map((connection) => ({
    ask: (commands) => connection.callAll(commands, ANSWER_MS),
    close: () => connection.close(),
  }));
}
