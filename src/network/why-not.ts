// Says for each kind of network why this machine does not allow it.

import { whyNotHost } from './host/why-not-host.ts';
import type { NetworkKind } from './network.ts';
import { whyNoWorld } from './subnets/world.ts';

/**
 * The reason, as a sentence with what to do; `undefined` where the network can be used. For `subnets` it makes a network
 * namespace and ends it. `loopback` is there always.
 */
export async function whyNot(kind: NetworkKind): Promise<string | undefined> {
  switch (kind) {
    case 'loopback':
      return undefined;
    case 'subnets':
      if (process.platform !== 'linux') return 'A network of subnets needs Linux; use --network loopback.';
      return (await whyNoWorld())?.message;
    case 'host':
      return whyNotHost();
  }
}
