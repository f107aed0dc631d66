// What every operation of S3 works on: records, files, and the transaction that keeps the two together.

import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import type { Store } from '../../store/store.ts';
import { Blobs } from './blobs.ts';
import { type Buckets, openBuckets } from './buckets.ts';
import { type Objects, openObjects } from './objects.ts';
import { openUploads, type Uploads } from './uploads.ts';

export interface Storage {
  readonly buckets: Buckets;
  readonly objects: Objects;
  readonly uploads: Uploads;
  readonly blobs: Blobs;
  /** AWS: the time of an object, whole seconds. In milliseconds. */
  now(): number;
  /** `discard` deletes files once the transaction is committed. */
  change<T>(work: (discard: (blobs: readonly string[]) => void) => T): T;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface StorageOptions {
  store: Store;
  clock: Clock;
  log: Log;
  /** Where the bytes of objects lie; nobody else's. */
  directory: string;
}

export function openStorage({ store, clock, log, directory }: StorageOptions): Storage {
  const blobs = new Blobs(directory, log);
  const objects = openObjects(store);
  const uploads = openUploads(store);
  return {
    buckets: openBuckets(store),
    objects,
    uploads,
    blobs,
    now: () => Math.floor(clock.now() / 1000) * 1000,
    change: (work) =>
      store.transaction(() =>
        work((freed) => {
          if (freed.length > 0) store.afterCommit(() => blobs.discard(freed));
        }),
      ),
    async start() {
      const inUse = new Set<string>();
      objects.eachBlob((blob) => inUse.add(blob));
      uploads.eachBlob((blob) => inUse.add(blob));
      await blobs.start((blob) => inUse.has(blob));
    },
    stop: () => blobs.stop(),
  };
}
