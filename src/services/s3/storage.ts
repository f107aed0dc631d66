// Opens the storage that S3's operations work on, and cleans up what an earlier run left.

import type { Clock } from '../../kernel/clock.ts';
import type { Log } from '../../kernel/log.ts';
import { GroupCommit } from '../../store/group-commit.ts';
import type { Store } from '../../store/store.ts';
import { Blobs } from './blobs.ts';
import { openBuckets } from './buckets.ts';
import { Contents } from './contents.ts';
import type { S3 } from './context.ts';
import type { Segment } from './domain/records.ts';
import { openObjects } from './objects.ts';
import { deleteParts } from './parts.ts';
import { openSmallContents } from './small-contents.ts';
import { openUploads } from './uploads.ts';

/** What `openStorage` needs. */
export interface StorageOptions {
  store: Store;
  clock: Clock;
  log: Log;
  /** The directory of the objects' bytes. Nothing else may use it. */
  directory: string;
}

/** Opens the records and the bytes. Await `start` before the first request. */
export function openStorage({ store, clock, log, directory }: StorageOptions): S3 {
  const blobs = new Blobs(directory, log);
  const contents = new Contents(blobs, openSmallContents(store));
  const objects = openObjects(store);
  const uploads = openUploads(store);
  const groupCommit = new GroupCommit(store);
  const change: S3['change'] = (work) =>
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
    changeSoon: (work) => groupCommit.change(() => change(work)),
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
