// Access control lists of objects. AWS: where the bucket's owner owns everything there are none but the default one.

import type { HandlerOf } from '../../../wire/service.ts';
import { requireAcl } from '../domain/access-control.ts';
import { privateAcl } from '../domain/owner.ts';
import type { S3 } from '../service.ts';
import type { Storage } from '../storage.ts';
import { findDescribed } from '../versions.ts';

export const getObjectAcl =
  (storage: Storage): HandlerOf<S3, 'GetObjectAcl'> =>
  ({ Bucket, Key, VersionId, ExpectedBucketOwner }) => {
    const bucket = storage.buckets.get(Bucket, ExpectedBucketOwner);
    const { protection } = findDescribed(storage, bucket, Key, VersionId, 'GET');
    return protection?.acl ?? privateAcl(bucket.accountId);
  };

export const putObjectAcl =
  (storage: Storage): HandlerOf<S3, 'PutObjectAcl'> =>
  (input) =>
    storage.change(() => {
      const { Bucket, Key, VersionId, ExpectedBucketOwner } = input;
      const bucket = storage.buckets.get(Bucket, ExpectedBucketOwner);
      const version = findDescribed(storage, bucket, Key, VersionId, 'PUT');
      const acl = requireAcl(input, bucket);
      storage.objects.update({ ...version, protection: { ...version.protection, acl } });
      return {};
    });
