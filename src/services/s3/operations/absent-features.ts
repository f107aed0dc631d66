// Operations on features that Millpond does not have and that tools read nevertheless: attribute-based access control
// and metadata tables.

import type { S3 } from '../context.ts';
import { noSuchConfiguration } from '../faults/buckets.ts';
import type { Operation } from '../sdk.ts';

/** Always disabled. Throws NoSuchBucket. */
export const GetBucketAbac: Operation<'GetBucketAbac'> = (s3, input) => {
  s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
  return { AbacStatus: { Status: 'Disabled' } };
};

/** Throws NoSuchBucket, MetadataConfigurationNotFound. */
export const GetBucketMetadataConfiguration: Operation<'GetBucketMetadataConfiguration'> = (s3, input) =>
  noMetadata(s3, input);

/** Throws NoSuchBucket, MetadataConfigurationNotFound. */
export const GetBucketMetadataTableConfiguration: Operation<'GetBucketMetadataTableConfiguration'> = (
  s3,
  input,
) => noMetadata(s3, input);

/** AWS: Terraform looks for this code. The text is Millpond's. */
function noMetadata(s3: S3, input: { Bucket: string; ExpectedBucketOwner?: string | undefined }): never {
  const { name } = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
  throw noSuchConfiguration(
    'MetadataConfigurationNotFound',
    'The metadata configuration was not found',
    name,
  );
}
