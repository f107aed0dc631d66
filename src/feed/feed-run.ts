// A feed in its process: its source, its sinks, and the delivery from one to the others, built from the feed's
// configuration.

import type { Log } from '../kernel/log.ts';
import { createDelivery, type Delivery } from './delivery/delivery.ts';
import { type FeedCounts, openCounts } from './feed-counts.ts';
import { metaRecordsOf } from './feed-meta-records.ts';
import { openSource } from './feed-source.ts';
import type { FollowedShard } from './feeds.ts';
import type { Hello, Request, StatusMessage } from './messages.ts';
import type { AwsCalls } from './sink.ts';
import { createSink } from './sinks/create-sink.ts';

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

const WAITS_FOR_NODES = 'waits for the nodes of its cache';
/** How often the counts are saved. */
const SAVE_MS = 500;

/** Starts at once. Throws InvalidOption when the configuration cannot be used. */
export function startFeed(hello: Hello, { aws, log, failed }: FeedSurroundings): FeedRun {
  const { configuration } = hello.feed;
  const source = openSource(hello, log);
  let shards = hello.nodes ?? [];
  const delivery = createDelivery({
    ...{ source, configuration, calls: aws, log },
    sinkOf: (mapping) => createSink(mapping, aws),
    metaRecords: (signal) => metaRecordsOf(configuration.source, () => shards, signal),
  });
  const counts = openCounts(hello.directory);
  const saving = setInterval(() => counts.save(countsOf(delivery)), SAVE_MS);
  const started = Promise.withResolvers<void>();
  started.promise.catch(() => {});
  let isStarted = false;
  source.ready.then(() => (isStarted = true)).then(() => started.resolve(), started.reject);
  delivery.run().catch((error: unknown) => {
    started.reject(error);
    failed(error);
  });

  return {
    started: started.promise,
    setNodes(next) {
      shards = next;
      source.setNodes(next);
    },
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
          clearInterval(saving);
          counts.save(countsOf(delivery));
      }
    },
    status() {
      const lag = source.lag();
      const own = delivery.counts();
      const oldestAt = Math.min(
        lag.oldestAt ?? Number.POSITIVE_INFINITY,
        own.oldestAt ?? Number.POSITIVE_INFINITY,
      );
      return {
        state: own.failing.length > 0 ? 'failing' : isStarted ? 'running' : 'starting',
        details: [...own.failing, ...(lag.states.length > 0 ? lag.states : [WAITS_FOR_NODES])],
        lagChanges: Math.max(lag.changes, own.inFlight),
        lagSeconds: Number.isFinite(oldestAt) ? Math.max(0, Date.now() - oldestAt) / 1000 : 0,
        ...counts.with(countsOf(delivery)),
      };
    },
  };
}

function countsOf(delivery: Delivery): FeedCounts {
  const { read, delivered, retried, dead, mappings } = delivery.counts();
  return { read, delivered, retried, dead, mappings };
}
