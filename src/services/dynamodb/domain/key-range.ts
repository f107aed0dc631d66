// Ranges of encoded sort keys. Pure.

import type { KeyRange } from './keys.ts';

/** Whether a sort key lies in a range. */
export function isInRange({ from, to }: KeyRange, key: Buffer): boolean {
  if (from) {
    const order = Buffer.compare(key, from.key);
    if (order < 0 || (order === 0 && !from.isIncluded)) return false;
  }
  if (!to) return true;
  const order = Buffer.compare(key, to.key);
  return order < 0 || (order === 0 && to.isIncluded);
}
