// The source of a feed, as its configuration says, and what Millpond tells it.

import type { Log } from '../kernel/log.ts';
import type { FollowedShard } from './feeds.ts';
import type { Hello } from './messages.ts';
import type { Source } from './source.ts';
import { createStandInSource } from './stand-ins.ts';

/** A source that learns of the nodes of its cache. */
export interface FeedSource extends Source {
  /** Resolves once no later change can be missed. */
  ready: Promise<void>;
  setNodes(shards: readonly FollowedShard[]): void;
  leave(nodeId: string): void | Promise<void>;
  slotsMove(is: 'beginning' | 'done'): Promise<void>;
  drain(shardId: string): Promise<void>;
}

/** Throws InvalidOption when it cannot be opened. */
export function openSource({ nodes = [] }: Hello, _log: Log): FeedSource {
  const source = createStandInSource();
  source.setNodes(nodes);
  return { ...source, ready: Promise.resolve() };
}
