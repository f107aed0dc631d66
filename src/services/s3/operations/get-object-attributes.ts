import { showChecksum } from '../description.ts';
import { refuseCustomerKeys } from '../domain/encryption.ts';
import { MAX_KEYS, partMarker } from '../domain/listing.ts';
import type { Content } from '../domain/records.ts';
import { invalidArgument, noAttributes } from '../faults/requests.ts';
import type { Operation } from '../sdk.ts';
import { findVersion, shownVersionId } from '../versions.ts';

const ATTRIBUTES = new Set(['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize']);

/** Throws NoSuchBucket, NoSuchKey, NoSuchVersion, InvalidRequest, InvalidArgument. */
export const GetObjectAttributes: Operation<'GetObjectAttributes'> = (s3, input) => {
  refuseCustomerKeys(input);
  const bucket = s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
  const { content, description, lastModified, versionId } = findVersion(
    s3,
    bucket,
    input.Key,
    input.VersionId,
  );
  const asked = new Set<string>(input.ObjectAttributes);
  if (asked.size === 0) throw noAttributes();
  const unknown = [...asked].find((name) => !ATTRIBUTES.has(name));
  if (unknown !== undefined)
    throw invalidArgument(
      'Invalid attribute name specified.',
      'x-amz-object-attributes',
      unknown.slice(0, 100),
    );
  return {
    LastModified: new Date(lastModified),
    VersionId: shownVersionId(bucket, versionId),
    ETag: asked.has('ETag') ? content.etag : undefined,
    Checksum: asked.has('Checksum') && content.checksum ? showChecksum(content.checksum) : undefined,
    ObjectParts: asked.has('ObjectParts')
      ? partsOf(content, limitOf(input.MaxParts), partMarker(input.PartNumberMarker))
      : undefined,
    StorageClass: asked.has('StorageClass')
      ? ((description.storageClass ?? 'STANDARD') as 'STANDARD')
      : undefined,
    ObjectSize: asked.has('ObjectSize') ? content.size : undefined,
  };
};

/** AWS: an unusable MaxParts is ignored (https://github.com/versity/versitygw/issues/1806). */
const limitOf = (asked: number | undefined): number =>
  asked !== undefined && Number.isInteger(asked) && asked >= 0 ? Math.min(asked, MAX_KEYS) : MAX_KEYS;

function partsOf({ segments, checksum }: Content, limit: number, marker: number) {
  const parts = segments.filter(({ partNumber }) => partNumber !== undefined);
  if (parts.length === 0) return undefined;
  const rest = parts.filter(({ partNumber }) => partNumber! > marker);
  const page = rest.slice(0, limit);
  return {
    TotalPartsCount: parts.length,
    PartNumberMarker: String(marker),
    NextPartNumberMarker: String(page.at(-1)?.partNumber ?? 0),
    MaxParts: limit,
    IsTruncated: rest.length > page.length,
    // AWS: only objects with composite checksums show their parts.
    Parts:
      checksum?.type === 'COMPOSITE'
        ? page.map((part) => ({
            PartNumber: part.partNumber,
            Size: part.size,
            [`Checksum${checksum.algorithm}`]: part.checksum,
          }))
        : undefined,
  };
}
