// The files that a container has in place of its image's: how names resolve there, and which certificate authorities its
// programs trust. Unlike this machine's files, those of an image are not known; the paths are those of all distributions.

import { readFile } from 'node:fs/promises';
import type { Cover, MachineNames } from '../machine.ts';
import { hostsOfThisMachine, renderHosts } from '../names/hosts-file.ts';
import { resolvConf } from '../names/view.ts';
import { bundlePaths, trusting } from '../trust.ts';

/** Where a container is. */
export interface ContainerMachine {
  /** The DNS server of its interface; absent where it shares this host's network. */
  resolver: string | undefined;
  address: string;
  hostName: string;
}

const RESOLVER_PORT = 53;
const LOCAL = '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n';
const RESOLVER_FILE = '/etc/resolv.conf';

/**
 * `authority` (PEM) is Millpond's; absent where AWS's host names do not lead to it. Where the DNS server has no port that
 * programs look for, the names are those of the moment.
 */
export async function containerFiles(
  { resolver, address, hostName }: ContainerMachine,
  { dnsAddress, dnsPort, readNames, authority }: MachineNames & { authority: string | undefined },
): Promise<Cover[]> {
  const nameserver = resolver ?? (dnsPort === RESOLVER_PORT ? dnsAddress : undefined);
  const host = await readFile(RESOLVER_FILE, 'utf8').catch(() => '');
  const own = `${LOCAL}${address} ${hostName}\n`;
  // Programs that share this host's network know it by its own names, too.
  const names = nameserver === undefined && readNames ? await readNames() : {};
  const hosts = resolver === undefined ? renderHosts(names, own + (await hostsOfThisMachine())) : own;
  return [
    { targets: [RESOLVER_FILE], text: nameserver === undefined ? host : resolvConf(host, nameserver) },
    { targets: ['/etc/hosts'], text: hosts },
    { targets: ['/etc/hostname'], text: `${hostName}\n` },
    ...(authority === undefined ? [] : [{ targets: bundlePaths(), text: (await trusting(authority)).text }]),
  ];
}
