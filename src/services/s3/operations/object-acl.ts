import { requireAcl } from '../domain/access-control.ts';
import { privateAcl } from '../domain/owner.ts';
import type { Operation } from '../sdk.ts';
import { findDescribed } from '../versions.ts';

/** Throws NoSuchBucket, NoSuchKey, NoSuchVersion, MethodNotAllowed. */
export const GetObjectAcl: Operation<'GetObjectAcl'> = (
  s3,
  { Bucket, Key, VersionId, ExpectedBucketOwner },
) => {
  const bucket = s3.buckets.get(Bucket, ExpectedBucketOwner);
  const { protection } = findDescribed(s3, bucket, Key, VersionId, 'GET');
  return protection?.acl ?? privateAcl(bucket.accountId);
};

/** As GetObjectAcl; also throws AccessControlListNotSupported, MissingSecurityHeader, AccessDenied. */
export const PutObjectAcl: Operation<'PutObjectAcl'> = (s3, input) =>
  s3.change(() => {
    const { Bucket, Key, VersionId, ExpectedBucketOwner } = input;
    const bucket = s3.buckets.get(Bucket, ExpectedBucketOwner);
    const version = findDescribed(s3, bucket, Key, VersionId, 'PUT');
    const acl = requireAcl(input, bucket);
    s3.objects.update({ ...version, protection: { ...version.protection, acl } });
    return {};
  });
