// Decodes UTF-8 strictly.

import { isUtf8 } from 'node:buffer';
import type { Fault } from './fault.ts';

/** The text of the bytes. Throws the Fault that `refusal` makes when they are not valid UTF-8. */
export function decodeUtf8(bytes: Buffer, refusal: (reason: string) => Fault): string {
  if (!isUtf8(bytes)) throw refusal('is not valid UTF-8');
  return bytes.toString('utf8');
}
