// Creates the virtual environments of Python functions, so that the first function need not wait for pip and tests need
// no registry: `node scripts/prepare-python.ts DIRECTORY`. Reports what it could not create; that is not a failure,
// since Millpond creates environments on demand.

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findInterpreters } from '../src/machines/functions/interpreters.ts';
import { makeHome, RUNTIME_PACKAGES } from '../src/machines/functions/python-home.ts';

const MOST = 3;

const [directory] = process.argv.slice(2);
if (!directory) throw new Error('which directory?');
mkdirSync(directory, { recursive: true });
for (const found of (await findInterpreters('python', process.env.PATH ?? '')).slice(0, MOST)) {
  const home = join(directory, `python${found.version}`);
  if (existsSync(home)) continue;
  console.log(`set-up: making an environment for functions in Python ${found.version}…`);
  try {
    const signal = AbortSignal.timeout(240_000);
    await makeHome(found, home, { packages: RUNTIME_PACKAGES, signal });
  } catch (error) {
    const [reason] = String((error as Error).message)
      .trim()
      .split('\n')
      .slice(-1);
    console.log(`set-up: not now, which is no harm: ${reason}`);
  }
}
