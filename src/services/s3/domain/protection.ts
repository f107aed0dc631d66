// What an upload says besides the object's description: lock, encryption and access control list. Pure.

import { type AclInput, aclOfNew } from './access-control.ts';
import { type EncryptionInput, encryptionOf } from './encryption.ts';
import { type LockInput, lockOfNew } from './object-lock.ts';
import type { BucketRecord, Protection } from './records.ts';

/**
 * The protection of a new version; `undefined` if everything is the default. `now` is in milliseconds. Throws a Fault.
 */
export function protectionOf(
  bucket: BucketRecord,
  input: AclInput & EncryptionInput & LockInput,
  now: number,
): Protection | undefined {
  const encryption = encryptionOf(bucket, input);
  const acl = aclOfNew(input, bucket);
  const lock = lockOfNew(bucket, input, now);
  if (!encryption && !acl && !lock) return undefined;
  return { ...(encryption && { encryption }), ...(acl && { acl }), ...(lock && { lock }) };
}
