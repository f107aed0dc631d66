// The machine's package manager and commands. Never changes package sources, and never uses a shell.

import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { say } from './say.mjs';

// Servers may be installed in directories that are not on an ordinary user's PATH.
const MORE_FOLDERS = ['/usr/local/bin', '/usr/bin', '/usr/local/sbin', '/usr/sbin', '/opt/homebrew/bin'];

/** The command's path, or `undefined`. */
export function findCommand(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), ...MORE_FOLDERS];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** The first of `apt-get`, `dnf`, `apk` and `brew` that exists; `undefined` when none does. */
export const packageManager = () => ['apt-get', 'dnf', 'apk', 'brew'].find(findCommand);

/** What a command prints, or `undefined` when it fails or is missing. */
export function outputOf(command, ...args) {
  const { status, stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout : undefined;
}

/** Runs a command as root, through sudo if needed, and reports it. Returns whether it succeeded. */
export function runAsRoot(command, ...args) {
  const words = asRoot(command, ...args);
  if (words[0] === 'sudo') say(`needs root: ${words.join(' ')}`);
  return runQuietly(words[0], words.slice(1), { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
}

/** Runs a program and shows the last lines of its output only when it fails. Returns whether it succeeded. */
export function runQuietly(command, args, options = {}) {
  const result = spawnSync(command, args, {
    ...options,
    encoding: 'utf8',
    stdio: ['inherit', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status === 0) return true;
  const output = result.error?.message ?? `${result.stdout}${result.stderr}`;
  for (const line of output.trimEnd().split('\n').slice(-LINES_OF_A_FAILURE)) console.error(`  ${line}`);
  return false;
}

const LINES_OF_A_FAILURE = 12;

/** Whether packages can be installed: as root, by sudo (which may ask a person for a password), or by brew. */
export const mayInstall = () =>
  mayInstallUnasked() || (findCommand('sudo') !== undefined && process.stdin.isTTY === true);

/** Whether packages can be installed without a password. */
export const mayInstallUnasked = () =>
  packageManager() === 'brew' || process.getuid?.() === 0 || outputOf('sudo', '-n', 'true') !== undefined;

/** The command line with root's rights, for messages. */
export function asRoot(command, ...args) {
  if (process.getuid?.() === 0) return [command, ...args];
  const quiet = process.stdin.isTTY ? [] : ['-n'];
  return [
    'sudo',
    ...quiet,
    ...(command === 'apt-get' ? ['DEBIAN_FRONTEND=noninteractive'] : []),
    command,
    ...args,
  ];
}

let aptIsUpdated = false;

/** Installs packages; returns whether it succeeded. Runs `apt-get update` before the first installation of a run. */
export function installPackages(...packages) {
  switch (packageManager()) {
    case 'apt-get':
      updateApt();
      return runAsRoot(
        'apt-get',
        'install',
        '-y',
        '-q',
        '--no-install-recommends',
        ...LOCK_PATIENCE,
        ...packages,
      );
    case 'dnf':
      return runAsRoot('dnf', 'install', '-y', '-q', ...packages);
    case 'apk':
      return runAsRoot('apk', 'add', '--quiet', ...packages);
    case 'brew':
      return runQuietly('brew', ['install', '--quiet', ...packages]);
    default:
      return false;
  }
}

const LOCK_PATIENCE = ['-o', 'DPkg::Lock::Timeout=120'];

/** Refreshes apt's lists, once per run; an unreachable source only costs its own packages. */
export function updateApt() {
  if (aptIsUpdated) return;
  aptIsUpdated = true;
  if (!runAsRoot('apt-get', 'update', '-q', ...LOCK_PATIENCE))
    say('apt-get update failed; continuing with the existing lists.');
}

/** The version apt would install, without epoch (`7.0.15-1~deb12u6`), or `undefined`. */
export function aptCandidate(name) {
  const policy = outputOf('apt-cache', 'policy', name) ?? '';
  const version = /^\s*Candidate: (?:\d+:)?(\S+)$/m.exec(policy)?.[1];
  return version === '(none)' ? undefined : version;
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
