// The context that every operation receives: records, bytes, and the transaction that keeps the two consistent.
// `openStorage` builds it once.

import type { Buckets } from './buckets.ts';
import type { Contents } from './contents.ts';
import type { Segment } from './domain/records.ts';
import type { Objects } from './objects.ts';
import type { Uploads } from './uploads.ts';

/** The context of S3's operations. */
export interface S3 {
  readonly buckets: Buckets;
  readonly objects: Objects;
  readonly uploads: Uploads;
  readonly contents: Contents;
  /** The current time in milliseconds, rounded down. AWS: object times are whole seconds. */
  now(): number;
  /**
   * Runs `work` in a transaction. Segments that it passes to `discard` are deleted: rows at once, files after the
   * commit.
   */
  change<T>(work: (discard: Discard) => T): T;
  /** As `change`, but later, in one commit with other changes that are requested at about the same time. */
  changeSoon<T>(work: (discard: Discard) => T): Promise<T>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Marks the bytes of segments for deletion. */
export type Discard = (segments: readonly Segment[]) => void;
