// Retention and legal hold of a version.

import type { S3 } from '../context.ts';
import { oneOf } from '../domain/documents.ts';
import { changeRetention, checkBypass, requireLockable } from '../domain/object-lock.ts';
import type { Lock } from '../domain/records.ts';
import { noSuchLock } from '../faults/objects.ts';
import { malformedXml } from '../faults/requests.ts';
import type { Operation } from '../sdk.ts';
import { findDescribed } from '../versions.ts';

interface Target {
  Bucket: string;
  Key: string;
  VersionId?: string | undefined;
  ExpectedBucketOwner?: string | undefined;
}

function find(s3: S3, target: Target, method: string) {
  const bucket = s3.buckets.get(target.Bucket, target.ExpectedBucketOwner);
  requireLockable(bucket);
  const version = findDescribed(s3, bucket, target.Key, target.VersionId, method);
  return { bucket, version, lock: version.protection?.lock };
}

function put(s3: S3, target: Target, change: (found: ReturnType<typeof find>) => Lock): object {
  return s3.change(() => {
    const found = find(s3, target, 'PUT');
    const { version } = found;
    s3.objects.update({ ...version, protection: { ...version.protection, lock: change(found) } });
    return {};
  });
}

/** Throws NoSuchKey, NoSuchVersion, InvalidRequest, NoSuchObjectLockConfiguration. */
export const GetObjectRetention: Operation<'GetObjectRetention'> = (s3, input) => {
  const { lock } = find(s3, input, 'GET');
  if (lock?.mode === undefined) throw noSuchLock();
  return { Retention: { Mode: lock.mode, RetainUntilDate: new Date(lock.until!) } };
};

/** Throws NoSuchKey, NoSuchVersion, InvalidRequest, InvalidArgument, MalformedXML, AccessDenied. */
export const PutObjectRetention: Operation<'PutObjectRetention'> = (s3, input) =>
  put(s3, input, ({ bucket, lock }) => {
    const bypass = checkBypass(bucket, input.BypassGovernanceRetention);
    return changeRetention(lock, input.Retention, { now: s3.now(), bypass });
  });

/** Throws NoSuchKey, NoSuchVersion, InvalidRequest, NoSuchObjectLockConfiguration. */
export const GetObjectLegalHold: Operation<'GetObjectLegalHold'> = (s3, input) => {
  const { lock } = find(s3, input, 'GET');
  if (lock?.isHeld === undefined) throw noSuchLock();
  return { LegalHold: { Status: lock.isHeld ? 'ON' : 'OFF' } };
};

/** Throws NoSuchKey, NoSuchVersion, InvalidRequest, MalformedXML. */
export const PutObjectLegalHold: Operation<'PutObjectLegalHold'> = (s3, input) =>
  put(s3, input, ({ lock }) => {
    const status = input.LegalHold?.Status;
    if (status === undefined) throw malformedXml();
    oneOf('ON', 'OFF')(status);
    return { ...lock, isHeld: status === 'ON' };
  });
