// Finds the version of an object that a request names, and stores and deletes versions as the bucket's versioning
// requires.

import { randomHex } from '../../kernel/ids.ts';
import type { Received } from './contents.ts';
import type { Discard, S3 } from './context.ts';
import { checkWrite, type WriteConditions } from './domain/conditions.ts';
import { checkGivenVersionId, isMintedId, mintVersionId } from './domain/names.ts';
import { checkDeletion } from './domain/object-lock.ts';
import {
  type BucketRecord,
  type Content,
  type Description,
  isLive,
  type LiveVersion,
  type Protection,
  type VersionRecord,
} from './domain/records.ts';
import { invalidVersionId, isDeleteMarker, noSuchKey, noSuchVersion } from './faults/objects.ts';

/**
 * Finds the current object or a version of it. Throws NoSuchKey, NoSuchVersion, InvalidArgument, or MethodNotAllowed
 * for the id of a delete marker.
 */
export function findVersion(
  { objects }: S3,
  bucket: BucketRecord,
  key: string,
  versionId: string | undefined,
  method = 'GET',
): LiveVersion {
  if (versionId === undefined) {
    const current = objects.current(bucket.name, key);
    if (current) return current;
    const marker = bucket.versioning && objects.latest(bucket.name, key);
    throw noSuchKey(key, marker ? markerHeaders(marker) : {});
  }
  checkGivenVersionId(versionId);
  const version = objects.version(bucket.name, key, versionId);
  if (!version) throw isMintedId(versionId) ? noSuchVersion(key, versionId) : invalidVersionId(versionId);
  if (isLive(version)) return version;
  throw isDeleteMarker(method, {
    ...markerHeaders(version),
    'last-modified': new Date(version.lastModified).toUTCString(),
  });
}

/**
 * As `findVersion`. AWS: for tags, locks and access control lists, a current delete marker is reported as
 * MethodNotAllowed.
 */
export function findDescribed(
  s3: S3,
  bucket: BucketRecord,
  key: string,
  versionId: string | undefined,
  method: string,
): LiveVersion {
  const latest = versionId === undefined ? s3.objects.latest(bucket.name, key) : undefined;
  if (latest && !isLive(latest)) throw isDeleteMarker(method, markerHeaders(latest));
  return findVersion(s3, bucket, key, versionId, method);
}

const markerHeaders = ({ versionId }: VersionRecord) => ({
  'x-amz-delete-marker': 'true',
  'x-amz-version-id': versionId,
});

/** The version id as answers show it. AWS: a bucket that never had versioning shows none. */
export const shownVersionId = (bucket: BucketRecord, versionId: string): string | undefined =>
  bucket.versioning === undefined ? undefined : versionId;

const newVersionId = (bucket: BucketRecord): string =>
  bucket.versioning === 'Enabled' ? mintVersionId(randomHex(24)) : 'null';

/** An object to store. */
export interface NewObject {
  bucket: string;
  key: string;
  content: Received;
  description: Description;
  protection?: Protection | undefined;
  /** The multipart upload that the object consists of. */
  uploadId?: string;
}

/**
 * Stores an object as its bucket's versioning requires. The bucket and the conditions are checked again, because they
 * may have changed while the bytes arrived. Throws a Fault; the caller still owns `content` then.
 */
export function storeObject(
  s3: S3,
  { content, protection, ...target }: NewObject,
  conditions: WriteConditions,
): { bucket: BucketRecord; versionId: string } {
  const { objects, uploads, buckets, contents } = s3;
  return s3.change((discard) => {
    const bucket = buckets.get(target.bucket);
    checkReplacement(s3, target.bucket, target.key, conditions);
    const versionId = newVersionId(bucket);
    const kept: Content = contents.keep(content);
    const version = { ...target, content: kept, versionId, lastModified: s3.now() };
    discard(objects.add(protection ? { ...version, protection } : version));
    uploads.overtake(target.bucket, target.key);
    return { bucket, versionId };
  });
}

/**
 * Checks the conditions against the current object. Throws PreconditionFailed, or NoSuchKey if there is nothing to
 * match.
 */
export function checkReplacement(
  { objects }: S3,
  bucket: string,
  key: string,
  conditions: WriteConditions,
): void {
  if (conditions.ifMatch === undefined && conditions.ifNoneMatch === undefined) return;
  const present = objects.current(bucket, key);
  if (!present && conditions.ifMatch !== undefined) throw noSuchKey(key);
  checkWrite(conditions, present?.content);
}

/**
 * Deletes an object or a version as the bucket's versioning requires; a missing key or version is not an error. Call it
 * in a transaction. Throws InvalidArgument, or AccessDenied for a locked version.
 */
export function deleteObject(
  s3: S3,
  bucket: BucketRecord,
  { key, versionId, bypass }: { key: string; versionId: string | undefined; bypass: boolean },
  discard: Discard,
): { versionId?: string; isMarker: boolean } {
  const { objects, uploads } = s3;
  if (versionId !== undefined) return deleteVersion(s3, bucket, { key, versionId, bypass }, discard);
  uploads.overtake(bucket.name, key);
  if (bucket.versioning === undefined) {
    const current = objects.latest(bucket.name, key);
    if (current) discard(objects.remove(current));
    return { isMarker: false };
  }
  const marker = newVersionId(bucket);
  discard(
    objects.add({
      bucket: bucket.name,
      key,
      versionId: marker,
      lastModified: s3.now(),
      description: { metadata: {}, tags: [] },
    }),
  );
  return { versionId: marker, isMarker: true };
}

function deleteVersion(
  s3: S3,
  bucket: BucketRecord,
  { key, versionId, bypass }: { key: string; versionId: string; bypass: boolean },
  discard: Discard,
): { versionId: string; isMarker: boolean } {
  checkGivenVersionId(versionId);
  const version = s3.objects.version(bucket.name, key, versionId);
  if (!version) {
    if (!isMintedId(versionId)) throw invalidVersionId(versionId);
    return { versionId, isMarker: false };
  }
  checkDeletion(version.protection?.lock, { now: s3.now(), bypass });
  discard(s3.objects.remove(version));
  s3.uploads.overtake(bucket.name, key);
  return { versionId, isMarker: !isLive(version) };
}
