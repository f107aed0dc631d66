// GetObject and HeadObject: an object, a range or a part of it, or its headers only.

import type { S3 } from '../context.ts';
import { quoted, showChecksum, showDescription } from '../description.ts';
import { checkRead } from '../domain/conditions.ts';
import { refuseCustomerKeys, showEncryption } from '../domain/encryption.ts';
import { showLock } from '../domain/object-lock.ts';
import { parseRange, type Range, rangeOfPart } from '../domain/range.ts';
import { type BucketRecord, isArchived, type LiveVersion } from '../domain/records.ts';
import { invalidRequest, objectIsArchived } from '../faults/requests.ts';
import type { Operation } from '../sdk.ts';
import { findVersion, shownVersionId } from '../versions.ts';

/** The members that both inputs have. */
interface ReadInput {
  Bucket: string;
  Key: string;
  ExpectedBucketOwner?: string | undefined;
  VersionId?: string | undefined;
  Range?: string | undefined;
  PartNumber?: number | undefined;
  ChecksumMode?: string | undefined;
  IfMatch?: string | undefined;
  IfNoneMatch?: string | undefined;
  IfModifiedSince?: Date | undefined;
  IfUnmodifiedSince?: Date | undefined;
  ResponseCacheControl?: string | undefined;
  ResponseContentDisposition?: string | undefined;
  ResponseContentEncoding?: string | undefined;
  ResponseContentLanguage?: string | undefined;
  ResponseContentType?: string | undefined;
  ResponseExpires?: Date | undefined;
}

/** Throws NoSuchBucket, NoSuchKey, NoSuchVersion, PreconditionFailed, NotModified, InvalidRange, InvalidObjectState. */
export const GetObject: Operation<'GetObject'> = (s3, input) => {
  const { version, range, head } = resolveRead(s3, input, 'GET');
  if (isArchived(version, s3.now())) throw objectIsArchived(version.description.storageClass!);
  return { ...head, Body: s3.contents.read(version.content.segments, range) };
};

/** As GetObject, without the body; archived objects are not an error. */
export const HeadObject: Operation<'HeadObject'> = (s3, input) => resolveRead(s3, input, 'HEAD').head;

/** Finds the version and checks conditions and range. Throws the errors of GetObject. */
function resolveRead(s3: S3, input: ReadInput, method: string) {
  refuseCustomerKeys(input);
  const bucket = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
  const version = findVersion(s3, bucket, input.Key, input.VersionId, method);
  const { content, lastModified } = version;
  checkRead(
    {
      ifMatch: input.IfMatch,
      ifNoneMatch: input.IfNoneMatch,
      ifModifiedSince: input.IfModifiedSince,
      ifUnmodifiedSince: input.IfUnmodifiedSince,
    },
    { etag: content.etag, lastModified },
  );
  const range = rangeOf(input, version);
  return {
    version,
    range,
    head: { ...headOf(bucket, version, input, range), ...restoreOf(version, s3.now()), ...overrides(input) },
  };
}

function rangeOf({ Range, PartNumber }: ReadInput, { content }: LiveVersion): Range | undefined {
  if (PartNumber === undefined) return parseRange(Range, content.size);
  if (Range !== undefined)
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  return rangeOfPart(content.segments, PartNumber, content.size);
}

function headOf(bucket: BucketRecord, version: LiveVersion, input: ReadInput, range: Range | undefined) {
  const { content, lastModified, versionId, description, protection } = version;
  const isWhole = !range || (range.first === 0 && range.last === content.size - 1);
  const isInParts = content.segments.some(({ partNumber }) => partNumber !== undefined);
  return {
    AcceptRanges: 'bytes',
    LastModified: new Date(lastModified),
    ETag: quoted(content.etag),
    ContentLength: range ? range.last - range.first + 1 : content.size,
    ContentRange: range && `bytes ${range.first}-${range.last}/${content.size}`,
    VersionId: shownVersionId(bucket, versionId),
    PartsCount: input.PartNumber !== undefined && isInParts ? content.segments.length : undefined,
    ...(input.ChecksumMode === 'ENABLED' && isWhole ? showChecksum(content.checksum) : {}),
    ...showDescription(description),
    ...showEncryption(protection?.encryption),
    ...showLock(protection?.lock),
  };
}

const restoreOf = ({ restoredUntil = 0 }: LiveVersion, now: number) =>
  restoredUntil > now && {
    Restore: `ongoing-request="false", expiry-date="${new Date(restoredUntil).toUTCString()}"`,
  };

function overrides(input: ReadInput) {
  const asked = {
    CacheControl: input.ResponseCacheControl,
    ContentDisposition: input.ResponseContentDisposition,
    ContentEncoding: input.ResponseContentEncoding,
    ContentLanguage: input.ResponseContentLanguage,
    ContentType: input.ResponseContentType,
    Expires: input.ResponseExpires,
  };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)) as {
    [K in keyof typeof asked]?: NonNullable<(typeof asked)[K]>;
  };
}
