// The virtual environment that all Python functions of one version share. It is created for the first one, with pip
// and the packages of Lambda's own runtime; without a network it uses the host's packages.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Log } from '../../kernel/log.ts';
import type { Interpreter } from './interpreters.ts';
import type { Language } from './language.ts';

/** Where environments are, and what they contain. */
export interface PythonHomeOptions {
  directory: string;
  /** Where set-up may have created some. */
  prepared?: string | undefined;
  /** The packages in pip's syntax; empty for the host's own packages. */
  packages: readonly string[];
  log: Log;
  signal: AbortSignal;
}

/** The packages of Lambda's own runtime. boto3 1.28 is the first to read AWS_ENDPOINT_URL. */
export const RUNTIME_PACKAGES = ['boto3>=1.28', 'pip'];

const MAKE_TIMEOUT_MS = 60_000;
const INSTALL_TIMEOUT_MS = 180_000;
const PIP = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'];
const WITH_HOST_PACKAGES = ['--without-pip', '--system-site-packages'];

/**
 * Finds or creates the environment. Rejects when Python cannot create one. Ignores incomplete ones of earlier
 * attempts.
 */
export async function pythonHome(found: Interpreter, options: PythonHomeOptions): Promise<Language> {
  const { packages, log, signal } = options;
  const there = await findHome(found, options);
  if (there) return there;
  const own = join(options.directory, nameOf(found, packages));
  log.info({ python: programOf(found), home: own }, 'making a virtual environment for Python functions');
  try {
    await makeHome(found, own, { packages, signal });
  } catch (error) {
    if (signal.aborted || packages.length === 0) throw error;
    log.warn(
      { err: error },
      'pip could not install the packages for Python functions; they use the host’s packages',
    );
    await makeHome(found, own, { packages: [], signal });
  }
  return languageAt(own, found);
}

/** An existing environment, if any. */
export async function findHome(
  found: Interpreter,
  { directory, prepared, packages }: Pick<PythonHomeOptions, 'directory' | 'prepared' | 'packages'>,
): Promise<Language | undefined> {
  for (const parent of [prepared ?? directory, directory]) {
    const home = join(parent, nameOf(found, packages));
    const base = await baseOf(home);
    if (base !== undefined) return languageAt(home, { ...found, directory: base });
  }
  return undefined;
}

const nameOf = ({ version }: Interpreter, packages: readonly string[]): string =>
  `${packages.length > 0 ? 'python' : 'python-host'}${version}`;

/**
 * The directory of the Python that created the environment, which may not be the first on the PATH now. `undefined`
 * when the environment or that Python does not exist.
 */
async function baseOf(home: string): Promise<string | undefined> {
  // An environment gets this name only when it is complete.
  const settings = await readFile(join(home, 'pyvenv.cfg'), 'utf8').catch(() => '');
  const bin = /^home\s*=\s*(.+)$/m.exec(settings)?.[1]?.trim();
  return bin !== undefined && existsSync(join(home, 'bin', 'python3')) ? dirname(bin) : undefined;
}

/** Creates an environment. Rejects when venv or pip fails, and then leaves no environment behind. */
export async function makeHome(
  found: Interpreter,
  home: string,
  { packages, signal }: Pick<PythonHomeOptions, 'packages' | 'signal'>,
): Promise<void> {
  await rm(`${home}.partial`, { recursive: true, force: true });
  // venv refuses paths with a colon, and scripts start with the path given to it. So it gets a simple one.
  const detour = await mkdtemp(join(tmpdir(), 'millpond-python-'));
  try {
    await symlink(dirname(home), join(detour, 'to'));
    await makeHomeAt(found, join(detour, 'to', `${basename(home)}.partial`), { packages, signal });
    await rename(`${home}.partial`, home);
  } finally {
    await rm(detour, { recursive: true, force: true });
  }
}

async function makeHomeAt(
  found: Interpreter,
  partial: string,
  { packages, signal }: Pick<PythonHomeOptions, 'packages' | 'signal'>,
): Promise<void> {
  // Functions may run as another user, and Millpond's umask denies others all access.
  const run = (program: string, words: readonly string[], timeout: number) =>
    promisify(execFile)('/bin/sh', ['-c', 'umask 022; exec "$@"', 'millpond-python', program, ...words], {
      ...{ timeout, signal },
    });
  const arguments_ = packages.length > 0 ? [] : WITH_HOST_PACKAGES;
  await run(programOf(found), ['-m', 'venv', ...arguments_, partial], MAKE_TIMEOUT_MS);
  if (packages.length > 0) {
    await run(join(partial, 'bin', 'python3'), [...PIP, ...packages], INSTALL_TIMEOUT_MS);
  }
  await unbindScripts(join(partial, 'bin'), partial);
}

const programOf = (found: Interpreter) => join(found.directory, 'bin', found.interpreter);

/** The language for a Python without a virtual environment. */
export const withoutHome = ({ version, directory, interpreter }: Interpreter): Language => ({
  ...{ family: 'python', directory, visible: [directory], interpreter, version },
});

const languageAt = (home: string, { version, directory }: Interpreter): Language => ({
  family: 'python',
  directory: home,
  visible: [directory],
  interpreter: 'python3',
  version,
});

/** Functions see the environment at another path than the one at which it was created. */
async function unbindScripts(bin: string, home: string): Promise<void> {
  for (const name of await readdir(bin)) {
    if (/^(python|activate|Activate)/.test(name)) continue;
    const file = join(bin, name);
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text.startsWith(`#!${home}/`)) await writeFile(file, text.replace(/^#!.*/, '#!/usr/bin/env python3'));
  }
}
