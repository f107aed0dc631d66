// What is known of an object's bytes: as much of it as is asked for.

import type { HandlerOf } from '../../../wire/service.ts';
import { showChecksum } from '../description.ts';
import type { Content } from '../domain/records.ts';
import type { S3 } from '../service.ts';
import type { Storage } from '../storage.ts';
import { findVersion, shownVersionId } from '../versions.ts';

const MAX_PARTS = 1000;

export const getObjectAttributes =
  (storage: Storage): HandlerOf<S3, 'GetObjectAttributes'> =>
  (input) => {
    const bucket = storage.buckets.get(input.Bucket, input.ExpectedBucketOwner);
    const { content, description, lastModified, versionId } = findVersion(
      storage,
      bucket,
      input.Key,
      input.VersionId,
    );
    const asked = new Set<string>(input.ObjectAttributes);
    return {
      LastModified: new Date(lastModified),
      VersionId: shownVersionId(bucket, versionId),
      ETag: asked.has('ETag') ? content.etag : undefined,
      Checksum: asked.has('Checksum') && content.checksum ? showChecksum(content.checksum) : undefined,
      ObjectParts: asked.has('ObjectParts')
        ? partsOf(content, input.MaxParts, Number(input.PartNumberMarker ?? 0))
        : undefined,
      StorageClass: asked.has('StorageClass')
        ? ((description.storageClass ?? 'STANDARD') as 'STANDARD')
        : undefined,
      ObjectSize: asked.has('ObjectSize') ? content.size : undefined,
    };
  };

function partsOf({ segments, checksum }: Content, maxParts = MAX_PARTS, marker: number) {
  const parts = segments.filter(({ partNumber }) => partNumber !== undefined);
  if (parts.length === 0) return undefined;
  const limit = Math.min(Math.max(maxParts, 0), MAX_PARTS);
  const rest = parts.filter(({ partNumber }) => partNumber! > marker);
  const page = rest.slice(0, limit);
  return {
    TotalPartsCount: parts.length,
    PartNumberMarker: String(marker),
    NextPartNumberMarker: String(page.at(-1)?.partNumber ?? 0),
    MaxParts: limit,
    IsTruncated: rest.length > page.length,
    // AWS: the parts themselves are told only of objects with composite checksums.
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
