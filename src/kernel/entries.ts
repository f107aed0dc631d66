// What a directory contains, when it may not exist.

import { readdir } from 'node:fs/promises';
import { systemCode } from './errors.ts';

/** The names in a directory; none when it does not exist. Rejects with other errors of the system. */
export async function entriesOf(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
