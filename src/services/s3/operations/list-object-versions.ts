// ListObjectVersions lists all versions of a bucket's keys and their delete markers, newest first.

import type { S3 } from '../context.ts';
import { checkMaxKeys, keyEncoder, listPage } from '../domain/listing.ts';
import { isMintedId } from '../domain/names.ts';
import { ownerOf } from '../domain/owner.ts';
import { isLive, type VersionRecord } from '../domain/records.ts';
import { invalidArgument } from '../faults/requests.ts';
import type { Operation } from '../sdk.ts';
import { showEntry } from './list-objects.ts';

/** Throws NoSuchBucket, InvalidArgument. */
export const ListObjectVersions: Operation<'ListObjectVersions'> = (s3, input) => {
  const { Bucket, Prefix = '', Delimiter = '', KeyMarker, VersionIdMarker } = input;
  const { buckets, objects } = s3;
  const { accountId } = buckets.get(Bucket, input.ExpectedBucketOwner);
  const limit = checkMaxKeys(input.MaxKeys);
  const encode = keyEncoder(input.EncodingType);
  const begun = markedVersion(s3, Bucket, KeyMarker, VersionIdMarker);
  const page = listPage<VersionRecord>(
    (from, count, behind) => objects.listVersions(Bucket, from, count, behind),
    { prefix: Prefix, delimiter: Delimiter, after: KeyMarker || undefined, limit },
    begun,
  );
  const owner = ownerOf(accountId);
  const isLatest = latestChecker(begun);
  for (const version of page.items) isLatest(version);
  const last = page.items.at(-1);
  const endsWithItem = last !== undefined && page.last === last.key;
  return {
    Name: Bucket,
    Prefix: encode(Prefix),
    Delimiter: Delimiter === '' ? undefined : encode(Delimiter),
    MaxKeys: limit,
    EncodingType: input.EncodingType,
    KeyMarker: encode(KeyMarker ?? ''),
    VersionIdMarker: VersionIdMarker ?? '',
    IsTruncated: page.isTruncated,
    NextKeyMarker: page.isTruncated ? encode(page.last!) : undefined,
    NextVersionIdMarker: page.isTruncated && endsWithItem ? last.versionId : undefined,
    Versions: page.items.filter(isLive).map((version) => ({
      ...showEntry(version, encode),
      StorageClass: 'STANDARD' as const,
      VersionId: version.versionId,
      IsLatest: isLatest(version),
      Owner: owner,
    })),
    DeleteMarkers: page.items
      .filter((version) => !isLive(version))
      .map((version) => ({
        Key: encode(version.key),
        VersionId: version.versionId,
        LastModified: new Date(version.lastModified),
        IsLatest: isLatest(version),
        Owner: owner,
      })),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
};

/** The version after which the page starts; `undefined` if it is gone, which skips all versions of its key. */
function markedVersion(
  { objects }: S3,
  bucket: string,
  key: string | undefined,
  versionId: string | undefined,
): VersionRecord | undefined {
  if (versionId === undefined || versionId === '') return undefined;
  if (key === undefined || key === '') {
    throw invalidArgument(
      'A version-id marker cannot be specified without a key marker.',
      'version-id-marker',
      versionId,
    );
  }
  const version = objects.version(bucket, key, versionId);
  if (!version && !isMintedId(versionId)) {
    throw invalidArgument('Invalid version id specified', 'version-id-marker', versionId.slice(0, 1024));
  }
  return version;
}

/**
 * Tells whether a version is the latest of its key: the first one in the page, unless the page continues a key. Call it
 * in the order of the page.
 */
function latestChecker(begun: VersionRecord | undefined): (version: VersionRecord) => boolean {
  const latest = new Map<string, number>();
  return ({ key, sequence }) => {
    if (!latest.has(key)) latest.set(key, key === begun?.key ? Number.NaN : sequence);
    return latest.get(key) === sequence;
  };
}
