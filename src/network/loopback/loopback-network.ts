// The network that every host has: a /16 of 127.0.0.0/8 for each Millpond, an address for each node. Programs of this
// host reach the nodes, and nothing else does.

import { assertFree } from '../assert-free.ts';
import type { Network } from '../network.ts';
import { nextAddress } from '../next-address.ts';
import { hostAddresses } from './host-addresses.ts';
import { claimOwnBlock } from './own-block.ts';

/**
 * Claims the block of the last run on this data directory if it is free, else another. `say` gets lines for people.
 * Rejects with AddressUnavailable.
 */
export async function openLoopbackNetwork(dataDir: string, say: (line: string) => void): Promise<Network> {
  const block = await claimOwnBlock(dataDir);
  const host = hostAddresses(say);
  await host.ensure(block.dnsAddress);
  return {
    kind: 'loopback',
    serverAddress: block.dnsAddress,
    summary: `addresses of 127.${block.number}.0.0/16; programs of this host reach the nodes`,
    take: (subnet, used, quarantined) => nextAddress(subnet, used, quarantined, `127.${block.number}`),
    isReady: host.isConfigured,
    owns: (address) => block.contains(address),
    ensure: (address) => host.ensure(address),
    assertFree,
    inside: (command) => [...command],
    release: () => block.release(),
  };
}

/** A network without addresses, for callers that start no nodes or have their own addresses. */
export const noNetwork: Network = {
  kind: 'loopback',
  serverAddress: '',
  summary: 'none',
  take: () => undefined,
  isReady: () => true,
  owns: () => false,
  ensure: async () => {},
  assertFree,
  inside: (command) => [...command],
  release: async () => {},
};
