// Says why Millpond may not change the network of this host.

import { readFileSync } from 'node:fs';
import { packagesOf } from '../packages.ts';
import { isInstalled } from '../subnets/tools.ts';

/** The bit of CAP_NET_ADMIN in the sets of capabilities (linux/capability.h). */
const NET_ADMIN = 12n;

/** What `whyNotHost` looks at; tests replace it. */
export interface HostRights {
  platform: NodeJS.Platform;
  hasIp: boolean;
  /** /proc/self/status. */
  status: string;
}

/** The reason, as a sentence with what to do; `undefined` where nothing is in the way. */
export function whyNotHost(rights: HostRights = rightsHere()): string | undefined {
  const { platform, hasIp, status } = rights;
  if (platform !== 'linux') return 'The network of the host needs Linux; use --network loopback.';
  if (!hasIp) {
    return `The network of the host needs ip, which this machine lacks; install ${packagesOf(['ip'])}.`;
  }
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  if ((effective >> NET_ADMIN) & 1n) return undefined;
  return 'The network of the host needs CAP_NET_ADMIN: run Millpond as root, give its container `--cap-add NET_ADMIN`, or use --network loopback.';
}

const rightsHere = (): HostRights => ({
  platform: process.platform,
  hasIp: isInstalled('ip'),
  status: process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '',
});
