// A stamp is a file that says from what something was made. While it says what is wanted nothing has to be done.

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What the stamp should say for these texts. */
export const stampOf = (...texts) => createHash('sha256').update(texts.join('\0')).digest('hex');

/** What it says; `undefined` where there is none. */
export function readStamp(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
