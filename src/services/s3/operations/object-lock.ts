// Retention and legal hold of one version.

import type { HandlerOf } from '../../../wire/service.ts';
import { oneOf } from '../domain/documents.ts';
import { changeRetention, checkBypass, requireLockable } from '../domain/object-lock.ts';
import type { Lock } from '../domain/records.ts';
import { malformedXml, noSuchLock } from '../faults.ts';
import type { S3 } from '../service.ts';
import type { Storage } from '../storage.ts';
import { findDescribed } from '../versions.ts';

interface Target {
  Bucket: string;
  Key: string;
  VersionId?: string | undefined;
  ExpectedBucketOwner?: string | undefined;
}

function find(storage: Storage, target: Target, method: string) {
  const bucket = storage.buckets.get(target.Bucket, target.ExpectedBucketOwner);
  requireLockable(bucket);
  const version = findDescribed(storage, bucket, target.Key, target.VersionId, method);
  return { bucket, version, lock: version.protection?.lock };
}

function put(storage: Storage, target: Target, change: (found: ReturnType<typeof find>) => Lock): object {
  return storage.change(() => {
    const found = find(storage, target, 'PUT');
    const { version } = found;
    storage.objects.update({ ...version, protection: { ...version.protection, lock: change(found) } });
    return {};
  });
}

export const getObjectRetention =
  (storage: Storage): HandlerOf<S3, 'GetObjectRetention'> =>
  (input) => {
    const { lock } = find(storage, input, 'GET');
    if (lock?.mode === undefined) throw noSuchLock();
    return { Retention: { Mode: lock.mode, RetainUntilDate: new Date(lock.until!) } };
  };

export const putObjectRetention =
  (storage: Storage): HandlerOf<S3, 'PutObjectRetention'> =>
  (input) =>
    put(storage, input, ({ bucket, lock }) => {
      const bypass = checkBypass(bucket, input.BypassGovernanceRetention);
      return changeRetention(lock, input.Retention, { now: storage.now(), bypass });
    });

export const getObjectLegalHold =
  (storage: Storage): HandlerOf<S3, 'GetObjectLegalHold'> =>
  (input) => {
    const { lock } = find(storage, input, 'GET');
    if (lock?.isHeld === undefined) throw noSuchLock();
    return { LegalHold: { Status: lock.isHeld ? 'ON' : 'OFF' } };
  };

export const putObjectLegalHold =
  (storage: Storage): HandlerOf<S3, 'PutObjectLegalHold'> =>
  (input) =>
    put(storage, input, ({ lock }) => {
      const status = input.LegalHold?.Status;
      if (status === undefined) throw malformedXml();
      oneOf('ON', 'OFF')(status);
      return { ...lock, isHeld: status === 'ON' };
    });
