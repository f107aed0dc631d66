// From which address a balancer connects to a target. Pure.

import type { NetworkKind } from '../network/network.ts';

/**
 * The balancer's own address, so that security groups and targets see the balancer; undefined where an answer to it would
 * not arrive, because the target is not in the balancer's network.
 */
export function sourceAddress(network: NetworkKind, own: string, target: string): string | undefined {
  switch (network) {
    case 'subnets':
      return own;
    case 'loopback':
      return target.startsWith('127.') ? own : undefined;
    case 'host':
      return blockOf(target) === blockOf(own) ? own : undefined;
  }
}

/** A block of the host's network has two octets. */
const blockOf = (address: string): string => address.split('.', 2).join('.');
