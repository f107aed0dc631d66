// Object lock: until when a version cannot be deleted, and who can bypass that. Pure.

import { invalidLockRequest, lockedByObjectLock } from '../faults/objects.ts';
import { invalidArgument, invalidRequest, malformedXml } from '../faults/requests.ts';
import { integer, oneOf, structure } from './documents.ts';
import type { ObjectLockConfiguration } from './given-settings.ts';
import type { BucketRecord, Lock } from './records.ts';

const DAY_MS = 24 * 3600 * 1000;
const MODE = oneOf('GOVERNANCE', 'COMPLIANCE');

/** The form of PutObjectLockConfiguration's document. */
export const LOCK_FORM = structure(
  {
    ObjectLockEnabled: oneOf('Enabled'),
    Rule: structure(
      {
        DefaultRetention: structure(
          { Mode: MODE, Days: integer(-(2 ** 31)), Years: integer(-(2 ** 31)) },
          { required: ['Mode'], exactlyOneOf: ['Days', 'Years'] },
        ),
      },
      { required: ['DefaultRetention'] },
    ),
  },
  { required: ['ObjectLockEnabled'] },
);

/** AWS: the longest default retention is a hundred years. */
const MOST_DAYS = 36_500;
const MOST_YEARS = 100;

/** Validates a document that has the form of LOCK_FORM. Throws InvalidArgument. */
export function checkLockConfiguration({ Rule }: ObjectLockConfiguration): void {
  const { Days, Years } = Rule?.DefaultRetention ?? {};
  const given = Days ?? Years;
  if (given === undefined) return;
  if (given <= 0) throw invalidArgument('Default retention period must be a positive integer value.');
  if ((Days ?? 0) > MOST_DAYS || (Years ?? 0) > MOST_YEARS) {
    throw invalidArgument('Default retention period is too large.');
  }
}

/** Whether the bucket has object lock. */
export const isLockable = ({ settings }: BucketRecord): boolean =>
  settings.ObjectLockConfiguration !== undefined;

/** The lock members of PutObject, CopyObject and CreateMultipartUpload. */
export interface LockInput {
  ObjectLockMode?: string | undefined;
  ObjectLockRetainUntilDate?: Date | undefined;
  ObjectLockLegalHoldStatus?: string | undefined;
}

/**
 * The lock of a new version: as requested, or as the bucket's default says. `now` is in milliseconds. Throws
 * InvalidRequest, InvalidArgument.
 */
export function lockOfNew(bucket: BucketRecord, input: LockInput, now: number): Lock | undefined {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until, ObjectLockLegalHoldStatus: hold } = input;
  const isAsked = mode !== undefined || until !== undefined || hold !== undefined;
  if (isAsked && !isLockable(bucket)) throw invalidLockRequest();
  if ((mode === undefined) !== (until === undefined)) {
    throw invalidArgument(
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
      mode === undefined ? 'x-amz-object-lock-mode' : 'x-amz-object-lock-retain-until-date',
    );
  }
  if (mode !== undefined && mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') {
    throw invalidArgument('Unknown wormMode directive.', 'x-amz-object-lock-mode', mode);
  }
  if (hold !== undefined && hold !== 'ON' && hold !== 'OFF') {
    throw invalidArgument("Legal Hold must be either of 'ON' or 'OFF'", 'x-amz-object-lock-legal-hold', hold);
  }
  if (until) checkFuture(until, now, 'x-amz-object-lock-retain-until-date');
  const asked = { mode: mode as Lock['mode'], until: until?.getTime() };
  const retention = mode === undefined ? defaultRetention(bucket, now) : (asked as Lock);
  if (!retention && hold === undefined) return undefined;
  return { ...retention, ...(hold === undefined ? {} : { isHeld: hold === 'ON' }) };
}

function checkFuture(until: Date, now: number, name: string): void {
  if (Number.isNaN(until.getTime()))
    throw invalidArgument('The retain until date must be provided in ISO 8601 format', name);
  if (until.getTime() <= now)
    throw invalidArgument('The retain until date must be in the future!', name, until.toISOString());
}

function defaultRetention({ settings }: BucketRecord, now: number): Pick<Lock, 'mode' | 'until'> | undefined {
  const configuration = settings.ObjectLockConfiguration as ObjectLockConfiguration | undefined;
  const { Mode, Days, Years } = configuration?.Rule?.DefaultRetention ?? {};
  if (Mode === undefined) return undefined;
  return { mode: Mode, until: now + ((Days ?? 0) + (Years ?? 0) * 365) * DAY_MS };
}

/**
 * The lock with a new retention. Throws MalformedXML, InvalidArgument, or AccessDenied if the present retention forbids
 * it.
 */
export function changeRetention(
  lock: Lock | undefined,
  given: { Mode?: string | undefined; RetainUntilDate?: Date | undefined } | undefined,
  { now, bypass }: { now: number; bypass: boolean },
): Lock {
  const { Mode: mode, RetainUntilDate: until } = given ?? {};
  if ((mode === undefined) !== (until === undefined)) throw malformedXml();
  if (mode !== undefined) MODE(mode);
  if (until) checkFuture(until, now, 'RetainUntilDate');
  const isShorter =
    (until?.getTime() ?? 0) < (lock?.until ?? 0) || (lock?.mode === 'COMPLIANCE' && mode !== 'COMPLIANCE');
  const isRetained = lock?.until !== undefined && lock.until > now;
  if (isRetained && isShorter && !(lock.mode === 'GOVERNANCE' && bypass)) throw lockedByObjectLock();
  const { mode: _, until: __, ...rest } = lock ?? {};
  return mode === undefined
    ? rest
    : { ...rest, mode: mode as NonNullable<Lock['mode']>, until: until!.getTime() };
}

/** Throws AccessDenied if the version cannot be deleted. */
export function checkDeletion(
  lock: Lock | undefined,
  { now, bypass }: { now: number; bypass: boolean },
): void {
  if (!lock) return;
  const isRetained = lock.until !== undefined && lock.until > now;
  if (lock.isHeld || (isRetained && !(lock.mode === 'GOVERNANCE' && bypass))) throw lockedByObjectLock();
}

/**
 * Whether the request bypasses governance retention. AWS: the header is invalid in a bucket without object lock,
 * whatever its value. Throws InvalidArgument.
 */
export function checkBypass(bucket: BucketRecord, bypass: boolean | undefined): boolean {
  if (bypass !== undefined && !isLockable(bucket)) {
    throw invalidArgument(
      'x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.',
      'x-amz-bypass-governance-retention',
    );
  }
  return bypass === true;
}

/** For operations on retentions and legal holds. Throws InvalidRequest if the bucket has no object lock. */
export function requireLockable(bucket: BucketRecord): void {
  if (!isLockable(bucket)) throw invalidRequest('Bucket is missing Object Lock Configuration');
}

/** The lock members of GetObject and HeadObject. */
export function showLock(lock: Lock | undefined) {
  if (!lock) return {};
  return {
    ObjectLockMode: lock.mode,
    ObjectLockRetainUntilDate: lock.until === undefined ? undefined : new Date(lock.until),
    ObjectLockLegalHoldStatus:
      lock.isHeld === undefined ? undefined : lock.isHeld ? ('ON' as const) : ('OFF' as const),
  };
}
