// The contract of a network: which addresses nodes get, and where programs and Millpond's own servers run so that they
// use these addresses. There is a folder for each kind.

import type { Socket as UdpSocket } from 'node:dgram';
import type { Server } from 'node:net';
import type { Addresses } from '../engine/driver.ts';

/**
 * `loopback`: addresses of 127.0.0.0/8, on any host. `subnets`: the addresses of the VPC's subnets, in a network of
 * Millpond's own. `host`: addresses of a free block of this host's network.
 */
export type NetworkKind = (typeof NETWORK_KINDS)[number];

/** All kinds; the first is the default. */
export const NETWORK_KINDS = ['loopback', 'subnets', 'host'] as const;

/** An open network. It is held until `release`. */
export interface Network extends Addresses {
  readonly kind: NetworkKind;
  /** Where Millpond's DNS and HTTPS servers listen, as clients in this network see it. */
  readonly serverAddress: string;
  /** Makes an address usable before something listens on it. Rejects with AddressUnavailable. */
  ensure(address: string): Promise<void>;
  /** Rejects with AddressInUse or AddressUnavailable when no process can listen there. */
  assertFree(address: string, port: number): Promise<void>;
  /** The command line that runs this command where nodes have their addresses, in the same process. */
  inside(command: readonly [string, ...string[]]): [string, ...string[]];
  /** Present where Millpond itself is outside of the network: the sockets on which it serves the programs inside. */
  readonly inner?: InnerSockets;
  /**
   * Gives the network back. `running`: nodes keep running in it, and the next Millpond on this directory continues it.
   * `stopped`: nothing runs in it any more, and nothing of it is left. `as-found`: this Millpond started nothing in it.
   */
  release(nodes: NodesLeft): Promise<void>;
}

/** What a Millpond leaves in its network. */
export type NodesLeft = 'running' | 'stopped' | 'as-found';

/** Listening sockets inside of a network, all at `Network.serverAddress`. */
export interface InnerSockets {
  dns: { udp: UdpSocket; tcp: Server };
  https: Server;
  api: Server;
  /** The Runtime API of functions. */
  runtime: Server;
  /** The folder in /proc that lists these sockets: `/proc/4711/net`. */
  procNet: string;
}

/** The ports of `InnerSockets`. AWS: the Runtime API is at port 9001. */
export const INNER_PORTS = { dns: 53, https: 443, api: 4566, runtime: 9001 } as const;
