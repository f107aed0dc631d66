// UploadPart and UploadPartCopy: a part comes from the client or from another object.

import type { Received } from '../contents.ts';
import type { Discard, S3 } from '../context.ts';
import { quoted, showPartChecksum } from '../description.ts';
import { refuseCustomerKeys, showEncryption } from '../domain/encryption.ts';
import { parseCopyRange } from '../domain/range.ts';
import type { UploadRecord } from '../domain/records.ts';
import { entityTooLarge } from '../faults/bodies.ts';
import { partNumberOutOfRange } from '../faults/requests.ts';
import { checksumTypeMismatch } from '../faults/uploads.ts';
import { type Body, copyContent, MAX_UPLOAD_BYTES, receiveContent, storeOrDiscard } from '../receive.ts';
import type { Operation } from '../sdk.ts';
import { findSource } from './copy-object.ts';

const MAX_PART_NUMBER = 10_000;

/** Replaces a part with the same number. Throws NoSuchUpload, InvalidArgument, BadDigest, EntityTooLarge. */
export const UploadPart: Operation<'UploadPart'> = async (s3, input) => {
  const upload = find(s3, input);
  const content = await receiveContent(
    s3,
    input.Body as Body,
    // For a part, this header only repeats the algorithm of the checksum header.
    { ...input, ChecksumAlgorithm: undefined },
    upload.checksum?.algorithm,
  );
  await storeOrDiscard(s3, content, (discard) => store(s3, upload, input.PartNumber, content, discard));
  return {
    ETag: quoted(content.etag),
    ...showPartChecksum(content.checksum),
    ...showEncryption(upload.protection?.encryption),
  };
};

/** Throws NoSuchUpload, InvalidArgument, and the errors of the source as CopyObject. */
export const UploadPartCopy: Operation<'UploadPartCopy'> = async (s3, input) => {
  const upload = find(s3, input);
  const { version, versionId } = findSource(s3, input);
  const { CopySourceRange } = input;
  const range =
    CopySourceRange === undefined ? undefined : parseCopyRange(CopySourceRange, version.content.size);
  if (!range && version.content.size > MAX_UPLOAD_BYTES) throw entityTooLarge(MAX_UPLOAD_BYTES);
  const content = await copyContent(s3, version.content, range, {
    ChecksumAlgorithm: upload.checksum?.algorithm,
  });
  const lastModified = await storeOrDiscard(s3, content, (discard) =>
    store(s3, upload, input.PartNumber, content, discard),
  );
  return {
    CopyPartResult: {
      ETag: quoted(content.etag),
      LastModified: new Date(lastModified),
      ...showPartChecksum(content.checksum),
    },
    CopySourceVersionId: versionId,
    ...showEncryption(upload.protection?.encryption),
  };
};

function find(
  s3: S3,
  input: {
    Bucket: string;
    Key: string;
    UploadId: string;
    PartNumber: number;
    ExpectedBucketOwner?: string | undefined;
  },
): UploadRecord {
  const { PartNumber } = input;
  refuseCustomerKeys(input);
  s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
  if (PartNumber < 1 || PartNumber > MAX_PART_NUMBER) {
    throw partNumberOutOfRange(PartNumber);
  }
  return s3.uploads.get(input.Bucket, input.Key, input.UploadId);
}

/**
 * Stores the part's record. Call it in a transaction. The upload is looked up again, because it may have ended while
 * the bytes arrived.
 */
function store(
  s3: S3,
  { bucket, key, uploadId, checksum }: UploadRecord,
  partNumber: number,
  received: Received,
  discard: Discard,
): number {
  const { checksum: own } = received;
  if (checksum && own && checksum.algorithm !== own.algorithm) {
    throw checksumTypeMismatch(checksum.algorithm, own.algorithm);
  }
  const current = s3.uploads.get(bucket, key, uploadId);
  s3.uploads.put({ ...current, revision: (current.revision ?? 0) + 1 });
  const lastModified = s3.now();
  const content = s3.contents.keep(received);
  discard(s3.uploads.putPart({ uploadId, partNumber, lastModified, content }));
  return lastModified;
}
