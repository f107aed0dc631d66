import { refuseHeaders } from '../domain/refused-headers.ts';
import { abortUploads } from '../parts.ts';
import type { Operation } from '../sdk.ts';

/** Throws NoSuchBucket, NoSuchUpload. */
export const AbortMultipartUpload: Operation<'AbortMultipartUpload'> = async (s3, input) => {
  const { Bucket, Key, UploadId, ExpectedBucketOwner } = input;
  refuseHeaders(input);
  s3.buckets.get(Bucket, ExpectedBucketOwner);
  await abortUploads(s3, [s3.uploads.get(Bucket, Key, UploadId)]);
  return {};
};
