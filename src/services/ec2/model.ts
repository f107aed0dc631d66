// The shapes of EC2's records, one for each resource. No views and no rules. Tags are records of their own, by
// resource id.

/** A VPC. */
export interface VpcRecord {
  vpcId: string;
  cidrBlock: string;
  cidrAssociationId: string;
  dhcpOptionsId: string;
  isDefault: boolean;
  enableDnsSupport: boolean;
  enableDnsHostnames: boolean;
  /** Absent: `default`. */
  instanceTenancy?: string;
  /** Its blocks in addition to the first one. */
  furtherCidrs?: { associationId: string; cidrBlock: string }[];
}

/** A subnet. */
export interface SubnetRecord {
  subnetId: string;
  vpcId: string;
  cidrBlock: string;
  /** The zone's full name: `us-east-1a`. */
  zone: string;
  defaultForZone: boolean;
  mapPublicIpOnLaunch: boolean;
}

/** A security group with its rules. */
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
  /** `-1` stands for every protocol; the rule then has no ports. */
  protocol: string;
  fromPort?: number;
  toPort?: number;
  cidrIpv4?: string;
  cidrIpv6?: string;
  prefixListId?: string;
  groupId?: string;
  description?: string;
}

/** A route table with its routes. */
export interface RouteTableRecord {
  routeTableId: string;
  vpcId: string;
  routes: RouteRecord[];
  /** An association without a subnet makes it the main table of its VPC. */
  associations: { associationId: string; subnetId?: string }[];
}

/** Exactly one target is present. */
export interface RouteRecord {
  /** An IPv4 block, or the id of a prefix list. */
  destination: string;
  /** `local`, or the id of an internet gateway or gateway endpoint. */
  gatewayId?: string;
  natGatewayId?: string;
  instanceId?: string;
  networkInterfaceId?: string;
  origin: 'CreateRouteTable' | 'CreateRoute';
}

/** A network ACL with its entries. */
export interface NetworkAclRecord {
  networkAclId: string;
  vpcId: string;
  isDefault: boolean;
  entries: NetworkAclEntry[];
  /** Every subnet has exactly one ACL of its VPC. */
  associations: { associationId: string; subnetId: string }[];
}

/** The number is unique within its direction. Exactly one of the two blocks is present. */
export interface NetworkAclEntry {
  ruleNumber: number;
  egress: boolean;
  action: 'allow' | 'deny';
  /** A number; `-1` stands for every protocol. */
  protocol: string;
  cidrBlock?: string;
  ipv6CidrBlock?: string;
  ports?: { from: number; to: number };
  icmp?: { type: number; code: number };
}

/** `attachedTo`: at most one VPC. */
export interface InternetGatewayRecord {
  internetGatewayId: string;
  attachedTo: string[];
}

/** A set of DHCP options. */
export interface DhcpOptionsRecord {
  dhcpOptionsId: string;
  options: { key: string; values: string[] }[];
}

/** A NAT gateway. */
export interface NatGatewayRecord {
  natGatewayId: string;
  vpcId: string;
  subnetId: string;
  connectivity: 'public' | 'private';
  /** Present if the gateway is public. */
  allocationId?: string;
  publicIp?: string;
  privateIp: string;
  interfaceId: string;
  /** Milliseconds since the epoch, like all times here. */
  createdAt: number;
  /** Lists show a deleted gateway for a while. */
  deletedAt?: number;
}

/** An elastic address. */
export interface AddressRecord {
  allocationId: string;
  publicIp: string;
  /** Present if an instance, an interface or a NAT gateway has the address. */
  associationId?: string;
  instanceId?: string;
  interfaceId?: string;
  privateIp?: string;
}

/** A VPC endpoint: `routeTableIds` of a gateway endpoint, `subnets` and `groupIds` of an interface endpoint. */
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

/** An instance. */
export interface InstanceRecord {
  instanceId: string;
  reservationId: string;
  imageId: string;
  instanceType: string;
  vpcId: string;
  subnetId: string;
  zone: string;
  privateIp: string;
  /** The instance's own address, which it loses when it stops. Elastic addresses are records of their own. */
  publicIp?: string;
  wantsPublicIp: boolean;
  interfaceId: string;
  attachmentId: string;
  groupIds: string[];
  sourceDestCheck: boolean;
  keyName?: string;
  /** An ARN or a name, as in the request. */
  instanceProfile?: string;
  /** Base64, as in the request. It runs at the first boot. */
  userData?: string;
  ebsOptimized: boolean;
  monitored: boolean;
  terminationProtected: boolean;
  stopProtected?: boolean;
  /** What a shutdown from inside the instance does. Absent: `stop`. */
  shutdownBehavior?: 'stop' | 'terminate';
  metadata?: MetadataOptions;
  /** Of a burstable type. Absent: the default of its family. */
  cpuCredits?: 'standard' | 'unlimited';
  /** Absent: the default of its type. */
  cpu?: { cores: number; threads: number };
  /** Absent: only a root volume with default options. */
  volumes?: VolumeRecord[];
  launchIndex: number;
  launchedAt: number;
  state: 'pending' | 'running' | 'stopping' | 'stopped' | 'shutting-down' | 'terminated';
  stateChangedAt: number;
  /** Why it is in this state, where it is not by a call of the user. */
  stateReason?: { code: string; message: string };
  /** Present for an instance that runs on this host when it runs; absent for one that is a record only. */
  machine?: MachineRecord;
}

/** What belongs to an instance as a machine. */
export interface MachineRecord {
  /** How many boots were asked for, the first one included. */
  boot: number;
  /** The CIDR of its subnet. */
  cidr: string;
  /** Where it is reached, since its network was opened: its private address, or one of this host. */
  address?: string;
  /** Where its sshd listens. */
  sshPort?: number;
  /** AWS: the public key of the launch stays in the instance, also when the key pair is deleted. */
  authorizedKey?: string;
  /** Its boot is over: user data have run. */
  isReady?: true;
  /** The keys of its SSH daemon, as lines of known_hosts without a host. */
  hostKeys?: string[];
  /** Why there is no SSH. */
  noSsh?: string;
  /** It is stopped without time to end its programs. */
  isForced?: true;
}

/** A volume of an instance. */
export interface VolumeRecord {
  volumeId: string;
  /** For example `/dev/xvda`. */
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

/** Access to the instance's metadata, in AWS's words. */
export interface MetadataOptions {
  httpTokens: 'optional' | 'required';
  httpEndpoint: 'enabled' | 'disabled';
  hopLimit: number;
  instanceTags: 'enabled' | 'disabled';
}

/** The public key of a key pair. */
export interface KeyPairRecord {
  keyPairId: string;
  keyName: string;
  type: 'rsa' | 'ed25519';
  /** OpenSSH's format without a comment. */
  publicKey: string;
  fingerprint: string;
  createdAt: number;
}

/** A launch template. Its versions are records of their own. */
export interface LaunchTemplateRecord {
  launchTemplateId: string;
  name: string;
  createdAt: number;
  defaultVersion: number;
  /** The last number that was used, even if that version was deleted. */
  latestVersion: number;
}

/** A version of a launch template. */
export interface LaunchTemplateVersionRecord {
  launchTemplateId: string;
  number: number;
  description?: string;
  createdAt: number;
  /** RequestLaunchTemplateData, as in the request. */
  data: Record<string, unknown>;
}

/** The tags of one resource. */
export interface TagsRecord {
  resourceId: string;
  /** DescribeTags's name of the type: `security-group`. */
  resourceType: string;
  tags: Record<string, string>;
}

/** What EC2 has prepared for an account in a region. */
export interface AccountRecord {
  /** Milliseconds since the epoch. The default network is created once, and not again after it is deleted. */
  defaultNetworkMadeAt: number;
  /** Absent in stores of versions in which network ACLs were not records. */
  hasNetworkAcls?: true;
}
