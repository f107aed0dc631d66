// The clients that the tests drive, besides those from npm, as a list. A client that needs more than a system package
// has its own file. A client that cannot be installed is reported, and its tests are skipped with that reason.

import { browser } from './browser.mjs';
import { mariadb, postgres } from './databases.mjs';
import { goRedis, goRpcFunction, ociConformance, sessionManagerPlugin } from './go-clients.mjs';
import { sshServer, subordinateIds } from './instance-tools.mjs';
import { javaClients } from './java-clients.mjs';
import { networkTools } from './network-tools.mjs';
import { pythonClients, samCli } from './python-environments.mjs';
import { SetUpError, say } from './say.mjs';
import { findCommand, installPackages, mayInstall, packageManager } from './system.mjs';

/**
 * @typedef {object} TestClient
 * @property {string} name The name in messages.
 * @property {(root: string) => boolean} isThere Whether it is installed. Must be quick: every set-up calls it.
 * @property {Record<string, string[]>} [packages] System packages by package manager, installed first.
 * @property {(root: string) => void} [bring] Further installation steps. Throws a SetUpError when they fail.
 */

/** @type {TestClient[]} */
const TEST_CLIENTS = [
  {
    name: 'redis-cli',
    isThere: () => findCommand('redis-cli') !== undefined,
    packages: { 'apt-get': ['redis-tools'], dnf: ['redis'], apk: ['redis'], brew: ['redis'] },
  },
  {
    name: 'dig and nslookup',
    isThere: () => ['dig', 'nslookup'].every(findCommand),
    packages: { 'apt-get': ['dnsutils'], dnf: ['bind-utils'], apk: ['bind-tools'], brew: ['bind'] },
  },
  {
    name: 'curl',
    isThere: () => findCommand('curl') !== undefined,
    packages: { 'apt-get': ['curl'], dnf: ['curl'], apk: ['curl'], brew: ['curl'] },
  },
  {
    name: 'ruby',
    isThere: () => findCommand('ruby') !== undefined,
    packages: { 'apt-get': ['ruby'], dnf: ['ruby'], apk: ['ruby'], brew: ['ruby'] },
  },
  networkTools,
  browser,
  pythonClients,
  samCli,
  goRedis,
  ociConformance,
  goRpcFunction,
  sessionManagerPlugin,
  {
    name: 'skopeo',
    isThere: () => findCommand('skopeo') !== undefined,
    packages: { 'apt-get': ['skopeo'], dnf: ['skopeo'], apk: ['skopeo'], brew: ['skopeo'] },
  },
  javaClients,
  postgres,
  mariadb,
  sshServer,
  subordinateIds,
];

export function ensureTestClients(root) {
  const missing = TEST_CLIENTS.filter((client) => !client.isThere(root));
  installTogether(missing.flatMap(({ packages }) => packages?.[packageManager()] ?? []));
  for (const client of missing) {
    try {
      client.bring?.(root);
    } catch (error) {
      if (!(error instanceof SetUpError)) throw error;
      say(error.message);
    }
    if (!client.isThere(root))
      say(`${client.name} is not available here; the tests that need it will be skipped.`);
  }
}

function installTogether(packages) {
  if (packages.length === 0 || !mayInstall()) return;
  say(`installing clients for the tests: ${packages.join(', ')}…`);
  // One missing package fails all of them, so each is tried by itself then.
  if (!installPackages(...packages)) for (const name of packages) installPackages(name);
}
