// The facts from which a network enforces security groups. Types only.

/** A rule of a security group, with exactly one peer: `cidr`, `groupId` or `prefixList`. A rule without one matches nothing. */
export interface Rule {
  isEgress: boolean;
  /** `-1` (all), `tcp`, `udp`, `icmp`, `icmpv6` or a number, as EC2 stores it. */
  protocol: string;
  /** Ports; the type of ICMP, where -1 stands for every type. Absent: all. */
  fromPort?: number | undefined;
  /** The last port; the code of ICMP, where -1 stands for every code. */
  toPort?: number | undefined;
  /** An IPv4 block. */
  cidr?: string | undefined;
  groupId?: string | undefined;
  /** The IPv4 blocks of a prefix list. */
  prefixList?: readonly string[] | undefined;
}

/** A security group. */
export interface SecurityGroup {
  groupId: string;
  vpcId: string;
  /** Interfaces without groups have the group named `default` of their VPC. */
  isDefault: boolean;
  rules: readonly Rule[];
}

/** A VPC with its IPv4 blocks. */
export interface Vpc {
  vpcId: string;
  cidrs: readonly string[];
}

/** The VPCs, subnets and security groups of all accounts and regions. */
export interface NetworkRules {
  vpcs: readonly Vpc[];
  subnets: readonly { subnetId: string; vpcId: string }[];
  groups: readonly SecurityGroup[];
}

/**
 * What has an address in the network. Addresses are unique over all VPCs.
 * - `node`: accepts connections. Connections between nodes are not filtered.
 * - `machine`: opens and accepts connections.
 * - `operator`: a machine that may connect to everything, and to which nothing connects.
 * - `service-only`: a machine outside every VPC. It reaches Millpond and the outside, and nothing connects to it.
 */
export type Inhabitant =
  | { kind: 'node' | 'machine'; address: string; vpcId: string; groupIds: readonly string[] }
  | { kind: 'operator' | 'service-only'; address: string };
