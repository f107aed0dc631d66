// A feed in its process: its source, its sinks, and the delivery from one to the others, built from the feed's
// configuration.

import type { Log } from '../kernel/log.ts';
import type { FollowedShard } from './feeds.ts';
import type { Hello, Request, StatusMessage } from './messages.ts';
import type { AwsCalls } from './sink.ts';
import { createStandInDelivery, createStandInSource } from './stand-ins.ts';

/** A running feed. */
export interface FeedRun {
  /** Resolves once it reads its source. Rejects with an OperationalError that says why it cannot. */
  started: Promise<void>;
  setNodes(shards: readonly FollowedShard[]): void;
  /** Rejects with an OperationalError. */
  handle(request: Request): Promise<void>;
  status(): StatusMessage;
}

/** What a feed works with. */
export interface FeedSurroundings {
  aws: AwsCalls;
  log: Log;
  /** Called when the feed cannot go on. */
  failed(error: unknown): void;
}

/** Starts at once. */
export function startFeed({ feed, nodes }: Hello, { failed }: FeedSurroundings): FeedRun {
  const { configuration } = feed;
  const source = createStandInSource();
  if (nodes) source.setNodes(nodes);
  const delivery = createStandInDelivery(source, configuration.mappings);
  delivery.run().catch(failed);
  return {
    started: Promise.resolve(),
    setNodes: (shards) => source.setNodes(shards),
    async handle(request) {
      switch (request.do) {
        case 'leave':
          return await source.leave(request.nodeId);
        case 'slots-move':
          return await source.slotsMove(request.is);
        case 'drain':
          return await source.drain(request.shardId);
        case 'stop':
          await delivery.close();
          await source.close();
      }
    },
    status() {
      const { changes, oldestAt, states } = source.lag();
      return {
        state: 'running',
        details: [...states],
        lagChanges: changes,
        lagSeconds: oldestAt === undefined ? 0 : Math.max(0, Date.now() - oldestAt) / 1000,
        ...delivery.counts(),
      };
    },
  };
}
