// CompleteMultipartUpload makes one object of the parts. No bytes are moved: the object is the list of the parts'
// segments.

import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { checksumOfParts } from '../checksums/algorithms.ts';
import type { S3 } from '../context.ts';
import { quoted, showChecksum } from '../description.ts';
import { checkWriteConditions, type WriteConditions } from '../domain/conditions.ts';
import { refuseCustomerKeys, showEncryption } from '../domain/encryption.ts';
import type {
  BucketRecord,
  Checksum,
  Content,
  LiveVersion,
  PartRecord,
  UploadRecord,
} from '../domain/records.ts';
import { badChecksum } from '../faults/bodies.ts';
import { conditionalConflict } from '../faults/objects.ts';
import { invalidRequest, malformedXml } from '../faults/requests.ts';
import {
  checksumModeMismatch,
  entityTooSmall,
  invalidPart,
  invalidPartOrder,
  noSuchUpload,
  partChecksumMissing,
} from '../faults/uploads.ts';
import { deleteParts } from '../parts.ts';
import { claimedComposite } from '../receive.ts';
import type { Input, Operation } from '../sdk.ts';
import { checkReplacement, shownVersionId, storeObject } from '../versions.ts';

const MIN_PART_BYTES = 5 * 1024 ** 2;
/** The number of parts that are processed before other work gets its turn. */
const SLICE = 1000;

type CompletedPart = import('@aws-sdk/client-s3').CompletedPart;

/**
 * Idempotent. Throws NoSuchUpload, InvalidPart, InvalidPartOrder, EntityTooSmall, BadDigest, PreconditionFailed,
 * ConditionalRequestConflict.
 */
export const CompleteMultipartUpload: Operation<'CompleteMultipartUpload'> = async (
  s3,
  input,
  { region },
) => {
  const { Bucket, Key, UploadId } = input;
  const { uploads, buckets } = s3;
  refuseCustomerKeys(input);
  buckets.get(Bucket, input.ExpectedBucketOwner);
  const conditions = { ifMatch: input.IfMatch, ifNoneMatch: input.IfNoneMatch };
  checkWriteConditions(conditions);
  const upload = uploads.find(Bucket, Key, UploadId);
  const done = upload ? undefined : s3.objects.current(Bucket, Key);
  // AWS: a repeated request gets the same answer while the object is the one that the upload made, whatever its
  // conditions.
  if (done?.uploadId === UploadId) return completed(buckets.get(Bucket), done, region);
  if (!upload) throw noSuchUpload(UploadId);
  const stored = await uploads.allParts(UploadId);
  const mode = upload.checksum?.type;
  if (input.ChecksumType !== undefined && mode !== undefined && mode !== input.ChecksumType) {
    throw checksumModeMismatch(mode);
  }
  const parts = await chooseParts(upload, stored, input.MultipartUpload?.Parts ?? []);
  const isLong = parts.length > SLICE;
  if (isLong) await nextTurn();
  const content = await join(upload, parts);
  checkWhole(input, content);
  if (isLong) await nextTurn();
  const { description, protection } = upload;
  const { bucket, versionId } = s3.change(() => {
    checkUnchanged(s3, upload, parts);
    checkConditions(s3, uploads.get(Bucket, Key, UploadId), conditions);
    uploads.remove(upload);
    const made = { bucket: Bucket, key: Key, content, description, protection, uploadId: UploadId };
    return storeObject(s3, made, conditions);
  });
  const numbers = new Set(parts.map(({ partNumber }) => partNumber));
  await deleteParts(s3, UploadId, ({ partNumber }) => numbers.has(partNumber));
  return completed(bucket, { key: Key, content, versionId, ...(protection && { protection }) }, region);
};

const completed = (
  bucket: BucketRecord,
  { key, content, versionId, protection }: Pick<LiveVersion, 'key' | 'content' | 'versionId' | 'protection'>,
  region: string,
) => ({
  Location: `https://${bucket.name}.s3.${region}.amazonaws.com/${encodeURIComponent(key.toWellFormed()).replaceAll('%2F', '/')}`,
  Bucket: bucket.name,
  Key: key,
  ETag: quoted(content.etag),
  ...showChecksum(content.checksum),
  VersionId: shownVersionId(bucket, versionId),
  ...showEncryption(protection?.encryption),
});

/** Parts may have been replaced while this request was processed. Throws NoSuchUpload, InvalidPart. */
function checkUnchanged({ uploads }: S3, upload: UploadRecord, parts: readonly PartRecord[]): void {
  const { bucket, key, uploadId } = upload;
  const { revision } = uploads.get(bucket, key, uploadId);
  if (revision !== upload.revision) throw invalidPart(parts.at(-1)!.partNumber, undefined, uploadId);
}

/** AWS: even a condition that holds fails if the object was changed after the upload began. */
function checkConditions(
  s3: S3,
  { bucket, key, isOvertaken }: UploadRecord,
  conditions: WriteConditions,
): void {
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifMatch === undefined && ifNoneMatch === undefined) return;
  checkReplacement(s3, bucket, key, conditions);
  if (isOvertaken) throw conditionalConflict(ifMatch === undefined ? 'If-None-Match' : 'If-Match', key);
}

/** The stored parts that the client names. Throws a Fault if they differ from what the client states. */
async function chooseParts(
  upload: UploadRecord,
  stored: readonly PartRecord[],
  named: readonly CompletedPart[],
): Promise<PartRecord[]> {
  const { uploadId } = upload;
  if (named.length === 0) throw malformedXml();
  const byNumber = new Map(stored.map((part) => [part.partNumber, part]));
  const chosen: PartRecord[] = [];
  for (const [index, claim] of named.entries()) {
    if (index % SLICE === SLICE - 1) await nextTurn();
    const partNumber = claim.PartNumber ?? 0;
    if (index > 0 && partNumber <= (named[index - 1]!.PartNumber ?? 0)) throw invalidPartOrder(uploadId);
    const part = byNumber.get(partNumber);
    const etag = claim.ETag?.replaceAll('"', '');
    if (!part || (etag !== undefined && etag !== part.content.etag))
      throw invalidPart(partNumber, claim.ETag, uploadId);
    checkPartChecksum(upload, part, claim);
    chosen.push(part);
  }
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

async function join(upload: UploadRecord, parts: readonly PartRecord[]): Promise<Content> {
  const md5 = createHash('md5');
  for (const { content } of parts) md5.update(Buffer.from(content.etag, 'hex'));
  const checksum = await checksumOfWhole(upload, parts);
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

async function checksumOfWhole(
  { checksum }: UploadRecord,
  parts: readonly PartRecord[],
): Promise<Checksum | undefined> {
  if (!checksum) return undefined;
  const sums = parts.map(({ content }) => ({ value: content.checksum?.value ?? '', size: content.size }));
  return { ...checksum, value: await checksumOfParts(checksum.algorithm, checksum.type, sums) };
}

/** Checks what the client states about the whole object, if anything. */
function checkWhole(input: Input<'CompleteMultipartUpload'>, content: Content): void {
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
