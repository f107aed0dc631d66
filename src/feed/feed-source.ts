// The source of a feed, as its configuration says, and what Millpond tells it.

import type { Log } from '../kernel/log.ts';
import type { Server, SourceConfiguration } from './configuration/configuration.ts';
import type { FollowedShard } from './feeds.ts';
import { createKeyspaceSource } from './keyspace/keyspace-source.ts';
import type { Hello } from './messages.ts';
import { type ReadServer, readServer, serverOfNodes } from './redis/redis-server.ts';
import { createReplicationSource } from './replication/replication-source.ts';
import type { Source } from './source.ts';
import { createStreamSource } from './stream/stream-source.ts';

/** A source that learns of the nodes of its cache. The methods without a comment are as in `Feeds`. */
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
  if (source.kind !== 'replication') return openClient(source, value, nodes, log);
  const { cache, resync } = source;
  return createReplicationSource({
    cache,
    resync,
    value,
    directory,
    shards: nodes,
    start: source.start ?? 'now',
    log,
  });
}

/** A source that reads as clients do: the end of an engine waits for none, and they find slots that moved by themselves. */
function openClient(
  source: Exclude<SourceConfiguration, { kind: 'replication' }>,
  value: 'after' | 'none',
  nodes: readonly FollowedShard[],
  log: Log,
): FeedSource {
  let shards = nodes;
  const options = {
    server: async () => serverNow(source.server, shards),
    cache: nameOf(source.server),
    log,
  };
  const follows = {
    setNodes: (next: readonly FollowedShard[]) => void (shards = next),
    leave() {},
    slotsMove: async () => {},
    drain: async () => {},
  };
  // A group begins with what is added after it, so a stream is not ready before its group is there.
  return source.kind === 'stream'
    ? { ...createStreamSource({ ...options, source }), ...follows }
    : { ...createKeyspaceSource({ ...options, source, value }), ...follows };
}

const serverNow = (server: Server, shards: readonly FollowedShard[]): ReadServer =>
  'cache' in server ? serverOfNodes(shards) : readServer({ urls: [server.url], isCluster: server.isCluster });

/** What changes call their cache. */
const nameOf = (server: Server): string =>
  'cache' in server ? server.cache : (URL.parse(server.url)?.hostname ?? 'redis');
