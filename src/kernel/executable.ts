// Whether a file can be executed.

import { accessSync, constants } from 'node:fs';

/** Whether this process may execute the file. Blocks: for the command line and for start-up. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
