// Names of buckets, keys of objects and ids of versions. Pure.

import { derivedHex } from '../../../kernel/ids.ts';
import { invalidBucketName } from '../faults/buckets.ts';
import { emptyVersionId, invalidVersionId, keyTooLong } from '../faults/objects.ts';

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$/;
const RESERVED = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;
const MAX_KEY_BYTES = 1024;
const VERSION_ID = /^(null|[A-Za-z0-9]{32})$/;

/** Validates the name of a new bucket. Throws InvalidBucketName. */
export function checkBucketName(name: string): void {
  const isValid = BUCKET.test(name) && !name.includes('..') && !ADDRESS.test(name) && !RESERVED.test(name);
  if (!isValid) throw invalidBucketName(name);
}

/** Validates a key, which has up to 1,024 bytes. Throws KeyTooLongError. */
export function checkKey(key: string): void {
  const bytes = Buffer.byteLength(key);
  if (bytes > MAX_KEY_BYTES) throw keyTooLong(bytes);
}

const CHECK_DIGITS = 8;

/**
 * A version id from 24 random characters. AWS: an id that it never issued gets another error than an id whose version
 * is gone. Here the last characters are check digits.
 */
export const mintVersionId = (random: string): string =>
  random + derivedHex(CHECK_DIGITS, 's3-version', random);

/** Whether Millpond may have issued this id. */
export function isMintedId(versionId: string): boolean {
  return versionId === 'null' || mintVersionId(versionId.slice(0, -CHECK_DIGITS)) === versionId;
}

/** Validates the form of a version id. Throws InvalidArgument. */
export function checkGivenVersionId(versionId: string): void {
  if (versionId === '') throw emptyVersionId();
  if (!VERSION_ID.test(versionId)) throw invalidVersionId(versionId.slice(0, 1024));
}
