// Only an empty bucket can go. Uploads that were never completed go with it.

import type { HandlerOf } from '../../../wire/service.ts';
import { bucketNotEmpty, bucketNotEmptyOfVersions } from '../faults.ts';
import type { S3 } from '../service.ts';
import type { Storage } from '../storage.ts';

export const deleteBucket =
  (storage: Storage): HandlerOf<S3, 'DeleteBucket'> =>
  ({ Bucket, ExpectedBucketOwner }) => {
    const { buckets, objects, uploads } = storage;
    return storage.change((discard) => {
      const bucket = buckets.get(Bucket, ExpectedBucketOwner);
      if (!objects.isEmpty(Bucket)) {
        throw bucket.versioning === undefined ? bucketNotEmpty(Bucket) : bucketNotEmptyOfVersions(Bucket);
      }
      for (const upload of uploads.inBucket(Bucket)) discard(uploads.end(upload));
      buckets.delete(Bucket);
      return {};
    });
  };
