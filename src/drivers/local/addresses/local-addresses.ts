// The addresses of this machine that nodes get: those of one /16 of loopback, held for as long as Millpond runs.

import type { Addresses } from '../../../engine/driver.ts';
import { hostAddresses } from './host-addresses.ts';
import { nextAddress } from './next-address.ts';
import { claimOwnBlock } from './own-block.ts';

export interface LocalAddresses extends Addresses {
  /** Where the DNS server listens: 127.B.0.2, as a VPC's resolver is at its base plus two. */
  readonly dnsAddress: string;
  /** Makes an address usable before something listens on it. Rejects with AddressUnavailable. */
  ensure(address: string): Promise<void>;
  /** Gives the block back. */
  release(): Promise<void>;
}

/** Those of the last run on this data directory, if nobody else has them. `say` gets lines for people. */
export async function openLocalAddresses(
  dataDir: string,
  say: (line: string) => void,
): Promise<LocalAddresses> {
  const block = await claimOwnBlock(dataDir);
  const host = hostAddresses(say);
  return {
    dnsAddress: block.dnsAddress,
    take: (subnet, used, resting) => nextAddress(block.number, subnet, used, resting),
    isReady: host.isConfigured,
    owns: (address) => block.contains(address),
    ensure: (address) => host.ensure(address),
    release: () => block.release(),
  };
}

/** For those who start no node, or start them where they know that they can. */
export const noAddresses: LocalAddresses = {
  dnsAddress: '',
  take: () => undefined,
  isReady: () => true,
  owns: () => false,
  ensure: async () => {},
  release: async () => {},
};
