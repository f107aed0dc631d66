// What every operation of S3 is given: records, bytes, and the transaction that keeps the two together. Built once, by
// storage.ts.

import type { Buckets } from './buckets.ts';
import type { Contents } from './contents.ts';
import type { Segment } from './domain/records.ts';
import type { Objects } from './objects.ts';
import type { Uploads } from './uploads.ts';

export interface S3 {
  readonly buckets: Buckets;
  readonly objects: Objects;
  readonly uploads: Uploads;
  readonly contents: Contents;
  /** AWS: the time of an object, whole seconds. In milliseconds. */
  now(): number;
  /** Runs `work` in a transaction. What it hands to `discard` is deleted with it: files once it is committed. */
  change<T>(work: (discard: Discard) => T): T;
  /** As `change`, together with what others change at this moment. The work is done a little later. */
  changeSoon<T>(work: (discard: Discard) => T): Promise<T>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export type Discard = (segments: readonly Segment[]) => void;
