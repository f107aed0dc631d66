// The source `replication`: every change of a cache of Millpond, from the replication streams of its shards.

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { WrittenKeys } from '../engine-format/commands/written-keys.ts';
import type { FollowedShard } from '../feeds.ts';
import type { Source, SourceBatch } from '../source.ts';
import { openFeedDatabase } from './feed-database.ts';
import { Handover } from './handover.ts';
import type { Position, ReadPosition } from './position.ts';
import { Resharding } from './resharding.ts';
import { Shadow } from './shadow.ts';
import { type FeedParts, ShardFeed } from './shard-feed.ts';
import { addValues } from './value-reader.ts';

export interface ReplicationOptions {
  /** The id of the cache, for changes. */
  cache: string;
  /** The feed's own: positions, spool and shadow. Created. */
  directory: string;
  /** What a full resynchronization delivers. */
  resync: 'diff' | 'upserts';
  /** Whether a new feed begins with what the cache contains, or with what changes from now on. */
  start: 'now' | 'all';
  value: 'after' | 'none';
  /** What is known of the cache; `setNodes` tells the rest. */
  shards: readonly FollowedShard[];
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  limits?: Partial<ReplicationLimits>;
}

export interface ReplicationLimits {
  /** Of a batch. */
  changes: number;
  bytes: number;
  /** On disk, of each shard: the node is not read while its spool has more. */
  spoolBytes: number;
  /** Larger values are not read. */
  valueBytes: number;
}

const DEFAULT_LIMITS: ReplicationLimits = {
  changes: 1_000,
  bytes: 1024 * 1024,
  spoolBytes: 4 * 1024 ** 3,
  valueBytes: 4 * 1024 ** 2,
};
const VALUES_TOGETHER_BYTES = 16 * 1024 ** 2;
const SAVE_AFTER_MS = 50;
const DRAIN_LIMIT_MS = 10_000;

/** A source that follows the nodes that it is told of. */
export interface ReplicationSource extends Source {
  /** Resolves once no later change can be missed. Never rejects. */
  readonly ready: Promise<void>;
  /** The nodes of the cache, whenever they change. */
  setNodes(shards: readonly FollowedShard[]): void;
  /** Nothing follows this node when it returns, and nothing will until `setNodes` shows it. */
  leave(nodeId: string): void;
  /** Slots begin to move, or have moved. Rejects with an OperationalError when that cannot be noted. */
  slotsMove(is: 'beginning' | 'done'): Promise<void>;
  /** Everything of the shard is in its spool when it resolves; rejects with an OperationalError after the limit. */
  drain(shardId: string, limitMs?: number): Promise<void>;
}

/** Opens the source; it begins to receive at once. Throws an OperationalError when its directory cannot be used. */
export function createReplicationSource(options: ReplicationOptions): ReplicationSource {
  const { cache, value, log, directory } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const database = openFeedDatabase(directory);
  const queue = new Handover<SourceBatch>();
  const shards = new Map<string, ShardFeed>();
  const ready = Promise.withResolvers<void>();
  const resharding = new Resharding(database, () => [...shards.values()]);
  // Upserts need nothing to be compared with.
  const shadow = options.resync === 'diff' ? new Shadow(database) : undefined;
  let saving: NodeJS.Timeout | undefined;
  let isClosed = false;

  const parts: FeedParts = {
    ...{ cache, value, database, resharding, limits, log, shadow },
    start: options.start,
    written: new WrittenKeys(),
    addValues: (shard, drafts) =>
      addValues(
        drafts,
        shard,
        [...shards.values()].filter((other) => other !== shard),
        resharding.eras.latest!.hasMoves,
        { valueBytes: limits.valueBytes, togetherBytes: VALUES_TOGETHER_BYTES },
      ),
    put: (batch) => queue.put(batch),
    onAcknowledged: () => {
      if (!isClosed) saving ??= setTimeout(save, SAVE_AFTER_MS);
    },
    onFailure: (error) => queue.end({ error }),
  };

  function save(): void {
    saving = undefined;
    try {
      database.transaction(() => {
        for (const shard of shards.values()) shard.save();
        resharding.forgetBefore((id) => shards.get(id)?.acknowledged);
        shadow?.forgetBefore(
          new Map([...shards].map(([id, shard]) => [id, wholeBefore(shard.acknowledged)])),
        );
      });
      for (const shard of shards.values()) shard.trim();
      removeOver();
    } catch (error) {
      queue.end({ error });
    }
  }

  /** Shards that are gone, and whose changes were all acknowledged. */
  function removeOver(): void {
    for (const [id, shard] of shards) {
      if (!shard.isOver) continue;
      shards.delete(id);
      database.forgetShard(id);
      void shard.close().then(() => rmSync(spoolOf(id), { recursive: true, force: true }));
    }
  }

  const spoolOf = (shardId: string) => join(directory, 'spool', shardId);

  function setNodes(next: readonly FollowedShard[]): void {
    if (isClosed || (next.length === 0 && shards.size === 0)) return;
    resharding.addShards(Object.fromEntries(next.map(({ id, slots }) => [id, slots])));
    for (const shard of next) {
      const known = shards.get(shard.id);
      if (known) known.setShard(shard);
      else shards.set(shard.id, new ShardFeed(shard, spoolOf(shard.id), parts));
    }
    // A shard that went away while the feed was not there has changes that were not delivered.
    for (const id of database.shardIds()) {
      if (!shards.has(id)) shards.set(id, new ShardFeed({ id, slots: [], nodes: [] }, spoolOf(id), parts));
    }
    for (const [id, shard] of shards) if (!next.some((one) => one.id === id)) shard.stopFollowing();
    void Promise.all([...shards.values()].map(({ followed }) => followed)).then(() => ready.resolve());
  }

  setNodes(options.shards);
  return {
    promise:
      'Every change, in order for each key, at least once, with a sequence that makes it idempotent: through failovers, resharding, restarts and full resynchronizations.',
    ready: ready.promise,
    async *batches() {
      for (let batch = await queue.take(); batch; batch = await queue.take()) yield batch;
    },
    lag() {
      const lags = [...shards.values()].map((shard) => shard.lag());
      const oldest = Math.min(...lags.flatMap(({ oldestAt }) => oldestAt ?? []));
      return {
        changes: lags.reduce((sum, { changes }) => sum + changes, 0),
        bytes: lags.reduce((sum, { bytes }) => sum + bytes, 0),
        ...(Number.isFinite(oldest) && { oldestAt: oldest }),
        states: lags.flatMap(({ states }) => states),
      };
    },
    setNodes,
    leave(nodeId) {
      for (const shard of shards.values()) shard.leave(nodeId);
    },
    slotsMove: (is) => resharding.slotsMove(is),
    drain: async (shardId, limitMs = DRAIN_LIMIT_MS) => shards.get(shardId)?.drain(limitMs),
    async close() {
      if (isClosed) return;
      isClosed = true;
      clearTimeout(saving);
      queue.end();
      ready.resolve();
      await Promise.all([...shards.values()].map((shard) => shard.close()));
      save();
      database.close();
    },
  };
}

/** The last place of which everything was acknowledged. */
const wholeBefore = ({ generation, offset, isPastDump }: ReadPosition): Position => ({
  generation,
  offset: isPastDump ? offset : offset - 1,
});
