// DeleteObject and DeleteObjects.

import { Fault } from '../../../wire/fault.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { malformedXml } from '../faults.ts';
import type { S3 } from '../service.ts';
import type { Storage } from '../storage.ts';
import { checkReplacement, deleteObject as remove } from '../versions.ts';

const MAX_KEYS = 1000;

export const deleteObject =
  (storage: Storage): HandlerOf<S3, 'DeleteObject'> =>
  ({ Bucket, Key, VersionId, ExpectedBucketOwner, IfMatch }) => {
    const bucket = storage.buckets.get(Bucket, ExpectedBucketOwner);
    checkReplacement(storage, Bucket, Key, { ifMatch: IfMatch });
    const { versionId, isMarker } = remove(storage, bucket, Key, VersionId);
    return { VersionId: versionId, DeleteMarker: isMarker || undefined };
  };

export const deleteObjects =
  (storage: Storage): HandlerOf<S3, 'DeleteObjects'> =>
  ({ Bucket, ExpectedBucketOwner, Delete }) => {
    const bucket = storage.buckets.get(Bucket, ExpectedBucketOwner);
    const { Objects = [], Quiet } = Delete;
    if (Objects.length === 0 || Objects.length > MAX_KEYS) throw malformedXml();
    const deleted: object[] = [];
    const errors: object[] = [];
    for (const { Key, VersionId, ETag } of Objects) {
      const asked = { Key, ...(VersionId === undefined ? {} : { VersionId }) };
      try {
        checkReplacement(storage, Bucket, Key!, { ifMatch: ETag });
        const { versionId, isMarker } = remove(storage, bucket, Key!, VersionId);
        deleted.push({
          ...asked,
          ...(isMarker ? { DeleteMarker: true, DeleteMarkerVersionId: versionId } : {}),
        });
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        errors.push({ ...asked, Code: error.shape, Message: error.message });
      }
    }
    return {
      ...(Quiet ? {} : { Deleted: deleted }),
      ...(errors.length > 0 ? { Errors: errors } : {}),
    };
  };
