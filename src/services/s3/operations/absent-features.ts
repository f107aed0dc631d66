// Settings that cannot be made here; tools read them all the same.

import type { S3 } from '../context.ts';
import { noSuchConfiguration } from '../faults/buckets.ts';
import type { Operation } from '../sdk.ts';

export const GetBucketAbac: Operation<'GetBucketAbac'> = (s3, input) => {
  s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
  return { AbacStatus: { Status: 'Disabled' } };
};

export const GetBucketMetadataConfiguration: Operation<'GetBucketMetadataConfiguration'> = (s3, input) =>
  noMetadata(s3, input);

export const GetBucketMetadataTableConfiguration: Operation<'GetBucketMetadataTableConfiguration'> = (
  s3,
  input,
) => noMetadata(s3, input);

/** AWS: the code is Terraform's, which looks for it; the text is chosen here. */
function noMetadata(s3: S3, input: { Bucket: string; ExpectedBucketOwner?: string | undefined }): never {
  const { name } = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
  throw noSuchConfiguration(
    'MetadataConfigurationNotFound',
    'The metadata configuration was not found',
    name,
  );
}
