// Random identifiers, and those that are derived from a name so that they stay the same for ever.

import { createHash, randomBytes, randomUUID } from 'node:crypto';

export const newRequestId = (): string => randomUUID();

/** `length` lower-case hexadecimal digits. */
export function randomHex(length: number): string {
  return randomBytes(Math.ceil(length / 2))
    .toString('hex')
    .slice(0, length);
}

const ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** `length` lower-case letters and digits (the first one a letter), the same for the same parts. */
export function derivedToken(length: number, ...parts: string[]): string {
  const digest = createHash('sha256').update(parts.join('\0')).digest();
  let token = ALPHANUMERIC[digest[0]! % 26]!;
  for (let i = 1; i < length; i++) token += ALPHANUMERIC[digest[i]! % ALPHANUMERIC.length]!;
  return token;
}

/** `length` hexadecimal digits, the same for the same parts. At most 64. */
export function derivedHex(length: number, ...parts: string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, length);
}
