// User data of instances: Base64 of at most 16 KiB, stored as given. Pure.

import { userDataNotBase64, userDataTooLong } from './instance-faults.ts';

const MAX_BYTES = 16_384;

/** Returns the text without white space. Throws InvalidParameterValue. */
export function checkUserData(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const compact = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact) || compact.length % 4 !== 0) throw userDataNotBase64();
  if (Buffer.byteLength(compact, 'base64') > MAX_BYTES) throw userDataTooLong(MAX_BYTES);
  return compact;
}
