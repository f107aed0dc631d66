// Bytes as text, refusing what is no UTF-8.

import { isUtf8 } from 'node:buffer';
import type { Fault } from './fault.ts';

/** Throws what `refusal` makes of the reason. */
export function decodeUtf8(bytes: Buffer, refusal: (reason: string) => Fault): string {
  if (!isUtf8(bytes)) throw refusal('is not valid UTF-8');
  return bytes.toString('utf8');
}
