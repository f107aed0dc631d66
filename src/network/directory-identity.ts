// Distinguishes a data directory from a copy of it: the original's nodes may be running at its addresses.

import { statSync } from 'node:fs';

/**
 * Device and inode: constant while the directory stays on its file system, whatever its name, and different for a
 * copy.
 */
export function identityOf(directory: string): string {
  const { dev, ino } = statSync(directory);
  return `${dev}:${ino}`;
}
