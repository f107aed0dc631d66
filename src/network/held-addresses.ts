// The addresses that programs of services have, other than nodes: load balancers, and tasks that share the network of this
// host. They come from the same subnets as those of nodes. The records of the services say which address belongs to what.

import { OperationalError } from '../kernel/errors.ts';
import type { Network } from './network.ts';

/** Addresses of services' programs. */
export interface HeldAddresses {
  /** Takes a free address of the subnet (CIDR). Throws AddressUnavailable when there is none. */
  take(cidr: string): string;
  /** Takes the address that a record has. Call it before any address is given out, or with an address of `take`. */
  hold(address: string): void;
  /** Whether `take` could have given this address out: an earlier run may have had another block or network. */
  owns(address: string, cidr: string): boolean;
  /** Call it when nothing uses the address any more. It is given out last. */
  release(address: string): void;
  /** All that are held. */
  all(): ReadonlySet<string>;
}

/** `usedByNodes` has the addresses of all nodes. */
export function createHeldAddresses(
  network: Pick<Network, 'take' | 'owns'>,
  usedByNodes: () => ReadonlySet<string>,
): HeldAddresses {
  const held = new Set<string>();
  const released = new Map<string, number>();
  return {
    take(cidr) {
      const address = network.take(cidr, held.union(usedByNodes()), released);
      if (address === undefined) {
        throw new OperationalError('AddressUnavailable', `The subnet ${cidr} has no free address.`);
      }
      released.delete(address);
      held.add(address);
      return address;
    },
    hold: (address) => void held.add(address),
    owns: (address, cidr) => network.owns(address, cidr),
    release(address) {
      if (held.delete(address)) released.set(address, performance.now());
    },
    all: () => held,
  };
}
