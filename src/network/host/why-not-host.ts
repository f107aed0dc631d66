// Says why Millpond may not change the network of this host.

import { readFileSync } from 'node:fs';
import { lackingCapabilities } from '../capabilities.ts';
import { packagesOf } from '../packages.ts';
import { isInstalled } from '../subnets/tools.ts';

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
  if (lackingCapabilities(['NET_ADMIN'], status).length === 0) return undefined;
  return 'The network of the host needs CAP_NET_ADMIN: run Millpond as root, give its container `--cap-add NET_ADMIN`, or use --network loopback.';
}

const rightsHere = (): HostRights => ({
  platform: process.platform,
  hasIp: isInstalled('ip'),
  status: process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '',
});
