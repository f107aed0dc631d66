// The facts from which a network decides who reaches the outside. Types only.

import type { NetworkRules } from './security-facts.ts';

/** All that a network asks EC2. */
export interface NetworkFacts extends NetworkRules {
  routes: Routes;
}

/** The route tables and gateways of all accounts and regions. Ids are unique over all of them. */
export interface Routes {
  tables: readonly RouteTable[];
  internetGateways: readonly {
    id: string;
    /** The VPCs to which it is attached. */
    vpcIds: readonly string[];
  }[];
  /** Those that are available. */
  natGateways: readonly {
    id: string;
    vpcId: string;
    subnetId: string;
    /** It translates to a public address; a private one only reaches other networks of the user. */
    isPublic: boolean;
  }[];
}

/** A route table. */
export interface RouteTable {
  vpcId: string;
  /** It applies to the subnets of its VPC that have no table of their own. */
  isMain: boolean;
  /** The subnets that are associated with it. */
  subnetIds: readonly string[];
  routes: readonly { destination: string; gatewayId?: string; natGatewayId?: string }[];
}
