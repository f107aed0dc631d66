// DeleteObject and DeleteObjects.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { Fault } from '../../../wire/fault.ts';
import type { Discard, S3 } from '../context.ts';
import { checkKey } from '../domain/names.ts';
import { checkBypass } from '../domain/object-lock.ts';
import type { BucketRecord } from '../domain/records.ts';
import { refuseHeaders } from '../domain/refused-headers.ts';
import { noSuchVersion, userKeyMustBeSpecified } from '../faults/objects.ts';
import { malformedXml } from '../faults/requests.ts';
import type { Operation } from '../sdk.ts';
import { checkReplacement, deleteObject as remove } from '../versions.ts';

const MAX_KEYS = 1000;
/** The number of keys that are deleted in one transaction before other work gets its turn. */
const BATCH = 50;

/** A missing key is not an error. Throws NoSuchBucket, PreconditionFailed, AccessDenied for a locked version. */
export const DeleteObject: Operation<'DeleteObject'> = (s3, input) => {
  const { Bucket, Key, VersionId, ExpectedBucketOwner, IfMatch } = input;
  refuseHeaders(input);
  return s3.changeSoon((discard) => {
    const bucket = s3.buckets.get(Bucket, ExpectedBucketOwner);
    const bypass = checkBypass(bucket, input.BypassGovernanceRetention);
    checkReplacement(s3, Bucket, Key, { ifMatch: IfMatch });
    const target = { key: Key, versionId: VersionId, bypass };
    const { versionId, isMarker } = remove(s3, bucket, target, discard);
    return { VersionId: versionId, DeleteMarker: isMarker || undefined };
  });
};

type Asked = import('@aws-sdk/client-s3').ObjectIdentifier;

/** Deletes up to 1,000 keys. Throws NoSuchBucket, MalformedXML; errors of single keys are in the answer. */
export const DeleteObjects: Operation<'DeleteObjects'> = async (s3, input) => {
  const { Bucket, ExpectedBucketOwner, Delete } = input;
  refuseHeaders(input);
  const { Objects = [], Quiet } = Delete;
  checkBypass(s3.buckets.get(Bucket, ExpectedBucketOwner), input.BypassGovernanceRetention);
  if (Objects.length === 0 || Objects.length > MAX_KEYS) throw malformedXml();
  const deleted: object[] = [];
  const errors: object[] = [];
  for (let from = 0; from < Objects.length; from += BATCH) {
    if (from > 0) await nextTurn();
    s3.change((discard) => {
      const bucket = s3.buckets.get(Bucket, ExpectedBucketOwner);
      const bypass = checkBypass(bucket, input.BypassGovernanceRetention);
      for (const asked of Objects.slice(from, from + BATCH)) {
        const { entry, isError } = removeOne(s3, bucket, asked, { bypass, discard });
        (isError ? errors : deleted).push(entry);
      }
    });
  }
  return {
    ...(Quiet ? {} : { Deleted: deleted }),
    ...(errors.length > 0 ? { Errors: errors } : {}),
  };
};

/** AWS: the answer lists the objects that could not be deleted. */
function removeOne(
  s3: S3,
  bucket: BucketRecord,
  { Key = '', VersionId, ETag }: Asked,
  { bypass, discard }: { bypass: boolean; discard: Discard },
): { entry: object; isError: boolean } {
  const asked = { Key, ...(VersionId === undefined ? {} : { VersionId }) };
  try {
    if (Key === '') throw userKeyMustBeSpecified();
    checkKey(Key);
    checkReplacement(s3, bucket.name, Key, { ifMatch: ETag });
    const { versionId, isMarker } = remove(s3, bucket, { key: Key, versionId: VersionId, bypass }, discard);
    const marker = isMarker ? { DeleteMarker: true, DeleteMarkerVersionId: versionId } : {};
    return { entry: { ...asked, ...marker }, isError: false };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    // AWS: here an id that it never issued is reported as a missing version.
    const isBadId = VersionId !== undefined && error.shape === 'InvalidArgument';
    const { shape, message } = isBadId ? noSuchVersion(Key, VersionId) : error;
    return { entry: { ...asked, Code: shape, Message: message }, isError: true };
  }
}
