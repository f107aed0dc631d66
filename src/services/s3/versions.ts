// Finding the version of an object that a request means, and making new ones.

import { randomHex } from '../../kernel/ids.ts';
import { checkWrite, type ReadConditions } from './domain/conditions.ts';
import { checkVersionId } from './domain/names.ts';
import {
  type BucketRecord,
  type Content,
  type Description,
  isLive,
  type LiveVersion,
  type VersionRecord,
} from './domain/records.ts';
import { isDeleteMarker, noSuchKey, noSuchVersion } from './faults.ts';
import type { Storage } from './storage.ts';

/** Throws NoSuchKey, NoSuchVersion, or MethodNotAllowed for a delete marker that was asked for by its id. */
export function findVersion(
  { objects }: Storage,
  bucket: BucketRecord,
  key: string,
  versionId: string | undefined,
): LiveVersion {
  if (versionId === undefined) {
    const current = objects.current(bucket.name, key);
    if (current) return current;
    const marker = bucket.versioning && objects.latest(bucket.name, key);
    throw noSuchKey(key, marker ? markerHeaders(marker) : {});
  }
  checkVersionId(versionId);
  const version = objects.version(bucket.name, key, versionId);
  if (!version) throw noSuchVersion(key, versionId);
  if (isLive(version)) return version;
  throw isDeleteMarker({
    ...markerHeaders(version),
    'last-modified': new Date(version.lastModified).toUTCString(),
  });
}

const markerHeaders = ({ versionId }: VersionRecord) => ({
  'x-amz-delete-marker': 'true',
  'x-amz-version-id': versionId,
});

/** AWS: version ids are told only of buckets that ever had versions. */
export const shownVersionId = (bucket: BucketRecord, versionId: string): string | undefined =>
  bucket.versioning === undefined ? undefined : versionId;

const newVersionId = (bucket: BucketRecord): string =>
  bucket.versioning === 'Enabled' ? randomHex(32) : 'null';

/**
 * Stores the object, in whichever way its bucket keeps versions; the bucket and the conditions are looked at again,
 * since much may have happened while the bytes came. Throws a Fault; then `content` is still the caller's.
 */
export function storeObject(
  storage: Storage,
  target: { bucket: string; key: string; content: Content; description: Description },
  conditions: Pick<ReadConditions, 'ifMatch' | 'ifNoneMatch'>,
  alongside: (discard: (blobs: readonly string[]) => void) => void = () => {},
): { bucket: BucketRecord; versionId: string } {
  const { objects, buckets } = storage;
  return storage.change((discard) => {
    const bucket = buckets.get(target.bucket);
    checkReplacement(storage, target.bucket, target.key, conditions);
    const versionId = newVersionId(bucket);
    discard(objects.add({ ...target, versionId, lastModified: storage.now() }));
    alongside(discard);
    return { bucket, versionId };
  });
}

/** Throws PreconditionFailed, or NoSuchKey where there is nothing to match. */
export function checkReplacement(
  { objects }: Storage,
  bucket: string,
  key: string,
  conditions: Pick<ReadConditions, 'ifMatch' | 'ifNoneMatch'>,
): void {
  if (conditions.ifMatch === undefined && conditions.ifNoneMatch === undefined) return;
  const present = objects.current(bucket, key);
  if (!present && conditions.ifMatch !== undefined) throw noSuchKey(key);
  checkWrite(conditions, present?.content);
}

/** Deletes as the bucket's versioning has it; a key that does not exist is no error. */
export function deleteObject(
  storage: Storage,
  bucket: BucketRecord,
  key: string,
  versionId: string | undefined,
): { versionId?: string; isMarker: boolean } {
  const { objects } = storage;
  if (versionId !== undefined) checkVersionId(versionId);
  return storage.change((discard) => {
    if (versionId !== undefined) {
      const version = objects.version(bucket.name, key, versionId);
      if (version) discard(objects.remove(version));
      return { versionId, isMarker: version !== undefined && !isLive(version) };
    }
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
        lastModified: storage.now(),
        description: { metadata: {}, tags: [] },
      }),
    );
    return { versionId: marker, isMarker: true };
  });
}
