// An engine, Redis or Valkey 7 or newer: one that is there, else the system's package. What we install is only
// a program: its package's service is neither left running nor enabled, for Millpond starts its own servers.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetUpError, say } from './say.mjs';
import {
  aptCandidate,
  findCommand,
  installPackages,
  mayInstall,
  outputOf,
  packageManager,
  runAsRoot,
  updateApt,
} from './system.mjs';

const SERVERS = ['valkey-server', 'redis-server'];
const MINIMUM_MAJOR = 7;

/** Package names in the order of preference, by package manager. */
const PACKAGES = {
  'apt-get': ['redis-server', 'valkey-server'],
  dnf: ['valkey', 'redis'],
  apk: ['valkey', 'redis'],
  brew: ['valkey', 'redis'],
};

export function ensureEngine() {
  const tooOld = [];
  if (hasEngine(tooOld)) return;
  const manager = packageManager();
  const remedy = `install Redis or Valkey ${MINIMUM_MAJOR} or newer so that redis-server or valkey-server is on the PATH`;
  if (!manager)
    throw new SetUpError(
      `no engine is here and no package manager that I know (apt, dnf, apk, brew): ${remedy}, and try again.`,
    );
  const found = tooOld.length > 0 ? `only ${tooOld.join(' and ')}` : 'no engine';
  if (!mayInstall()) {
    const byHand = `${manager} install ${PACKAGES[manager][0]}`;
    throw new SetUpError(
      `${found} is here, and installing one needs root: run \`${byHand}\` as root and try again.`,
    );
  }
  say(`${found} is here; installing one with ${manager}…`);
  const name =
    manager === 'apt-get' ? newEnoughAptPackage() : PACKAGES[manager].find((each) => installPackages(each));
  if (manager === 'apt-get' && name) installWithoutService(name);
  if (hasEngine([])) return;
  throw new SetUpError(
    name
      ? `the package ${name} could not be installed (above): ${remedy}, and try again.`
      : `${manager} has no engine that is new enough: ${remedy}, and try again.`,
  );
}

/** Adds what is found but too old to `tooOld`. */
function hasEngine(tooOld) {
  for (const server of SERVERS) {
    const file = findCommand(server);
    const version = file && /\bv=(\d+[\d.]*)/.exec(outputOf(file, '--version') ?? '')?.[1];
    if (!version) continue;
    if (Number.parseInt(version, 10) >= MINIMUM_MAJOR) return true;
    tooOld.push(`${server} ${version}`);
  }
  return false;
}

function newEnoughAptPackage() {
  updateApt();
  return PACKAGES['apt-get'].find((name) => Number.parseInt(aptCandidate(name) ?? '0', 10) >= MINIMUM_MAJOR);
}

// Debian starts a service while it installs the package, unless policy-rc.d forbids it.
const POLICY = '/usr/sbin/policy-rc.d';

/** Installs a Debian package whose service must not run. */
export function installWithoutService(name) {
  const folder = mkdtempSync(join(tmpdir(), 'millpond-set-up-'));
  const ownPolicy = !findCommand('policy-rc.d');
  try {
    if (ownPolicy) {
      const draft = join(folder, 'policy-rc.d');
      writeFileSync(draft, '#!/bin/sh\nexit 101\n');
      runAsRoot('install', '-m', '755', draft, POLICY);
    }
    installPackages(name);
  } finally {
    if (ownPolicy) runAsRoot('rm', '-f', POLICY);
    rmSync(folder, { recursive: true, force: true });
  }
  disableService(name);
}

function disableService(name) {
  // `--now` needs systemd to run, as it does not in a container; there nothing was started either.
  const now = existsSync('/run/systemd/system') ? ['--now'] : [];
  if (findCommand('systemctl')) runAsRoot('systemctl', '--quiet', 'disable', ...now, name);
  else if (findCommand('update-rc.d')) runAsRoot('update-rc.d', name, 'disable');
}
