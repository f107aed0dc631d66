// AWS: in a bucket whose owner owns everything, the one that there is by default is an object's only access control
// list; those of others are taken and have no effect.

import type { HandlerOf } from '../../../wire/service.ts';
import { privateAcl } from '../owner.ts';
import type { S3 } from '../service.ts';
import type { Storage } from '../storage.ts';
import { findVersion } from '../versions.ts';

export const getObjectAcl =
  (storage: Storage): HandlerOf<S3, 'GetObjectAcl'> =>
  ({ Bucket, Key, VersionId, ExpectedBucketOwner }) => {
    const bucket = storage.buckets.get(Bucket, ExpectedBucketOwner);
    findVersion(storage, bucket, Key, VersionId);
    return privateAcl(bucket.accountId);
  };

export const putObjectAcl =
  (storage: Storage): HandlerOf<S3, 'PutObjectAcl'> =>
  ({ Bucket, Key, VersionId, ExpectedBucketOwner }) => {
    findVersion(storage, storage.buckets.get(Bucket, ExpectedBucketOwner), Key, VersionId);
    return {};
  };
