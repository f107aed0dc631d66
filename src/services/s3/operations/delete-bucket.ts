// Only an empty bucket can go. Uploads that were never completed go with it.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HandlerOf } from '../../../wire/service.ts';
import type { BucketRecord } from '../domain/records.ts';
import { bucketNotEmpty, bucketNotEmptyOfVersions } from '../faults.ts';
import { abortUploads } from '../parts.ts';
import type { S3 } from '../service.ts';
import type { Storage } from '../storage.ts';

const BATCH = 100;

export const deleteBucket =
  (storage: Storage): HandlerOf<S3, 'DeleteBucket'> =>
  async ({ Bucket, ExpectedBucketOwner }) => {
    const { buckets, uploads } = storage;
    for (;;) {
      const pending = storage.change(() => {
        const bucket = buckets.get(Bucket, ExpectedBucketOwner);
        checkEmpty(storage, bucket);
        const left = uploads.list(Bucket, '', BATCH);
        if (left.length === 0) buckets.delete(Bucket);
        return left;
      });
      if (pending.length === 0) return {};
      await abortUploads(storage, pending);
      await nextTurn();
    }
  };

function checkEmpty({ objects }: Storage, { name, versioning }: BucketRecord): void {
  if (objects.isEmpty(name)) return;
  throw versioning === undefined ? bucketNotEmpty(name) : bucketNotEmptyOfVersions(name);
}
