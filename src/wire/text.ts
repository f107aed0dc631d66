// Bytes as text, refusing what is no UTF-8.

import { isUtf8 } from 'node:buffer';
import { Fault } from './fault.ts';

/** Throws a Fault of the given code. */
export function decodeUtf8(bytes: Buffer, faultCode: string): string {
  if (!isUtf8(bytes)) throw new Fault(faultCode, 'The request body is not valid UTF-8.');
  return bytes.toString('utf8');
}
