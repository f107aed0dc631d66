// The pool of node addresses on this machine: one /16 of loopback, held while Millpond runs.

import type { Addresses } from '../../../engine/driver.ts';
import { hostAddresses } from './host-addresses.ts';
import { nextAddress } from './next-address.ts';
import { claimOwnBlock } from './own-block.ts';

/** The pool, with the address of the DNS server. */
export interface LocalAddresses extends Addresses {
  /** The address of the DNS server: 127.B.0.2, as a VPC's resolver is at its base plus two. */
  readonly dnsAddress: string;
  /** Makes an address usable before something listens on it. Rejects with AddressUnavailable. */
  ensure(address: string): Promise<void>;
  /** Releases the block. */
  release(): Promise<void>;
}

/**
 * Claims the block of the last run on this data directory if it is free, else another. `say` gets lines for people.
 * Rejects with AddressUnavailable.
 */
export async function openLocalAddresses(
  dataDir: string,
  say: (line: string) => void,
): Promise<LocalAddresses> {
  const block = await claimOwnBlock(dataDir);
  const host = hostAddresses(say);
  return {
    dnsAddress: block.dnsAddress,
    take: (subnet, used, quarantined) => nextAddress(block.number, subnet, used, quarantined),
    isReady: host.isConfigured,
    owns: (address) => block.contains(address),
    ensure: (address) => host.ensure(address),
    release: () => block.release(),
  };
}

/** An empty pool, for callers that start no nodes or have their own addresses. */
export const noAddresses: LocalAddresses = {
  dnsAddress: '',
  take: () => undefined,
  isReady: () => true,
  owns: () => false,
  ensure: async () => {},
  release: async () => {},
};
