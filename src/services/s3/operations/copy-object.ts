// CopyObject stores the bytes of another object, with that object's description or a new one. The bytes are copied and
// hashed again, because the copy of an object in parts is not in parts.

import type { S3 } from '../context.ts';
import { quoted, readDescription, showChecksum } from '../description.ts';
import { checkCopySource, checkWriteConditions } from '../domain/conditions.ts';
import { parseCopySource } from '../domain/copy-source.ts';
import { showEncryption } from '../domain/encryption.ts';
import { checkKey } from '../domain/names.ts';
import { protectionOf } from '../domain/protection.ts';
import { type BucketRecord, type Description, isArchived, type LiveVersion } from '../domain/records.ts';
import { parseTagging } from '../domain/tags.ts';
import { invalidArgument, invalidRequest, sourceIsArchived } from '../faults/requests.ts';
import { copyContent, MAX_UPLOAD_BYTES, storeOrDiscard } from '../receive.ts';
import type { Input, Operation } from '../sdk.ts';
import { checkReplacement, findVersion, shownVersionId, storeObject } from '../versions.ts';

/** The members of CopyObject and UploadPartCopy that name the source. */
export interface CopyConditions {
  CopySource: string;
  ExpectedSourceBucketOwner?: string | undefined;
  CopySourceIfMatch?: string | undefined;
  CopySourceIfNoneMatch?: string | undefined;
  CopySourceIfModifiedSince?: Date | undefined;
  CopySourceIfUnmodifiedSince?: Date | undefined;
}

/**
 * The source's current version, and its version id if its bucket shows version ids. Throws NoSuchBucket, NoSuchKey,
 * NoSuchVersion, PreconditionFailed, ObjectNotInActiveTierError.
 */
export function findSource(s3: S3, input: CopyConditions) {
  const source = parseCopySource(input.CopySource);
  const bucket = s3.buckets.get(source.bucket, input.ExpectedSourceBucketOwner);
  const version = findVersion(s3, bucket, source.key, source.versionId);
  checkCopySource(
    {
      ifMatch: input.CopySourceIfMatch,
      ifNoneMatch: input.CopySourceIfNoneMatch,
      ifModifiedSince: input.CopySourceIfModifiedSince,
      ifUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
    { etag: version.content.etag, lastModified: version.lastModified },
  );
  if (isArchived(version, s3.now())) throw sourceIsArchived();
  return { source, version, versionId: shownVersionId(bucket, version.versionId) };
}

/** Throws the errors of `findSource` and PutObject, and InvalidRequest for a copy onto itself that changes nothing. */
export const CopyObject: Operation<'CopyObject'> = async (s3, input) => {
  const { Bucket, Key, ExpectedBucketOwner } = input;
  const target = s3.buckets.get(Bucket, ExpectedBucketOwner);
  checkKey(Key);
  const { source, version, versionId: sourceVersionId } = findSource(s3, input);
  if (version.content.size > MAX_UPLOAD_BYTES) {
    throw invalidRequest(
      `The specified copy source is larger than the maximum allowable size for a copy source: ${MAX_UPLOAD_BYTES}`,
    );
  }
  const isOntoItself = source.bucket === Bucket && source.key === Key && source.versionId === undefined;
  if (isOntoItself && !changesAnything(input) && !encrypts(target)) {
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  const description = describeCopy(input, version);
  const protection = protectionOf(target, input, s3.now());
  const conditions = { ifMatch: input.IfMatch, ifNoneMatch: input.IfNoneMatch };
  checkWriteConditions(conditions);
  checkReplacement(s3, Bucket, Key, conditions);
  const content = await copyContent(s3, version.content, undefined, {
    ChecksumAlgorithm: input.ChecksumAlgorithm ?? version.content.checksum?.algorithm,
  });
  const { bucket, versionId } = await storeOrDiscard(s3, content, () =>
    storeObject(s3, { bucket: Bucket, key: Key, content, description, protection }, conditions),
  );
  return {
    CopyObjectResult: {
      ETag: quoted(content.etag),
      LastModified: new Date(s3.now()),
      ...showChecksum(content.checksum),
    },
    CopySourceVersionId: sourceVersionId,
    VersionId: shownVersionId(bucket, versionId),
    ...showEncryption(protection?.encryption),
  };
};

/** AWS: in a bucket with an encryption setting, copying an object onto itself applies the setting to it. */
const encrypts = ({ settings }: BucketRecord): boolean =>
  settings.ServerSideEncryptionConfiguration !== undefined;

const changesAnything = (input: Input<'CopyObject'>): boolean =>
  input.MetadataDirective === 'REPLACE' ||
  input.StorageClass !== undefined ||
  input.WebsiteRedirectLocation !== undefined ||
  input.ServerSideEncryption !== undefined;

function describeCopy(input: Input<'CopyObject'>, { description }: LiveVersion): Description {
  checkDirective('metadata', input.MetadataDirective);
  checkDirective('tagging', input.TaggingDirective);
  const given = readDescription(input);
  const replaced = input.MetadataDirective === 'REPLACE' ? given : description;
  const { storageClass: _, websiteRedirectLocation: __, ...copied } = replaced;
  return {
    ...copied,
    // AWS: storage class and website redirect are not copied.
    ...(given.storageClass === undefined ? {} : { storageClass: given.storageClass }),
    ...(given.websiteRedirectLocation === undefined
      ? {}
      : { websiteRedirectLocation: given.websiteRedirectLocation }),
    tags: input.TaggingDirective === 'REPLACE' ? parseTagging(input.Tagging) : description.tags,
  };
}

function checkDirective(what: string, directive: string | undefined): void {
  if (directive === undefined || directive === 'COPY' || directive === 'REPLACE') return;
  throw invalidArgument(`Unknown ${what} directive.`, `x-amz-${what}-directive`, directive);
}
