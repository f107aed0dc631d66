// Finds the engines, Redis and Valkey, 7 or newer, or installs them from the system's packages. One of them is
// required. The other is installed if no password is needed, with one attempt. Only the program is used: the package's
// service is neither running nor enabled afterwards, because Millpond starts its own servers.

import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetUpError, say } from './say.mjs';
import { readStamp, stampOf } from './stamp.mjs';
import {
  aptCandidate,
  findCommand,
  installPackages,
  mayInstall,
  mayInstallUnasked,
  outputOf,
  packageManager,
  runAsRoot,
  updateApt,
} from './system.mjs';

const MINIMUM_MAJOR = 7;

/** The engines with their package names by package manager. */
const ENGINES = [
  {
    name: 'Redis',
    server: 'redis-server',
    packages: { 'apt-get': 'redis-server', dnf: 'redis', apk: 'redis', brew: 'redis' },
  },
  {
    name: 'Valkey',
    server: 'valkey-server',
    packages: { 'apt-get': 'valkey-server', dnf: 'valkey', apk: 'valkey', brew: 'valkey' },
  },
];

export function ensureEngines(root) {
  if (enginesThere().names.size === 0) bringOne();
  bringTheOther(root);
}

function bringOne() {
  const { tooOld } = enginesThere();
  const manager = packageManager();
  const remedy = `install Redis or Valkey ${MINIMUM_MAJOR} or newer so that redis-server or valkey-server is on the PATH`;
  if (!manager)
    throw new SetUpError(
      `found no engine and no known package manager (apt, dnf, apk, brew): ${remedy}, and try again.`,
    );
  const found = tooOld.length > 0 ? `only ${tooOld.join(' and ')}` : 'no engine';
  if (!mayInstall()) {
    const byHand = `${manager} install ${preferred(manager)[0].packages[manager]}`;
    throw new SetUpError(
      `${found} is here, and installing one needs root: run \`${byHand}\` as root and try again.`,
    );
  }
  say(`${found} is here; installing one with ${manager}…`);
  for (const engine of preferred(manager)) if (install(engine)) return;
  throw new SetUpError(
    `${manager} has no engine that is new enough, or it failed (above): ${remedy}, and try again.`,
  );
}

/** Debian's older engine is Redis; other systems maintain Valkey. */
const preferred = (manager) => (manager === 'apt-get' ? ENGINES : [...ENGINES].reverse());

function bringTheOther(root) {
  const { names } = enginesThere();
  const other = ENGINES.find(({ name }) => !names.has(name));
  const manager = packageManager();
  if (!other || !manager || !mayInstallUnasked()) return;
  const stampFile = join(root, '.toolchain', '.second-engine');
  const wanted = stampOf(manager, other.name);
  if (readStamp(stampFile) === wanted) return;
  say(`installing ${other.name} in addition to ${[...names]} with ${manager}, if available…`);
  if (!install(other)) say(`${other.name} is not available here; groups that request it run ${[...names]}.`);
  mkdirSync(join(root, '.toolchain'), { recursive: true });
  writeFileSync(stampFile, wanted);
}

/** The engines that are new enough, according to the programs: `redis-server` may be Valkey. */
function enginesThere() {
  const names = new Set();
  const tooOld = [];
  for (const { server } of ENGINES) {
    const file = findCommand(server);
    const [, name, version] =
      /\b(Redis|Valkey) server v=(\d+[\d.]*)/.exec((file && outputOf(file, '--version')) ?? '') ?? [];
    if (!name) continue;
    if (Number.parseInt(version, 10) >= MINIMUM_MAJOR) names.add(name);
    else tooOld.push(`${server} ${version}`);
  }
  return { names, tooOld };
}

/** Returns whether the engine is installed afterwards. */
function install({ name, packages }) {
  const manager = packageManager();
  if (manager === 'apt-get') {
    updateApt();
    const candidate = aptCandidate(packages[manager]);
    if (Number.parseInt(candidate ?? '0', 10) < MINIMUM_MAJOR) return false;
    installWithoutService(packages[manager]);
  } else installPackages(packages[manager]);
  return enginesThere().names.has(name);
}

// Debian starts a service when it installs the package, unless policy-rc.d forbids it.
const POLICY = '/usr/sbin/policy-rc.d';

/** Installs a Debian package without starting its service, which has the package's name unless another is given. */
export function installWithoutService(name, service = name) {
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
  disableService(service);
}

function disableService(name) {
  // `--now` needs a running systemd, which containers lack; there nothing was started either.
  const now = existsSync('/run/systemd/system') ? ['--now'] : [];
  if (findCommand('systemctl')) runAsRoot('systemctl', '--quiet', 'disable', ...now, name);
  else if (findCommand('update-rc.d')) runAsRoot('update-rc.d', name, 'disable');
}
