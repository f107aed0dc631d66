// The databases that tests of feeds write to: PostgreSQL and MariaDB. Only the programs are used: the packages' services
// are neither running nor enabled afterwards, because each test starts a server of its own.

import { existsSync, readdirSync } from 'node:fs';
import { installWithoutService } from './engine.mjs';
import { findCommand, installPackages, mayInstall, packageManager } from './system.mjs';

const DEBIAN_POSTGRESQL = '/usr/lib/postgresql';

/** Debian keeps the programs of each version in a directory of its own. */
const hasPostgres = () =>
  findCommand('initdb') !== undefined ||
  (existsSync(DEBIAN_POSTGRESQL) &&
    readdirSync(DEBIAN_POSTGRESQL).some((version) =>
      existsSync(`${DEBIAN_POSTGRESQL}/${version}/bin/initdb`),
    ));

const hasMariadb = () => findCommand('mariadbd') !== undefined;

/** A test client whose package also has a service. */
const database = (name, isThere, packages) => ({
  name,
  isThere,
  bring() {
    const found = packages[packageManager()];
    if (!found || !mayInstall()) return;
    if (packageManager() === 'apt-get') installWithoutService(found, SERVICES[found]);
    else installPackages(found);
  },
});

/** The service of a Debian package, where its name differs. */
const SERVICES = { 'mariadb-server': 'mariadb' };

export const postgres = database('PostgreSQL', hasPostgres, {
  'apt-get': 'postgresql',
  dnf: 'postgresql-server',
  apk: 'postgresql',
  brew: 'postgresql',
});

export const mariadb = database('MariaDB', hasMariadb, {
  'apt-get': 'mariadb-server',
  dnf: 'mariadb-server',
  apk: 'mariadb',
  brew: 'mariadb',
});
