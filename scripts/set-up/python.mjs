// Python for functions: the interpreter with its venv module, and the environments that functions run in. Millpond
// runs without: then Python functions fail, saying so, or wait for their environment at the first invocation.

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
  const manager = packageManager();
  if (!hasVenv() && manager && mayInstall()) {
    say(`installing what functions in Python need: ${PACKAGES[manager].join(', ')}…`);
    installPackages(...PACKAGES[manager]);
  }
  if (!hasVenv()) return say('there is no Python 3 with venv and pip; functions in Python will not run.');
  const prepare = join(root, 'scripts', 'prepare-python.ts');
  const printed = outputOf(nodeFile, prepare, environments);
  if (printed) process.stdout.write(printed);
}

const isComplete = (name) => !name.endsWith('.partial');

const hasVenv = () =>
  findCommand('python3') !== undefined && outputOf('python3', '-c', 'import ensurepip, venv') !== undefined;
