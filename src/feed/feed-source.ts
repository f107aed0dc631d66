// The source of a feed, as its configuration says, and what Millpond tells it.

import type { Log } from '../kernel/log.ts';
import type { Server } from './configuration/configuration.ts';
import type { FollowedShard } from './feeds.ts';
import { createKeyspaceSource } from './keyspace/keyspace-source.ts';
import type { Hello } from './messages.ts';
import { type ReadServer, readServer, serverOfNodes } from './redis/redis-server.ts';
import { createReplicationSource } from './replication/replication-source.ts';
import type { Source } from './source.ts';
import { createStreamSource } from './stream/stream-source.ts';

/** A source that learns of the nodes of its cache. */
export interface FeedSource extends Source {
  /** Resolves once no later change can be missed. */
  readonly ready: Promise<void>;
  setNodes(shards: readonly FollowedShard[]): void;
  leave(nodeId: string): void | Promise<void>;
  slotsMove(is: 'beginning' | 'done'): Promise<void>;
  drain(shardId: string): Promise<void>;
}

/** Throws an OperationalError when it cannot be opened. */
export function openSource({ feed, directory, nodes = [] }: Hello, log: Log): FeedSource {
  const { source, value } = feed.configuration;
  if (source.kind === 'replication') {
    const { cache, resync } = source;
    return createReplicationSource({ cache, resync, value, directory, shards: nodes, start: 'now', log });
  }
  let shards = nodes;
  const { server } = source;
  const options = { server: async () => serverNow(server, shards), cache: nameOf(server), log };
  const opened =
    source.kind === 'stream'
      ? createStreamSource({ ...options, source })
      : createKeyspaceSource({ ...options, source, value });
  return {
    ...opened,
    setNodes: (changed) => {
      shards = changed;
    },
    // Clients of an engine are nothing that its end waits for, and they find slots that moved by themselves.
    leave() {},
    async slotsMove() {},
    async drain() {},
  };
}

const serverNow = (server: Server, shards: readonly FollowedShard[]): ReadServer =>
  'cache' in server ? serverOfNodes(shards) : readServer({ urls: [server.url], isCluster: server.isCluster });

/** What changes call their cache. */
const nameOf = (server: Server): string =>
  'cache' in server ? server.cache : (URL.parse(server.url)?.hostname ?? 'redis');
