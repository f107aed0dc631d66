// What every operation of S3 works on: records, bytes, and the transaction that keeps the two together.

import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { GroupCommit } from '../../store/group-commit.ts';
import type { Store } from '../../store/store.ts';
import { Blobs } from './blobs.ts';
import { type Buckets, openBuckets } from './buckets.ts';
import { Contents } from './contents.ts';
import type { Segment } from './domain/records.ts';
import { type Objects, openObjects } from './objects.ts';
import { deleteParts } from './parts.ts';
import { openSmallContents } from './small-contents.ts';
import { openUploads, type Uploads } from './uploads.ts';

export interface Storage {
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

export interface StorageOptions {
  store: Store;
  clock: Clock;
  log: Log;
  /** Where the bytes of objects lie; nobody else's. */
  directory: string;
}

export function openStorage({ store, clock, log, directory }: StorageOptions): Storage {
  const blobs = new Blobs(directory, log);
  const contents = new Contents(blobs, openSmallContents(store));
  const objects = openObjects(store);
  const uploads = openUploads(store);
  const together = new GroupCommit(store);
  const change: Storage['change'] = (work) =>
    store.transaction(() =>
      work((segments) => {
        const files = contents.release(segments);
        if (files.length > 0) store.afterCommit(() => contents.discard(files));
      }),
    );
  return {
    buckets: openBuckets(store),
    objects,
    uploads,
    contents,
    now: () => Math.floor(clock.now() / 1000) * 1000,
    change,
    changeSoon: (work) => together.change(() => change(work)),
    async start() {
      const files = new Set<string>();
      const rowsOfParts = new Set<number>();
      for await (const { blob, row, partNumber } of objects.segments()) {
        if (blob !== undefined) files.add(blob);
        if (row !== undefined && partNumber !== undefined) rowsOfParts.add(row);
      }
      const becameObject = ({ blob, row }: Segment) =>
        (blob !== undefined && files.has(blob)) || (row !== undefined && rowsOfParts.has(row));
      for (const uploadId of await uploads.ended()) {
        await deleteParts({ uploads, change }, uploadId, (part) => part.content.segments.some(becameObject));
      }
      for await (const { blob } of uploads.segments()) if (blob !== undefined) files.add(blob);
      await blobs.start((blob) => files.has(blob));
    },
    stop: () => blobs.stop(),
  };
}
