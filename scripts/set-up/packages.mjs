// Installs the npm packages of the lock file. A stamp in node_modules records the lock file that they came from.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetUpError, say } from './say.mjs';
import { readStamp, stampOf } from './stamp.mjs';
import { findCommand, runQuietly } from './system.mjs';

/** Returns whether they had to be installed. */
export function ensurePackages(root) {
  const stampFile = join(root, 'node_modules', '.lock-file-hash');
  const wanted = stampOf(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  if (readStamp(stampFile) === wanted) return false;
  say('installing the packages (npm ci)…');
  runNpm(['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], root);
  writeFileSync(stampFile, wanted);
  return true;
}

/** Runs npm in `folder`. Throws a SetUpError when it fails. */
export function runNpm(args, folder) {
  // Runs npm-cli.js by its path when npm started this process: the PATH may have another npm, or none.
  const cli = process.env.npm_execpath;
  const [command, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  const succeeded = runQuietly(command, [...first, ...args], { cwd: folder });
  if (!succeeded && !first.length && !findCommand('npm')) {
    throw new SetUpError('npm is not on the PATH; install it (it comes with Node) and try again.');
  }
  if (!succeeded) throw new SetUpError(`npm ${args[0]} failed (above); try again once the cause is removed.`);
}
