// A stamp is a file that records the inputs of a build step. While it matches, the step is skipped.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The stamp for these texts. */
export const stampOf = (...texts) => createHash('sha256').update(texts.join('\0')).digest('hex');

/** The stamp in the file; `undefined` when there is none. */
export function readStamp(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
