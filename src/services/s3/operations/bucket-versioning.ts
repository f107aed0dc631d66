import { SUSPENDABLE } from '../domain/documents.ts';
import { isLockable } from '../domain/object-lock.ts';
import { illegalVersioning, invalidBucketState, notSupported } from '../faults/buckets.ts';
import type { Operation } from '../sdk.ts';

/** AWS: the status is absent if versioning was never set. Throws NoSuchBucket. */
export const GetBucketVersioning: Operation<'GetBucketVersioning'> = (
  { buckets },
  { Bucket, ExpectedBucketOwner },
) => ({ Status: buckets.get(Bucket, ExpectedBucketOwner).versioning });

/** Throws NoSuchBucket, IllegalVersioningConfigurationException, MalformedXML, InvalidBucketState. */
export const PutBucketVersioning: Operation<'PutBucketVersioning'> = (
  s3,
  { Bucket, ExpectedBucketOwner, VersioningConfiguration: { Status, MFADelete } },
) =>
  s3.change(() => {
    const bucket = s3.buckets.get(Bucket, ExpectedBucketOwner);
    if (Status === undefined) throw illegalVersioning();
    SUSPENDABLE(Status);
    if (MFADelete === 'Enabled') throw notSupported('MFA delete');
    if (Status === 'Suspended' && isLockable(bucket)) {
      throw invalidBucketState(
        'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
      );
    }
    if (Status === 'Suspended' && s3.buckets.setting(bucket, 'ReplicationConfiguration')) {
      throw invalidBucketState(
        'A replication configuration is present on this bucket, so you cannot change the versioning state. To change the versioning state, first delete the replication configuration.',
      );
    }
    s3.buckets.put({ ...bucket, versioning: Status });
    return {};
  });
