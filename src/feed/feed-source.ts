// The source of a feed, as its configuration says, and what Millpond tells it.

import { OperationalError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import type { FollowedShard } from './feeds.ts';
import type { Hello } from './messages.ts';
import { createReplicationSource } from './replication/replication-source.ts';
import type { Source } from './source.ts';

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
  if (source.kind !== 'replication') {
    throw new OperationalError('InvalidOption', `Feeds do not read the source ${source.kind} yet.`);
  }
  const { cache, resync } = source;
  return createReplicationSource({ cache, resync, value, directory, shards: nodes, start: 'now', log });
}
