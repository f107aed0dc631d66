// What instances use of this host, where it has it: OpenSSH's server and clients, sudo, and ids of other users. Millpond
// runs without them; `millpond doctor` says what is missing. The tests' set-up installs them.

import { installWithoutService } from './engine.mjs';
import { findCommand, installPackages, mayInstall, packageManager } from './system.mjs';

const isLinux = process.platform === 'linux';

/** Only the programs: the package's service is neither running nor enabled afterwards. */
export const sshServer = {
  name: "OpenSSH's server and clients, and sudo",
  isThere: () => !isLinux || ['sshd', 'ssh', 'scp', 'sftp', 'sudo'].every(findCommand),
  bring() {
    if (!isLinux || !mayInstall()) return;
    if (packageManager() !== 'apt-get') {
      installPackages(
        ...(packageManager() === 'apk' ? ['openssh'] : ['openssh-server', 'openssh-clients']),
        'sudo',
      );
      return;
    }
    if (!findCommand('sshd')) installWithoutService('openssh-server', 'ssh');
    installPackages('openssh-client', 'sudo');
  },
};

export const subordinateIds = {
  name: 'newuidmap',
  isThere: () => !isLinux || findCommand('newuidmap') !== undefined,
  packages: { 'apt-get': ['uidmap'], dnf: ['shadow-utils'], apk: ['shadow-uidmap'] },
};
