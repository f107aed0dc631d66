// Identifiers: random ones, and ones derived from names, which never change.

import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** A random UUID. */
export const newRequestId = (): string => randomUUID();

/** `length` random lower-case hexadecimal digits. */
export function randomHex(length: number): string {
  return randomBytes(Math.ceil(length / 2))
    .toString('hex')
    .slice(0, length);
}

const ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyz0123456789';

/**
 * `length` lower-case letters and digits, beginning with a letter; the same parts give the same token. `length` is at
 * most 32.
 */
export function derivedToken(length: number, ...parts: string[]): string {
  const digest = createHash('sha256').update(parts.join('\0')).digest();
  let token = ALPHANUMERIC[digest[0]! % 26]!;
  for (let i = 1; i < length; i++) token += ALPHANUMERIC[digest[i]! % ALPHANUMERIC.length]!;
  return token;
}

/** `length` hexadecimal digits, at most 64; the same parts give the same digits. */
export function derivedHex(length: number, ...parts: string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, length);
}

/** A UUID in form only; the same parts give the same one. */
export const derivedUuid = (...parts: string[]): string =>
  derivedHex(32, ...parts).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
