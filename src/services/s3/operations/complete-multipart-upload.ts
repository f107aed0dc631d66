// Parts become one object. No byte is moved: the object is the list of its parts' files.

import { createHash } from 'node:crypto';
import type { HandlerOf, Input } from '../../../wire/service.ts';
import { checksumOfParts } from '../checksums/algorithms.ts';
import { ENCRYPTION, quoted, showChecksum } from '../description.ts';
import type { Checksum, Content, PartRecord, UploadRecord } from '../domain/records.ts';
import {
  badChecksum,
  entityTooSmall,
  invalidPart,
  invalidPartOrder,
  invalidRequest,
  malformedXml,
  partChecksumMissing,
} from '../faults.ts';
import { blobsOf } from '../objects.ts';
import { claimedComposite } from '../receive.ts';
import type { S3 } from '../service.ts';
import type { Storage } from '../storage.ts';
import { checkReplacement, shownVersionId, storeObject } from '../versions.ts';

const MIN_PART_BYTES = 5 * 1024 ** 2;

type CompletedPart = import('@aws-sdk/client-s3').CompletedPart;

export const completeMultipartUpload =
  (storage: Storage): HandlerOf<S3, 'CompleteMultipartUpload'> =>
  (input, { region }) => {
    const { Bucket, Key, UploadId, IfMatch, IfNoneMatch } = input;
    const { uploads, buckets } = storage;
    buckets.get(Bucket, input.ExpectedBucketOwner);
    const conditions = { ifMatch: IfMatch, ifNoneMatch: IfNoneMatch };
    const upload = uploads.get(Bucket, Key, UploadId);
    checkReplacement(storage, Bucket, Key, conditions);
    const parts = chooseParts(upload, uploads.parts(UploadId), input.MultipartUpload?.Parts ?? []);
    const content = join(upload, parts);
    checkWhole(input, content);
    const { bucket, versionId } = storeObject(
      storage,
      { bucket: Bucket, key: Key, content, description: upload.description },
      conditions,
      (discard) => discard(uploads.end(upload, new Set(blobsOf({ content })))),
    );
    return {
      Location: `https://${Bucket}.s3.${region}.amazonaws.com/${encodeURIComponent(Key.toWellFormed()).replaceAll('%2F', '/')}`,
      Bucket,
      Key,
      ETag: quoted(content.etag),
      ...showChecksum(content.checksum),
      VersionId: shownVersionId(bucket, versionId),
      ...ENCRYPTION,
    };
  };

/** The stored parts that the client names. Throws a Fault where they are not what it says. */
function chooseParts(
  upload: UploadRecord,
  stored: readonly PartRecord[],
  named: readonly CompletedPart[],
): PartRecord[] {
  const { uploadId } = upload;
  if (named.length === 0) throw malformedXml();
  const byNumber = new Map(stored.map((part) => [part.partNumber, part]));
  const chosen = named.map((claim, index) => {
    const partNumber = claim.PartNumber ?? 0;
    if (index > 0 && partNumber <= (named[index - 1]!.PartNumber ?? 0)) throw invalidPartOrder(uploadId);
    const part = byNumber.get(partNumber);
    const etag = claim.ETag?.replaceAll('"', '');
    if (!part || (etag !== undefined && etag !== part.content.etag))
      throw invalidPart(partNumber, claim.ETag, uploadId);
    checkPartChecksum(upload, part, claim);
    return part;
  });
  for (const { partNumber, content } of chosen.slice(0, -1)) {
    if (content.size < MIN_PART_BYTES) {
      throw entityTooSmall({ partNumber, size: content.size, etag: content.etag, minSize: MIN_PART_BYTES });
    }
  }
  return chosen;
}

function checkPartChecksum(
  upload: UploadRecord,
  { partNumber, content }: PartRecord,
  claim: CompletedPart,
): void {
  const { checksum } = upload;
  if (!checksum) return;
  const claimed = claim[`Checksum${checksum.algorithm}`];
  if (claimed === undefined) {
    if (checksum.type === 'COMPOSITE') throw partChecksumMissing(checksum.algorithm, partNumber);
  } else if (claimed !== content.checksum?.value) throw invalidPart(partNumber, claim.ETag, upload.uploadId);
}

function join(upload: UploadRecord, parts: readonly PartRecord[]): Content {
  const md5 = createHash('md5');
  for (const { content } of parts) md5.update(Buffer.from(content.etag, 'hex'));
  const checksum = checksumOfWhole(upload, parts);
  return {
    segments: parts.map(({ partNumber, content }) => ({
      ...content.segments[0],
      size: content.size,
      partNumber,
      ...(content.checksum ? { checksum: content.checksum.value } : {}),
    })),
    size: parts.reduce((sum, { content }) => sum + content.size, 0),
    etag: `${md5.digest('hex')}-${parts.length}`,
    ...(checksum ? { checksum } : {}),
  };
}

function checksumOfWhole({ checksum }: UploadRecord, parts: readonly PartRecord[]): Checksum | undefined {
  if (!checksum) return undefined;
  const sums = parts.map(({ content }) => ({ value: content.checksum?.value ?? '', size: content.size }));
  return { ...checksum, value: checksumOfParts(checksum.algorithm, checksum.type, sums) };
}

/** What the client says of the whole object, if anything. */
function checkWhole(input: Input<S3, 'CompleteMultipartUpload'>, content: Content): void {
  if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== content.size) {
    throw invalidRequest(
      'The provided x-amz-mp-object-size header value does not match the size of the object.',
    );
  }
  const claimed = claimedComposite(input);
  if (!claimed || !content.checksum) return;
  const { algorithm, value } = content.checksum;
  const isSame = claimed.algorithm === algorithm && claimed.value === value.replace(/-\d+$/, '');
  if (!isSame) throw badChecksum(claimed.algorithm);
}
