// The clients that the tests drive besides those from npm. Where one cannot be had its tests are skipped, which
// is said here and by the tests themselves.

import { existsSync } from 'node:fs';
import { say } from './say.mjs';
import { findCommand, installPackages, mayInstall, outputOf, packageManager } from './system.mjs';

const CLIENTS = [
  { name: 'the AWS CLI', debianPackage: 'awscli', isThere: () => findCommand('aws') },
  { name: 'boto3 for Python', debianPackage: 'python3-boto3', isThere: () => hasPythonModule('boto3') },
  { name: 'redis-py for Python', debianPackage: 'python3-redis', isThere: () => hasPythonModule('redis') },
  { name: 'redis-cli', debianPackage: 'redis-tools', isThere: () => findCommand('redis-cli') },
  { name: 'dig', debianPackage: 'dnsutils', isThere: () => findCommand('dig') },
];

export function ensureTestClients() {
  const missing = CLIENTS.filter((client) => !client.isThere());
  if (missing.length === 0) return;
  if (packageManager() === 'apt-get' && mayInstall()) {
    const packages = missing.map((client) => client.debianPackage);
    say(`installing what the tests drive: ${packages.join(', ')}…`);
    // One missing package fails all of them, so then each is tried by itself.
    if (!installPackages(...packages)) for (const name of packages) installPackages(name);
  }
  for (const client of missing) {
    if (!client.isThere()) say(`${client.name} cannot be had here; the tests that need it will be skipped.`);
  }
}

// Debian's folder first: asking Python takes half a second.
const hasPythonModule = (name) =>
  existsSync(`/usr/lib/python3/dist-packages/${name}`) ||
  outputOf('python3', '-c', `import ${name}`) !== undefined;
