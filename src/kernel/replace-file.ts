// Replaces a small file: a reader sees the old text or the new one, also after a crash or on a full disk.

import { renameSync, writeFileSync } from 'node:fs';

/** Writes the text aside, readable by the owner only, and renames it. Throws the system's errors. */
export function replaceFile(file: string, text: string): void {
  const draft = `${file}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
