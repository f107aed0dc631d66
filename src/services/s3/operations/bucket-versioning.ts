// Whether a bucket keeps the versions of its objects. Once on, it can only be suspended.

import type { HandlerOf } from '../../../wire/service.ts';
import { illegalVersioning } from '../faults.ts';
import type { S3 } from '../service.ts';
import type { Storage } from '../storage.ts';

export const getBucketVersioning =
  ({ buckets }: Storage): HandlerOf<S3, 'GetBucketVersioning'> =>
  ({ Bucket, ExpectedBucketOwner }) => ({ Status: buckets.get(Bucket, ExpectedBucketOwner).versioning });

export const putBucketVersioning =
  (storage: Storage): HandlerOf<S3, 'PutBucketVersioning'> =>
  ({ Bucket, ExpectedBucketOwner, VersioningConfiguration: { Status } }) => {
    if (Status !== 'Enabled' && Status !== 'Suspended') throw illegalVersioning();
    return storage.change(() => {
      const bucket = storage.buckets.get(Bucket, ExpectedBucketOwner);
      storage.buckets.put({ ...bucket, versioning: Status });
      return {};
    });
  };
