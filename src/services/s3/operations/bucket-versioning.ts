// Whether a bucket keeps the versions of its objects. Once on, it can only be suspended.

import type { HandlerOf } from '../../../wire/service.ts';
import { SUSPENDABLE } from '../domain/documents.ts';
import { isLockable } from '../domain/object-lock.ts';
import { illegalVersioning, invalidBucketState, notSupported } from '../faults.ts';
import type { S3 } from '../service.ts';
import type { Storage } from '../storage.ts';

export const getBucketVersioning =
  ({ buckets }: Storage): HandlerOf<S3, 'GetBucketVersioning'> =>
  ({ Bucket, ExpectedBucketOwner }) => ({ Status: buckets.get(Bucket, ExpectedBucketOwner).versioning });

export const putBucketVersioning =
  (storage: Storage): HandlerOf<S3, 'PutBucketVersioning'> =>
  ({ Bucket, ExpectedBucketOwner, VersioningConfiguration: { Status, MFADelete } }) =>
    storage.change(() => {
      const bucket = storage.buckets.get(Bucket, ExpectedBucketOwner);
      if (Status === undefined) throw illegalVersioning();
      SUSPENDABLE(Status);
      if (MFADelete === 'Enabled') throw notSupported('MFA delete');
      if (Status === 'Suspended' && isLockable(bucket)) {
        throw invalidBucketState(
          'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
        );
      }
      if (Status === 'Suspended' && storage.buckets.setting(bucket, 'ReplicationConfiguration')) {
        throw invalidBucketState(
          'A replication configuration is present on this bucket, so you cannot change the versioning state. To change the versioning state, first delete the replication configuration.',
        );
      }
      storage.buckets.put({ ...bucket, versioning: Status });
      return {};
    });
