// The packages that contain the network's tools, in the words of this machine's distribution.

import { readFileSync } from 'node:fs';

/** Each tool with its package: as Debian names it, and where others differ. */
const PACKAGES = {
  unshare: { debian: 'util-linux', alpine: 'util-linux-misc' },
  nsenter: { debian: 'util-linux', alpine: 'util-linux-misc' },
  tail: { debian: 'coreutils' },
  ip: { debian: 'iproute2', fedora: 'iproute' },
  nft: { debian: 'nftables' },
  ss: { debian: 'iproute2', fedora: 'iproute' },
  tc: { debian: 'iproute2', fedora: 'iproute-tc' },
} satisfies Record<string, { debian: string; fedora?: string; alpine?: string }>;

/** A tool that a network uses. */
export type NetworkTool = keyof typeof PACKAGES;

/** The packages of these tools, with spaces between. `release` is the text of /etc/os-release. */
export function packagesOf(tools: readonly NetworkTool[], release = osRelease()): string {
  const families = `${releaseValue(release, 'ID')} ${releaseValue(release, 'ID_LIKE')}`.split(' ');
  const family = families.includes('alpine')
    ? 'alpine'
    : families.some((each) => ['fedora', 'rhel', 'centos', 'suse'].includes(each))
      ? 'fedora'
      : 'debian';
  const names = tools.map((tool) => {
    const packages: { debian: string; fedora?: string; alpine?: string } = PACKAGES[tool];
    return packages[family] ?? packages.debian;
  });
  return [...new Set(names)].join(' ');
}

const releaseValue = (release: string, key: string): string | undefined =>
  new RegExp(`^${key}="?([^"\\n]*)"?$`, 'm').exec(release)?.[1];

function osRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}
