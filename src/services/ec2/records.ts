// What EC2 keeps, one record a resource. No views, no rules; tags live apart, under the resource's id.

export interface VpcRecord {
  vpcId: string;
  cidrBlock: string;
  cidrAssociationId: string;
  dhcpOptionsId: string;
  isDefault: boolean;
  enableDnsSupport: boolean;
  enableDnsHostnames: boolean;
}

export interface SubnetRecord {
  subnetId: string;
  vpcId: string;
  cidrBlock: string;
  /** Full name, e.g. `us-east-1a`. */
  zone: string;
  defaultForZone: boolean;
  mapPublicIpOnLaunch: boolean;
}

export interface SecurityGroupRecord {
  groupId: string;
  groupName: string;
  description: string;
  vpcId: string;
  rules: SecurityGroupRule[];
}

/** Exactly one of the four sources (or destinations, for egress) is present. */
export interface SecurityGroupRule {
  ruleId: string;
  isEgress: boolean;
  /** `-1` is every protocol, and then there are no ports. */
  protocol: string;
  fromPort?: number;
  toPort?: number;
  cidrIpv4?: string;
  cidrIpv6?: string;
  prefixListId?: string;
  groupId?: string;
  description?: string;
}

export interface RouteTableRecord {
  routeTableId: string;
  vpcId: string;
  routes: { destination: string; gatewayId: string; origin: 'CreateRouteTable' | 'CreateRoute' }[];
  /** Without a subnet: the main table of its VPC. */
  associations: { associationId: string; subnetId?: string }[];
}

export interface InternetGatewayRecord {
  internetGatewayId: string;
  attachedTo: string[];
}

export interface DhcpOptionsRecord {
  dhcpOptionsId: string;
  options: { key: string; values: string[] }[];
}

export interface TagsRecord {
  resourceId: string;
  /** As DescribeTags names it, e.g. `security-group`. */
  resourceType: string;
  tags: Record<string, string>;
}
