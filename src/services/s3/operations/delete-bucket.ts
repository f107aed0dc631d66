// DeleteBucket deletes an empty bucket. Its unfinished uploads are aborted.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { S3 } from '../context.ts';
import type { BucketRecord } from '../domain/records.ts';
import { bucketNotEmpty, bucketNotEmptyOfVersions } from '../faults/buckets.ts';
import { abortUploads } from '../parts.ts';
import type { Operation } from '../sdk.ts';

const BATCH = 100;

/** Throws NoSuchBucket, BucketNotEmpty. */
export const DeleteBucket: Operation<'DeleteBucket'> = async (s3, { Bucket, ExpectedBucketOwner }) => {
  const { buckets, uploads } = s3;
  for (;;) {
    const pending = s3.change(() => {
      const bucket = buckets.get(Bucket, ExpectedBucketOwner);
      checkEmpty(s3, bucket);
      const left = uploads.list(Bucket, '', BATCH);
      if (left.length === 0) buckets.delete(Bucket);
      return left;
    });
    if (pending.length === 0) return {};
    await abortUploads(s3, pending);
    await nextTurn();
  }
};

function checkEmpty({ objects }: S3, { name, versioning }: BucketRecord): void {
  if (objects.isEmpty(name)) return;
  throw versioning === undefined ? bucketNotEmpty(name) : bucketNotEmptyOfVersions(name);
}
