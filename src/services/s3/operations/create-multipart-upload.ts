import { randomHex } from '../../../kernel/ids.ts';
import { isAlgorithm } from '../checksums/algorithms.ts';
import { readDescription } from '../description.ts';
import { showEncryption } from '../domain/encryption.ts';
import { checkKey } from '../domain/names.ts';
import { protectionOf } from '../domain/protection.ts';
import type { UploadRecord } from '../domain/records.ts';
import { checksumNotImplemented } from '../faults/bodies.ts';
import { invalidRequest } from '../faults/requests.ts';
import type { Operation } from '../sdk.ts';

/** Throws NoSuchBucket, KeyTooLongError, InvalidRequest and the errors of the description. */
export const CreateMultipartUpload: Operation<'CreateMultipartUpload'> = (s3, input, { accountId }) => {
  const { Bucket, Key, ExpectedBucketOwner } = input;
  checkKey(Key);
  const checksum = checksumOf(input.ChecksumAlgorithm, input.ChecksumType);
  const description = readDescription(input);
  return s3.change(() => {
    const bucket = s3.buckets.get(Bucket, ExpectedBucketOwner);
    const protection = protectionOf(bucket, input, s3.now());
    const uploadId = randomHex(64);
    s3.uploads.put({
      bucket: Bucket,
      key: Key,
      uploadId,
      initiatedAt: s3.now(),
      accountId,
      description,
      ...(protection && { protection }),
      ...(checksum ? { checksum } : {}),
    });
    return {
      Bucket,
      Key,
      UploadId: uploadId,
      ChecksumAlgorithm: checksum?.algorithm,
      ChecksumType: checksum?.type,
      ...showEncryption(protection?.encryption),
    };
  });
};

/**
 * AWS: hashes of parts cannot be combined into the hash of the whole, so they are COMPOSITE only. CRC64NVME is
 * FULL_OBJECT only.
 */
function checksumOf(algorithm: string | undefined, type: string | undefined): UploadRecord['checksum'] {
  if (algorithm === undefined) {
    if (type !== undefined)
      throw invalidRequest(
        'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
      );
    return undefined;
  }
  if (!isAlgorithm(algorithm)) throw checksumNotImplemented();
  const onlyWhole = algorithm === 'CRC64NVME';
  const onlyComposite = algorithm.startsWith('SHA');
  const chosen = type ?? (onlyWhole ? 'FULL_OBJECT' : 'COMPOSITE');
  const isPossible = chosen === 'FULL_OBJECT' ? !onlyComposite : chosen === 'COMPOSITE' ? !onlyWhole : false;
  if (!isPossible)
    throw invalidRequest(
      `The ${chosen} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  return { algorithm, type: chosen as 'COMPOSITE' | 'FULL_OBJECT' };
}
