// The contract of a network: which addresses nodes get, and where programs and Millpond's own servers run so that they
// use these addresses. There is a folder for each kind.

import type { Socket as UdpSocket } from 'node:dgram';
import type { Server } from 'node:net';
import type { Addresses } from '../engine/driver.ts';
import type { Log } from '../kernel/log.ts';
import type { Routes } from './routes.ts';
import type { NetworkRules } from './security-facts.ts';

/**
 * `loopback`: addresses of 127.0.0.0/8, on any host. `subnets`: the addresses of the VPC's subnets, in a network of
 * Millpond's own. `host`: addresses of a free block of this host's network.
 */
export type NetworkKind = (typeof NETWORK_KINDS)[number];

/** All kinds; the first is the default. */
export const NETWORK_KINDS = ['loopback', 'subnets', 'host'] as const;

/** How to open a network. */
export interface NetworkOptions {
  dataDir: string;
  /** The kind that the user asks for; the directory's own when absent. */
  kind?: NetworkKind | undefined;
  /** The first two octets of the block that the user asks for; only for the kind `host`. */
  block?: string | undefined;
  /** Pids of processes that may run in the network of an earlier Millpond: its engines. */
  processes(): Promise<readonly number[]>;
  /** The addresses of all nodes. Called only once the records are read. */
  nodeAddresses(): ReadonlySet<string>;
  /** Where this host reaches the API. Called only once it listens. */
  hostApi(): { address: string; port: number };
  /** Commands of the user reach this host's loopback, where they do not share its network anyway. */
  reachHost?: boolean | undefined;
  log: Log;
}

/** An open network. It is held until `release`. */
export interface Network extends Addresses {
  readonly kind: NetworkKind;
  /** Where Millpond's DNS and HTTPS servers listen, as clients in this network see it. */
  readonly serverAddress: string;
  /** The API is served at `serverAddress`, too, for programs that do not reach this host's loopback addresses. */
  readonly servesApi?: boolean;
  /** For people: which addresses nodes get, and who reaches them. */
  readonly summary: string;
  /** Makes an address usable before something listens on it. Rejects with AddressUnavailable. */
  ensure(address: string): Promise<void>;
  /** Undoes `ensure` once nothing listens on the address any more, where addresses are taken one by one. */
  withdraw?(address: string): Promise<void>;
  /** Rejects with AddressInUse or AddressUnavailable when no process can listen there. */
  assertFree(address: string, port: number): Promise<void>;
  /** The command line that runs this command where nodes have their addresses, in the same process. */
  inside(command: readonly [string, ...string[]]): [string, ...string[]];
  /** Present where process trees can have a network interface of their own. Elsewhere they share this host's. */
  readonly interfaces?: Interfaces;
  /** Present where packets that no security group allows are dropped. Elsewhere nothing is. */
  readonly enforcement?: Enforcement;
  /** Present where machines reach the outside through Millpond. Elsewhere they do through this host's network. */
  readonly outside?: Outside;
  /** The address at which commands of the user reach this host's loopback, where they do not share it. */
  readonly hostAddress?: string;
  /**
   * Present where Millpond itself is outside of the network: the sockets on which it serves the programs inside. They
   * open while Millpond starts; rejects with NetworkUnavailable. `release` closes them.
   */
  readonly inner?: Promise<InnerSockets>;
  /** Present where packets can be cut. */
  readonly packets?: PacketCuts;
  /**
   * Gives the network back. `running`: nodes keep running in it, and the next Millpond on this directory continues it.
   * `stopped`: nothing runs in it any more, and nothing of it is left. `as-found`: this Millpond started nothing in it.
   */
  release(nodes: NodesLeft): Promise<void>;
}

/** The network interfaces of machines: each gives a process tree an address and a network namespace of its own. */
export interface Interfaces {
  /**
   * Opens an interface. Resolves once processes can be started with it; rejects with AddressUnavailable when the subnet has
   * no free address, or the address is in use.
   */
  open(spec: InterfaceSpec): Promise<NetworkInterface>;
  /** The open interfaces. */
  list(): readonly OpenInterface[];
}

/** What an interface is to be. */
export interface InterfaceSpec {
  /** Absent: outside of every VPC, from where only Millpond and the outside can be reached. */
  subnet?: InterfaceSubnet | undefined;
  /** This address instead of any free one of the subnet. Several process trees at one address share the interface. */
  address?: string | undefined;
  /** The process tree runs already, and an earlier Millpond gave it the address. */
  isThere?: boolean;
  /** The pid of a process of that tree; further processes join it. */
  program?: number;
  securityGroupIds: readonly string[];
  /** The user's own commands: everything lets them in, whatever security groups say. */
  isOperator: boolean;
  /** It has a public address, without which an internet gateway lets nothing out. False when absent. */
  hasPublicAddress?: boolean | undefined;
}

/** A subnet as far as interfaces need it. */
export interface InterfaceSubnet {
  id: string;
  cidr: string;
  vpcId: string;
  /** The first CIDR of the VPC, whose base plus two is the address of its resolver. */
  vpcCidr: string;
}

/** An interface with its address. */
export interface OpenInterface extends InterfaceSpec {
  readonly address: string;
}

/** An interface for a process tree. */
export interface NetworkInterface extends OpenInterface {
  /** The DNS server that its programs should ask. */
  readonly resolver: string;
  /** Resolves once its packets pass; rejects with an OperationalError if they never will. */
  readonly ready: Promise<void>;
  /** The command line that runs this command with the interface, in the same process. */
  inside(command: readonly string[]): [string, ...string[]];
  /** Changes what security groups and routes go by; in force some milliseconds later. */
  change(facts: Pick<InterfaceSpec, 'securityGroupIds' | 'hasPublicAddress'>): void;
  /** Call it when nothing uses it any more. Never rejects. */
  close(): Promise<void>;
}

/** Enforces security groups on nodes and machines. */
export interface Enforcement {
  /** The nodes of an ElastiCache group, by any key of it; none when the group is deleted. */
  setNodes(group: string, nodes: readonly NodePlace[]): void;
  /** Call it after each change of VPCs, subnets or security groups. */
  rulesChanged(): void;
  /**
   * Begins: replaces whatever an earlier Millpond enforced. Resolves when it is done. `rules` is called when they are
   * needed and may have changed. Absent: nobody knows the rules, and everything is allowed.
   */
  begin(rules: (() => Promise<NetworkRules>) | undefined): Promise<void>;
}

/** A node, for security groups. */
export interface NodePlace {
  address: string;
  subnetId: string;
  securityGroupIds: readonly string[];
}

/** The way from machines to what is outside of the network. */
export interface Outside {
  /**
   * Begins: continues what an earlier Millpond left. `routes` is called when they are needed and may have changed. Absent:
   * nobody knows the routes, and every machine may leave.
   */
  begin(routes: (() => Promise<Routes>) | undefined): Promise<void>;
  /** Call it after each change of route tables and gateways. */
  routesChanged(): void;
  state(): OutsideState;
}

/** Whether there is a way out. */
export type OutsideState =
  /** No machine has needed it so far. */
  | { is: 'closed' }
  | { is: 'open'; program: string; pid: number }
  /** A clause that says why there is none and what to do. */
  | { is: 'missing'; reason: string };

/** What a Millpond leaves in its network. */
export type NodesLeft = 'running' | 'stopped' | 'as-found';

/** Listening sockets inside of a network, at `Network.serverAddress` unless another address is given. */
export interface InnerSockets {
  dns: { udp: UdpSocket; tcp: Server };
  https: Server;
  api: Server;
  /** The Runtime API of functions. */
  runtime: Server;
  /** The instance metadata service, at `METADATA_ADDRESS`. */
  metadata: Server;
  /** The folder in /proc that lists these sockets: `/proc/4711/net`. */
  procNet: string;
}

/** The ports of `InnerSockets`. AWS: the Runtime API is at port 9001. */
export const INNER_PORTS = { dns: 53, https: 443, api: 4566, runtime: 9001, metadata: 80 } as const;
/** AWS: where instances find their metadata. */
export const METADATA_ADDRESS = '169.254.169.254';

/** Drops packets between addresses, as a network fault does. */
export interface PacketCuts {
  /** Cuts of an earlier Millpond may still be in force. */
  readonly mayHaveCuts: boolean;
  /**
   * Drops the packets of these pairs and no others: the whole set is replaced at once. Addresses, or ranges such as
   * `10.0.3.4-10.0.3.9`; no two pairs overlap. Rejects with CommandFailed.
   */
  applyCuts(pairs: readonly { from: string; to: string }[]): Promise<void>;
  /** Closes the connections of each node with the others, given by their addresses. */
  endConnections(between: ReadonlyMap<string, readonly string[]>): Promise<void>;
  /** The sentence that says why packets cannot be delayed here. */
  whyNoDelay(): Promise<string>;
}
