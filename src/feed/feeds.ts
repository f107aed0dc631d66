// The contract between ElastiCache, which has the records of feeds and knows the nodes, and the processes that carry
// changes from caches to sinks: one for each feed (program.ts).

import type { FeedConfiguration } from './configuration/configuration.ts';

/** Runs feeds. */
export interface Feeds {
  /**
   * Runs the feed like this; an earlier configuration of it is replaced, and the positions are kept. Resolves once its
   * process reads its source; rejects with an OperationalError that says why it cannot. A process that dies is started
   * again, and takes up where it was.
   */
  set(feed: Feed): Promise<void>;
  /** Ends the feed and deletes its positions, its spool and its shadow. */
  remove(id: string): Promise<void>;
  /** `undefined` when it does not run. */
  status(id: string): FeedStatus | undefined;
  /**
   * The nodes of a cache, whenever they change: addresses, roles, or whether they serve. `cache` is `cacheKey` of its
   * scope and id, here and below.
   */
  setNodes(cache: string, shards: readonly FollowedShard[]): void;
  /**
   * Nothing follows this node when it resolves with true, and nothing will until `setNodes` shows it. Called before a
   * node is stopped or promoted. Never rejects. Resolves with false after 200 ms, when a feed may still follow it.
   */
  leave(cache: string, nodeId: string): Promise<boolean>;
  /**
   * Slots of the cache begin to move, or have moved. Resolves when every feed of the cache has noted it, and follows the
   * shards of the last `setNodes`. Rejects with an OperationalError when one cannot; the slots must not move then.
   */
  slotsMove(cache: string, is: 'beginning' | 'done'): Promise<void>;
  /** Everything of the shard that feeds have to read is in their spools when it resolves, or after a time limit. */
  drain(cache: string, shardId: string): Promise<void>;
  /** Ends all processes. Positions stay. */
  stop(): Promise<void>;
}

/** The key of a cache: `us-east-1/000000000000/shop`. */
export const cacheKey = ({ region, accountId }: Feed['scope'], cacheId: string): string =>
  `${region}/${accountId}/${cacheId}`;

/** A feed to run. */
export interface Feed {
  /** Unique and safe as a file name. */
  id: string;
  /** The account and region of the calls of its sinks. */
  scope: { accountId: string; region: string };
  configuration: FeedConfiguration;
}

/** A shard of a followed cache, with what a feed needs to follow and to read it. */
export interface FollowedShard {
  id: string;
  /** Inclusive ranges; one for all slots without cluster mode. */
  slots: readonly (readonly [first: number, last: number])[];
  nodes: readonly FollowedNode[];
}

/** A node of a shard. */
export interface FollowedNode {
  id: string;
  role: 'primary' | 'replica';
  /** It runs and answers. A replica that does not is no candidate for a promotion, and holds no change back. */
  isServing: boolean;
  /** Millpond's own socket to it, and how to authenticate there. */
  socket: string;
  username: string;
  password: string;
  /** The names by which this engine knows renamed commands, e.g. `psync`. */
  commandNames: Readonly<Record<string, string>>;
}

/** What a feed has done and where it is. */
export interface FeedStatus {
  state: 'starting' | 'running' | 'failing';
  /** For people: why it fails, or what it does. */
  details: readonly string[];
  lagChanges: number;
  /** The age of the oldest change that was not delivered; 0 when there is none. */
  lagSeconds: number;
  /** Since the feed was created. */
  read: number;
  delivered: number;
  retried: number;
  /** Given up, and sent to where dead letters go. */
  dead: number;
  /** The same of each mapping; messages, where a change is one for each mapping that takes it. */
  mappings: readonly { name: string; delivered: number; retried: number; dead: number }[];
  pid?: number;
}
