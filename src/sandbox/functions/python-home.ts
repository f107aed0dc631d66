// The virtual environment that all Python functions of one version share: made at the first of them, with pip and the
// packages that Lambda's own runtime brings; without a network it shows the host's packages instead.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Log } from '../../kernel/log.ts';
import type { Interpreter } from './interpreters.ts';
import type { Language } from './runtimes.ts';

export interface PythonHomeOptions {
  directory: string;
  /** As pip wants them; empty for the host's own packages. */
  packages: readonly string[];
  log: Log;
  signal: AbortSignal;
}

const MAKE_TIMEOUT_MS = 60_000;
const INSTALL_TIMEOUT_MS = 180_000;
const PIP = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input'];

/** Rejects when Python itself does not make one. Whatever an earlier attempt left behind is not trusted. */
export async function pythonHome(found: Interpreter, options: PythonHomeOptions): Promise<Language> {
  const { packages, log, signal } = options;
  const kind = packages.length > 0 ? 'python' : 'python-host';
  const home = join(options.directory, `${kind}${found.version}`);
  const language: Language = {
    family: 'python',
    directory: home,
    interpreter: 'python3',
    version: found.version,
  };
  // Named only when complete.
  if (existsSync(join(home, 'pyvenv.cfg'))) return language;
  const partial = `${home}.partial`;
  await rm(partial, { recursive: true, force: true });
  const base = join(found.directory, 'bin', found.interpreter);
  const run = promisify(execFile);
  const withPip = packages.length > 0 ? [] : ['--without-pip', '--system-site-packages'];
  log.info({ python: base, home }, 'making a virtual environment for Python functions');
  await run(base, ['-m', 'venv', ...withPip, partial], { timeout: MAKE_TIMEOUT_MS, signal });
  if (packages.length > 0) {
    try {
      await run(join(partial, 'bin', 'python3'), [...PIP, ...packages], {
        timeout: INSTALL_TIMEOUT_MS,
        signal,
      });
    } catch (error) {
      if (signal.aborted) throw error;
      log.warn(
        { err: error },
        'pip could not install what Python functions expect; they see the host’s packages',
      );
      await showHostPackages(partial);
    }
  }
  await unbindScripts(join(partial, 'bin'), partial);
  await rename(partial, home);
  return language;
}

async function showHostPackages(home: string): Promise<void> {
  const file = join(home, 'pyvenv.cfg');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/^(include-system-site-packages) = .*$/m, '$1 = true'));
}

/** Functions see it at another path than where it was made. */
async function unbindScripts(bin: string, home: string): Promise<void> {
  for (const name of await readdir(bin)) {
    if (/^(python|activate|Activate)/.test(name)) continue;
    const file = join(bin, name);
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text.startsWith(`#!${home}/`)) await writeFile(file, text.replace(/^#!.*/, '#!/usr/bin/env python3'));
  }
}
