// What buckets and objects may be called.

import { invalidBucketName, invalidVersionId, keyTooLong } from '../faults.ts';

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

/** Throws InvalidArgument for what is no version id of ours. */
export function checkVersionId(versionId: string): void {
  if (!VERSION_ID.test(versionId)) throw invalidVersionId(versionId);
}
