// The system's programs for a network of subnets (`--network subnets`) and for the network of the host. Millpond runs
// without them, so the users' set-up only says how to install them, and says it once. The tests' set-up installs them.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './say.mjs';
import { readStamp, stampOf } from './stamp.mjs';
import { findCommand, packageManager } from './system.mjs';

/** Each program with its package by package manager. Of the last two, one is enough: they reach the outside. */
const TOOLS = [
  { command: 'ip', packages: { 'apt-get': 'iproute2', dnf: 'iproute', apk: 'iproute2' } },
  { command: 'nft', packages: { 'apt-get': 'nftables', dnf: 'nftables', apk: 'nftables' } },
  { command: 'nsenter', packages: { 'apt-get': 'util-linux', dnf: 'util-linux', apk: 'util-linux-misc' } },
  { command: 'unshare', packages: { 'apt-get': 'util-linux', dnf: 'util-linux', apk: 'util-linux-misc' } },
];
const OUTSIDE = [
  { command: 'slirp4netns', packages: { 'apt-get': 'slirp4netns', dnf: 'slirp4netns', apk: 'slirp4netns' } },
  { command: 'pasta', packages: { 'apt-get': 'passt', dnf: 'passt', apk: 'passt' } },
];

const lacks = ({ command }) => findCommand(command) === undefined;

function missingTools() {
  if (process.platform !== 'linux') return [];
  return [...TOOLS.filter(lacks), ...(OUTSIDE.every(lacks) ? OUTSIDE.slice(0, 1) : [])];
}

/** The missing packages in the words of this package manager. */
const missingPackages = () => [
  ...new Set(missingTools().flatMap(({ packages }) => packages[packageManager()] ?? [])),
];

/** For the list of what the tests drive. */
export const networkTools = {
  name: 'ip, nft, nsenter and slirp4netns',
  isThere: () => missingTools().length === 0,
  get packages() {
    return { [packageManager()]: missingPackages() };
  },
};

/** Says how to install what is missing, once for each set of packages. */
export function offerNetworkTools(root) {
  const names = missingPackages();
  const manager = packageManager();
  if (names.length === 0 || !manager) return;
  const stampFile = join(root, '.toolchain', '.network-tools-offered');
  const wanted = stampOf(manager, ...names);
  if (readStamp(stampFile) === wanted) return;
  const command = `${process.getuid() === 0 ? '' : 'sudo '}${manager} ${manager === 'apk' ? 'add' : 'install'} ${names.join(' ')}`;
  say(
    `for a network of subnets (--network subnets), install more with \`${command}\`; nothing else needs it.`,
  );
  mkdirSync(join(root, '.toolchain'), { recursive: true });
  writeFileSync(stampFile, wanted);
}
