// What buckets and objects may be called.

import { derivedHex } from '../../../kernel/ids.ts';
import { invalidBucketName } from '../faults/buckets.ts';
import { emptyVersionId, invalidVersionId, keyTooLong } from '../faults/objects.ts';

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;
const RESERVED = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;
const MAX_KEY_BYTES = 1024;
const VERSION_ID = /^(null|[A-Za-z0-9]{32})$/;

/** Throws InvalidBucketName. */
export function checkBucketName(name: string): void {
  const isValid = BUCKET.test(name) && !name.includes('..') && !ADDRESS.test(name) && !RESERVED.test(name);
  if (!isValid) throw invalidBucketName(name);
}

/** Throws KeyTooLongError. */
export function checkKey(key: string): void {
  const bytes = Buffer.byteLength(key);
  if (bytes > MAX_KEY_BYTES) throw keyTooLong(bytes);
}

const CHECK_DIGITS = 8;

/**
 * A version id of 24 random characters. AWS: an id that it never gave is told from one whose version is gone; here by
 * the last characters, which follow from the others.
 */
export const mintVersionId = (random: string): string =>
  random + derivedHex(CHECK_DIGITS, 's3-version', random);

/** Whether the id may have been given here. */
export function isMintedId(versionId: string): boolean {
  return versionId === 'null' || mintVersionId(versionId.slice(0, -CHECK_DIGITS)) === versionId;
}

/** Throws InvalidArgument for what cannot be a version id. */
export function checkGivenVersionId(versionId: string): void {
  if (versionId === '') throw emptyVersionId();
  if (!VERSION_ID.test(versionId)) throw invalidVersionId(versionId.slice(0, 1024));
}
