// Python for functions: the interpreter with its venv module, and the environments of functions. Millpond runs without
// it: then Python functions fail with that reason, or wait for their environment at the first invocation.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './say.mjs';
import { findCommand, installPackages, mayInstall, outputOf, packageManager } from './system.mjs';

const PACKAGES = {
  'apt-get': ['python3', 'python3-venv'],
  dnf: ['python3', 'python3-pip'],
  apk: ['python3', 'py3-pip'],
  brew: ['python'],
};

export function ensurePython(root, nodeFile) {
  const environments = join(root, '.toolchain', 'python');
  if (existsSync(environments) && readdirSync(environments).some(isComplete)) return;
  if (!ensureInterpreter())
    return say('there is no Python 3 with venv and pip; functions in Python will not run.');
  const prepare = join(root, 'scripts', 'prepare-python.ts');
  const printed = outputOf(nodeFile, prepare, environments);
  if (printed) process.stdout.write(printed);
}

/** Installs Python with its venv module if it is missing. Returns a Python with venv, or `undefined`. */
export function ensureInterpreter() {
  const manager = packageManager();
  if (!findInterpreter() && manager && mayInstall()) {
    say(`installing Python: ${PACKAGES[manager].join(', ')}…`);
    installPackages(...PACKAGES[manager]);
  }
  return findInterpreter();
}

/** The system's Python comes first: another one on the PATH may belong to a version manager and be removed with it. */
const findInterpreter = () =>
  ['/usr/bin/python3', findCommand('python3')].find(
    (file) => file !== undefined && outputOf(file, '-c', 'import ensurepip, venv') !== undefined,
  );

const isComplete = (name) => !name.endsWith('.partial');
