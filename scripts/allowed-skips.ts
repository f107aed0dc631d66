// The reasons for which a test may be skipped when CI=true, each limited to machines on which it is true. Any other
// skip is a failure: a test that is skipped because Millpond is broken must not pass.

import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { release } from 'node:os';
import { dirname } from 'node:path';

/** A reason for which a test may be skipped. */
export interface AllowedSkip {
  /** The beginning of the test's reason. */
  reason: string;
  /** Whether the reason is true on this machine. Called only when a test was skipped for it. */
  isTrue: () => boolean;
  why: string;
}

const isLinux = process.platform === 'linux';
const isRoot = process.getuid?.() === 0;

/** All allowed reasons. */
export const ALLOWED_SKIPS: AllowedSkip[] = [
  {
    reason: 'needs Linux',
    isTrue: () => !isLinux,
    why: 'Namespaces, /proc and all of 127.0.0.0/8 are there on Linux only.',
  },
  {
    reason: 'needs root',
    isTrue: () => !isRoot,
    why: 'Mounting and changing the user take root, and CI may run as a plain user.',
  },
  {
    reason: 'needs port',
    isTrue: () => !isRoot,
    why: 'A plain user may not be allowed ports 53 and 443.',
  },
  {
    reason: 'needs namespaces',
    isTrue: () => !mayMakeNamespaces(),
    why: 'Many containers forbid them.',
  },
  {
    reason: 'needs a network of its own',
    isTrue: () => !mayUnshare('--net', 'nft', 'list', 'tables'),
    why: 'It takes network namespaces and nftables, which many containers forbid or lack.',
  },
  {
    reason: 'needs network namespaces',
    isTrue: () => !mayUnshare('--net', '--mount', 'true'),
    why: 'Many containers forbid them.',
  },
  {
    reason: 'needs user namespaces',
    isTrue: () => spawnSync('unshare', ['--user', '--map-root-user', 'true']).status !== 0,
    why: 'Many containers, and some systems, forbid them.',
  },
  {
    reason: 'needs dpkg',
    isTrue: () => !existsSync('/usr/bin/dpkg-deb'),
    why: 'Packages are installed in instances by the host’s own package manager.',
  },
  {
    reason: 'has yum',
    isTrue: () => existsSync('/usr/bin/yum'),
    why: 'Instances then have this host’s own.',
  },
  {
    reason: 'this machine has no Podman',
    isTrue: () => spawnSync('podman', ['version']).status !== 0,
    why: 'The set-up does not install it: it is only a peer.',
  },
  {
    reason: 'needs a clone that other users may read',
    isTrue: () => !mayOthersEnter(import.meta.dirname),
    why: 'A test that runs as another user cannot read a clone below a private home.',
  },
  {
    reason: 'needs Linux 6.14',
    isTrue: () => isLinux && isOlderThan(6, 14),
    why: 'Older kernels count the processes of the whole machine and not those of a namespace.',
  },
  {
    reason: 'needs pasta or slirp4netns',
    isTrue: () => !isRoot && !(isOnThePath('pasta') || isOnThePath('slirp4netns')),
    why: 'Set-up installs one where it may.',
  },
  {
    reason: 'needs Go',
    isTrue: () => !isRoot && !isOnThePath('go'),
    why: 'Set-up installs it where it may.',
  },
  {
    reason: 'needs Go 1.24',
    isTrue: () => !hasGo(1, 24),
    why: 'Not every system has a package that is so new.',
  },
  {
    reason: 'needs a JDK',
    isTrue: () => !isRoot && !(isOnThePath('javac') && existsSync('/usr/share/java/ivy.jar')),
    why: 'Set-up installs it, and Ivy, where it may.',
  },
  {
    reason: 'needs Ruby',
    isTrue: () => !isOnThePath('ruby'),
    why: 'Set-up installs it where it may; functions in other languages need none.',
  },
  {
    reason: 'needs Valkey',
    isTrue: () => !hasValkey(),
    why: 'Not every system has a package of it; all that matters is tested with Redis as well.',
  },
];

/** A skipped test. */
export interface Skip {
  name: string;
  file: string;
  /** `true` or empty when the test gives no reason. */
  reason: string | true;
}

function mayOthersEnter(directory: string): boolean {
  const parent = dirname(directory);
  return (statSync(directory).mode & 0o001) !== 0 && (parent === directory || mayOthersEnter(parent));
}

/** The skips that the list does not allow on this machine. */
export function forbiddenSkips(skips: readonly Skip[], allowed: readonly AllowedSkip[]): Skip[] {
  return skips.filter(
    ({ reason }) => !allowed.some((each) => String(reason).startsWith(each.reason) && each.isTrue()),
  );
}

const mayMakeNamespaces = () => mayUnshare('--mount', '--pid', '--fork', 'true');

/** Whether a command runs in new namespaces. The words are those of `unshare`. */
function mayUnshare(...words: string[]): boolean {
  const asUser = isRoot ? [] : ['--user', '--map-root-user'];
  return isLinux && spawnSync('unshare', [...asUser, ...words]).status === 0;
}

function isOlderThan(major: number, minor: number): boolean {
  const [hasMajor = 0, hasMinor = 0] = release().split('.').map(Number);
  return hasMajor < major || (hasMajor === major && hasMinor < minor);
}

function hasGo(major: number, minor: number): boolean {
  const found = /go(\d+)\.(\d+)/.exec(String(spawnSync('go', ['version']).stdout)) ?? [];
  const [hasMajor = 0, hasMinor = 0] = found.slice(1).map(Number);
  return hasMajor > major || (hasMajor === major && hasMinor >= minor);
}

const hasValkey = () => isOnThePath('valkey-server');

const isOnThePath = (program: string) =>
  [...(process.env.PATH ?? '').split(':'), '/usr/local/bin', '/usr/bin', '/usr/sbin', '/sbin'].some(
    (folder) => existsSync(`${folder}/${program}`),
  );
