// What EC2 keeps of each kind of resource. Types alone; tags lie apart, under the resource's id.

export interface VpcRecord {
  vpcId: string;
  cidrBlock: string;
  cidrAssociationId: string;
  dhcpOptionsId: string;
  isDefault: boolean;
  enableDnsSupport: boolean;
  enableDnsHostnames: boolean;
  /** `default` when absent. */
  instanceTenancy?: string;
  /** Its blocks besides the first one. */
  furtherCidrs?: { associationId: string; cidrBlock: string }[];
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
  routes: RouteRecord[];
  /** Without a subnet: the main table of its VPC. */
  associations: { associationId: string; subnetId?: string }[];
}

/** Exactly one target is present. */
export interface RouteRecord {
  /** A CIDR of IPv4, or the id of a prefix list. */
  destination: string;
  /** `local`, an internet gateway or a gateway endpoint. */
  gatewayId?: string;
  natGatewayId?: string;
  instanceId?: string;
  networkInterfaceId?: string;
  origin: 'CreateRouteTable' | 'CreateRoute';
}

export interface NetworkAclRecord {
  networkAclId: string;
  vpcId: string;
  isDefault: boolean;
  entries: NetworkAclEntry[];
  /** Every subnet is in one of its VPC. */
  associations: { associationId: string; subnetId: string }[];
}

/** Its number is unique within its direction. One of the two blocks is present. */
export interface NetworkAclEntry {
  ruleNumber: number;
  egress: boolean;
  action: 'allow' | 'deny';
  /** A number; `-1` is every protocol. */
  protocol: string;
  cidrBlock?: string;
  ipv6CidrBlock?: string;
  ports?: { from: number; to: number };
  icmp?: { type: number; code: number };
}

export interface InternetGatewayRecord {
  internetGatewayId: string;
  attachedTo: string[];
}

export interface DhcpOptionsRecord {
  dhcpOptionsId: string;
  options: { key: string; values: string[] }[];
}

export interface NatGatewayRecord {
  natGatewayId: string;
  vpcId: string;
  subnetId: string;
  connectivity: 'public' | 'private';
  /** Present when public. */
  allocationId?: string;
  publicIp?: string;
  privateIp: string;
  interfaceId: string;
  /** Milliseconds since the epoch, as all times here. */
  createdAt: number;
  /** Still shown for a while. */
  deletedAt?: number;
}

export interface AddressRecord {
  allocationId: string;
  publicIp: string;
  /** Of an association with an instance or an interface; a NAT gateway's has one as well. */
  associationId?: string;
  instanceId?: string;
  interfaceId?: string;
  privateIp?: string;
}

export interface VpcEndpointRecord {
  vpcEndpointId: string;
  vpcId: string;
  serviceName: string;
  type: 'Gateway' | 'Interface';
  policyDocument: string;
  routeTableIds: string[];
  subnets: { subnetId: string; interfaceId: string; privateIp: string }[];
  groupIds: string[];
  privateDnsEnabled: boolean;
  createdAt: number;
}

export interface InstanceRecord {
  instanceId: string;
  reservationId: string;
  imageId: string;
  instanceType: string;
  vpcId: string;
  subnetId: string;
  zone: string;
  privateIp: string;
  /** Its own, gone when it stops; an elastic address is found among the addresses. */
  publicIp?: string;
  wantsPublicIp: boolean;
  interfaceId: string;
  attachmentId: string;
  groupIds: string[];
  sourceDestCheck: boolean;
  keyName?: string;
  /** As given: an ARN or a name. */
  instanceProfile?: string;
  /** Base64, as given; kept and shown, never run. */
  userData?: string;
  ebsOptimized: boolean;
  monitored: boolean;
  terminationProtected: boolean;
  stopProtected?: boolean;
  /** What a shutdown from inside would do; `stop` when absent. */
  shutdownBehavior?: 'stop' | 'terminate';
  metadata?: MetadataOptions;
  /** Of a burstable type; that of its family when absent. */
  cpuCredits?: 'standard' | 'unlimited';
  /** That of its type when absent. */
  cpu?: { cores: number; threads: number };
  /** A root volume of the usual kind when absent. */
  volumes?: VolumeRecord[];
  launchIndex: number;
  launchedAt: number;
  state: 'running' | 'stopped' | 'terminated';
  stateChangedAt: number;
}

export interface VolumeRecord {
  volumeId: string;
  /** e.g. `/dev/xvda`. */
  device: string;
  sizeGiB: number;
  type: string;
  iops?: number;
  /** MiB/s. */
  throughput?: number;
  encrypted: boolean;
  kmsKeyId?: string;
  snapshotId?: string;
  deleteOnTermination: boolean;
}

/** How the instance would reach its metadata; in AWS's words. */
export interface MetadataOptions {
  httpTokens: 'optional' | 'required';
  httpEndpoint: 'enabled' | 'disabled';
  hopLimit: number;
  instanceTags: 'enabled' | 'disabled';
}

export interface KeyPairRecord {
  keyPairId: string;
  keyName: string;
  type: 'rsa' | 'ed25519';
  /** As OpenSSH writes it, without a comment. */
  publicKey: string;
  fingerprint: string;
  createdAt: number;
}

export interface LaunchTemplateRecord {
  launchTemplateId: string;
  name: string;
  createdAt: number;
  defaultVersion: number;
  /** The number given last, also when that version is gone. */
  latestVersion: number;
}

export interface LaunchTemplateVersionRecord {
  launchTemplateId: string;
  number: number;
  description?: string;
  createdAt: number;
  /** RequestLaunchTemplateData, as given. */
  data: Record<string, unknown>;
}

export interface TagsRecord {
  resourceId: string;
  /** As DescribeTags names it, e.g. `security-group`. */
  resourceType: string;
  tags: Record<string, string>;
}

export interface AccountRecord {
  /** Milliseconds since the epoch. The default network is made once, and not again when it is deleted. */
  defaultNetworkMadeAt: number;
  /** Absent in states from before network ACLs were records. */
  hasNetworkAcls?: true;
}
