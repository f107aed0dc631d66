// The contract of a source: where changes come from. There is a folder for each: replication/, stream/, keyspace/.

import type { Change } from './change.ts';

/** A source of changes. */
export interface Source {
  /** What it promises, for people: a sentence. */
  readonly promise: string;
  /**
   * The changes, from those that were not acknowledged on. Called once. For each key the changes come in order; batches
   * are never empty. The next batch is read only when it is asked for, so a slow reader slows the source and nothing else.
   * Ends after `close`. Failures that may pass are retried inside; it rejects with an OperationalError otherwise.
   */
  batches(): AsyncIterable<SourceBatch>;
  /** What is known of changes that have not been read, for `feed status`. */
  lag(): SourceLag;
  /** Stops reading. What was not acknowledged comes again at the next start. Never rejects. */
  close(): Promise<void>;
}

/** Changes that are read together. */
export interface SourceBatch {
  changes: readonly Change[];
  /**
   * All of them were delivered, or given up. Batches may be acknowledged in any order; the position moves over those
   * without a gap, and is on disk soon after.
   */
  acknowledge(): void;
}

/** How far a source is behind. */
export interface SourceLag {
  /** Changes that were received and not acknowledged, as far as they are counted. */
  changes: number;
  /** Bytes that were received and not acknowledged. */
  bytes: number;
  /** When the oldest of them was received: milliseconds since the epoch. Absent when there is none. */
  oldestAt?: number;
  /** For people: what it does or waits for, e.g. `follows shop-002`, `waits for shop-003 to catch up`. One for each shard. */
  states: readonly string[];
}
