// The indexes of EC2's records: by network, by the resources they use, by the parts they contain. Pure. When the keys
// of an index change, rename the index.

import type { Indexes } from '../../store/document-indexes.ts';
import type {
  AddressRecord,
  InstanceRecord,
  InternetGatewayRecord,
  KeyPairRecord,
  LaunchTemplateRecord,
  LaunchTemplateVersionRecord,
  NatGatewayRecord,
  NetworkAclRecord,
  RouteTableRecord,
  SecurityGroupRecord,
  SubnetRecord,
  VpcEndpointRecord,
  VpcRecord,
} from './model.ts';
import { volumesOf } from './volumes.ts';

/** The key of a private address within its subnet. */
export const placeOf = (subnetId: string, privateIp: string): string => `${subnetId} ${privateIp}`;

export const KEY_PAIR: Indexes<KeyPairRecord> = { name: (one) => one.keyName };

export const LAUNCH_TEMPLATE: Indexes<LaunchTemplateRecord> = { name: (one) => one.name };

export const LAUNCH_TEMPLATE_VERSION: Indexes<LaunchTemplateVersionRecord> = {
  template: (one) => one.launchTemplateId,
};

export const VPC: Indexes<VpcRecord> = {
  default: (one) => (one.isDefault ? 'yes' : undefined),
  cidrAssociation: (one) => [
    one.cidrAssociationId,
    ...(one.furtherCidrs ?? []).map((cidr) => cidr.associationId),
  ],
  dhcpOptions: (one) => one.dhcpOptionsId,
};

export const SUBNET: Indexes<SubnetRecord> = { vpc: (one) => one.vpcId };

/** The key of a group name within its VPC. */
export const nameInVpc = (vpcId: string, groupName: string): string => `${vpcId} ${groupName}`;

export const SECURITY_GROUP: Indexes<SecurityGroupRecord> = {
  id: (one) => one.groupId,
  vpc: (one) => one.vpcId,
  name: (one) => nameInVpc(one.vpcId, one.groupName),
  rule: (one) => one.rules.map((rule) => rule.ruleId),
  /** The other groups that its rules refer to. */
  refersTo: (one) =>
    one.rules.flatMap((rule) => (rule.groupId && rule.groupId !== one.groupId ? [rule.groupId] : [])),
};

export const ROUTE_TABLE: Indexes<RouteTableRecord> = {
  vpc: (one) => one.vpcId,
  association: (one) => one.associations.map((association) => association.associationId),
  subnet: (one) => one.associations.flatMap(({ subnetId }) => (subnetId ? [subnetId] : [])),
};

export const INTERNET_GATEWAY: Indexes<InternetGatewayRecord> = { vpc: (one) => one.attachedTo };

export const NETWORK_ACL: Indexes<NetworkAclRecord> = {
  vpc: (one) => one.vpcId,
  association: (one) => one.associations.map((association) => association.associationId),
  subnet: (one) => one.associations.map((association) => association.subnetId),
};

export const ADDRESS: Indexes<AddressRecord> = {
  publicIp: (one) => one.publicIp,
  association: (one) => one.associationId,
  instance: (one) => one.instanceId,
  interface: (one) => one.interfaceId,
};

// All resources with network interfaces have these indexes: `interface`, `subnet`, `vpc`, `group`, `place`.
// Ended resources are in none of them.

const whileThere =
  <T>(isThere: (one: T) => boolean, keyOf: (one: T) => string | string[] | undefined) =>
  (one: T) =>
    isThere(one) ? keyOf(one) : undefined;

const isUp = (one: InstanceRecord) => one.state !== 'terminated';
const isKept = (one: NatGatewayRecord) => one.deletedAt === undefined;

export const INSTANCE: Indexes<InstanceRecord> = {
  interface: whileThere(isUp, (one) => one.interfaceId),
  subnet: whileThere(isUp, (one) => one.subnetId),
  vpc: whileThere(isUp, (one) => one.vpcId),
  group: whileThere(isUp, (one) => one.groupIds),
  place: whileThere(isUp, (one) => placeOf(one.subnetId, one.privateIp)),
  publicIp: whileThere(isUp, (one) => one.publicIp),
  volume: whileThere(isUp, (one) => volumesOf(one).map((volume) => volume.volumeId)),
  profile: whileThere(isUp, (one) => one.instanceProfile && 'yes'),
  alive: whileThere(isUp, () => 'yes'),
};

export const NAT_GATEWAY: Indexes<NatGatewayRecord> = {
  interface: whileThere(isKept, (one) => one.interfaceId),
  subnet: whileThere(isKept, (one) => one.subnetId),
  vpc: whileThere(isKept, (one) => one.vpcId),
  group: () => undefined,
  place: whileThere(isKept, (one) => placeOf(one.subnetId, one.privateIp)),
  allocation: whileThere(isKept, (one) => one.allocationId),
  alive: whileThere(isKept, () => 'yes'),
};

export const VPC_ENDPOINT: Indexes<VpcEndpointRecord> = {
  interface: (one) => one.subnets.map((place) => place.interfaceId),
  subnet: (one) => one.subnets.map((place) => place.subnetId),
  vpc: (one) => one.vpcId,
  group: (one) => (one.subnets.length > 0 ? one.groupIds : undefined),
  place: (one) => one.subnets.map((place) => placeOf(place.subnetId, place.privateIp)),
  routeTable: (one) => one.routeTableIds,
};
