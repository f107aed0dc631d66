// Says why this machine does not allow a network namespace, and what to do about it.

import { readFileSync } from 'node:fs';
import { OperationalError } from '../../kernel/errors.ts';
import { lackingCapabilities } from '../capabilities.ts';

/** A setting of the kernel that forbids user namespaces, and the way out. */
const SETTINGS: readonly { file: string; forbids: (value: string) => boolean; wayOut: string }[] = [
  {
    file: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    forbids: (value) => value !== '0',
    wayOut:
      'AppArmor forbids them to this user (kernel.apparmor_restrict_unprivileged_userns); run `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0`',
  },
  {
    file: '/proc/sys/kernel/unprivileged_userns_clone',
    forbids: (value) => value === '0',
    wayOut: 'the kernel forbids them to users; run `sudo sysctl kernel.unprivileged_userns_clone=1`',
  },
  {
    file: '/proc/sys/user/max_user_namespaces',
    forbids: (value) => value === '0',
    wayOut: 'their number is limited to 0; run `sudo sysctl user.max_user_namespaces=10000`',
  },
  {
    file: '/proc/sys/user/max_net_namespaces',
    forbids: (value) => value === '0',
    wayOut: 'their number is limited to 0; run `sudo sysctl user.max_net_namespaces=10000`',
  },
];

/**
 * The error for a failed `unshare` with this error output. `hasUsers`: it asked for a user namespace, too. `read`
 * returns the text of a file, `undefined` when there is none.
 */
export function whyNoNamespace(
  errorText: string,
  hasUsers: boolean,
  read: (file: string) => string | undefined = textOf,
): OperationalError {
  const first = errorText.split('\n')[0] || 'unshare failed';
  return new OperationalError(
    'NetworkUnavailable',
    `This machine allows no network of its own (${first}): ${reason(hasUsers, read)}, or use --network loopback.`,
  );
}

function reason(hasUsers: boolean, read: (file: string) => string | undefined): string {
  const setting = SETTINGS.find(({ file, forbids }) => {
    const value = read(file)?.trim();
    return value !== undefined && (hasUsers || file.includes('max_net')) && forbids(value);
  });
  if (setting) return setting.wayOut;
  const status = read('/proc/self/status') ?? '';
  // Docker's default profile refuses new namespaces in containers without CAP_SYS_ADMIN.
  const isFiltered = /^Seccomp:\s*2$/m.test(status);
  const lacking = lackingCapabilities(['SYS_ADMIN', 'NET_ADMIN'], status);
  const capabilities = lacking.map((name) => `--cap-add ${name}`).join(' ');
  if (isFiltered) {
    const wayOut = hasUsers
      ? '`--security-opt seccomp=unconfined`, or with `--cap-add SYS_ADMIN`'
      : `\`${capabilities || '--security-opt seccomp=unconfined'}\``;
    return `a seccomp filter, such as Docker’s default one, forbids namespaces; start the container with ${wayOut}`;
  }
  if (hasUsers) return 'allow user namespaces to this user, or run Millpond as root';
  return lacking.length > 0
    ? `this process lacks ${lacking.map((name) => `CAP_${name}`).join(' and ')}; start its container with \`${capabilities}\``
    : 'something forbids namespaces to root';
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
