// The system's programs for a network of subnets (`--network subnets`) and for the network of the host. Millpond runs
// without them, so the users' set-up only says how to install them, and says it once. The tests' set-up installs them.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { say } from './say.mjs';
import { readStamp, stampOf } from './stamp.mjs';
import { findCommand, packageManager } from './system.mjs';

/** Each program with its package by package manager. */
const TOOLS = [
  { command: 'ip', packages: { 'apt-get': 'iproute2', dnf: 'iproute', apk: 'iproute2' } },
  { command: 'nft', packages: { 'apt-get': 'nftables', dnf: 'nftables', apk: 'nftables' } },
  { command: 'nsenter', packages: { 'apt-get': 'util-linux', dnf: 'util-linux', apk: 'util-linux-misc' } },
  { command: 'unshare', packages: { 'apt-get': 'util-linux', dnf: 'util-linux', apk: 'util-linux-misc' } },
];
/** They join the network to the outside: one is enough for users, and both are tested. */
const WAYS_OUT = [
  { command: 'pasta', packages: { 'apt-get': 'passt', dnf: 'passt', apk: 'passt' } },
  { command: 'slirp4netns', packages: { 'apt-get': 'slirp4netns', dnf: 'slirp4netns', apk: 'slirp4netns' } },
];

const lacks = ({ command }) => process.platform === 'linux' && findCommand(command) === undefined;

/** The packages of these programs in the words of this package manager, each once. */
const packagesOf = (tools) => [...new Set(tools.flatMap(({ packages }) => packages[packageManager()] ?? []))];

/** For the list of what the tests drive. */
export const networkTools = {
  name: 'ip, nft, nsenter, pasta and slirp4netns',
  isThere: () => ![...TOOLS, ...WAYS_OUT].some(lacks),
  get packages() {
    return { [packageManager()]: packagesOf([...TOOLS, ...WAYS_OUT].filter(lacks)) };
  },
};

/** Says how to install what is missing, once for each set of packages. */
export function offerNetworkTools(root) {
  const wayOut = WAYS_OUT.every(lacks) ? WAYS_OUT.slice(0, 1) : [];
  const names = packagesOf([...TOOLS.filter(lacks), ...wayOut]);
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
