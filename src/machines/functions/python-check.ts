// Checks for `doctor` whether Python functions can run on this machine: runs every Python that they might use once,
// in the same root and as the same user as a function. Creates no virtual environment.

import { findInterpreters } from './interpreters.ts';
import { runOnce } from './isolation.ts';
import type { Isolation } from './isolation-types.ts';
import { findHome, type PythonHomeOptions, withoutHome } from './python-home.ts';
import { interpreterOf } from './runtimes.ts';

/** The result for one version. */
export interface PythonCheck {
  /** Major and minor: `3.11`. */
  version: string;
  /** The virtual environment, or the Python that it would be created with. */
  directory: string;
  /** Why it cannot run; absent when it can. */
  failure?: string;
}

/** Checks each version on the PATH. `scratch` is a directory of the caller's. */
export async function checkPython(
  isolation: Isolation,
  scratch: string,
  { path, ...homes }: Pick<PythonHomeOptions, 'directory' | 'prepared' | 'packages'> & { path: string },
): Promise<PythonCheck[]> {
  const checks: PythonCheck[] = [];
  // One at a time: they share the scratch directory.
  for (const found of await findInterpreters('python', path)) {
    const language = (await findHome(found, homes)) ?? withoutHome(found);
    const failure = await runOnce(isolation, { directory: scratch }, language, (place) => [
      ...[interpreterOf(language, place), '-c', 'import json'],
    ]);
    const { version, directory = found.directory } = language;
    checks.push({ version, directory, ...(failure !== undefined && { failure }) });
  }
  return checks;
}
