// EC2's kinds of resources: the prefix of their ids, their names in DescribeTags and in errors.

import { randomHex } from '../../kernel/ids.ts';
import type { ResourceNaming } from './faults.ts';

/** AWS: the names, codes and spellings follow no rule. */
export interface ResourceKind extends ResourceNaming {
  /** `subnet` in `subnet-0123456789abcdef0`. */
  idPrefix: string;
  /** The name in DescribeTags. */
  resourceType: string;
}

const kind = (
  idPrefix: string,
  resourceType: string,
  notFoundCode: string,
  [singular, plural]: [string, string],
  malformedCode?: string,
): ResourceKind => ({
  idPrefix,
  resourceType,
  notFoundCode,
  singular,
  plural,
  ...(malformedCode && { malformedCode }),
});

export const VPC = kind('vpc', 'vpc', 'InvalidVpcID.NotFound', ['vpc ID', 'vpc IDs']);

export const SUBNET = kind('subnet', 'subnet', 'InvalidSubnetID.NotFound', ['subnet ID', 'subnet IDs']);

export const SECURITY_GROUP = kind(
  'sg',
  'security-group',
  'InvalidGroup.NotFound',
  ['security group', 'security groups'],
  'InvalidGroupId.Malformed',
);

export const SECURITY_GROUP_RULE = kind(
  'sgr',
  'security-group-rule',
  'InvalidSecurityGroupRuleId.NotFound',
  ['security group rule ID', 'security group rule IDs'],
  'InvalidSecurityGroupRuleId.Malformed',
);

export const ROUTE_TABLE = kind(
  'rtb',
  'route-table',
  'InvalidRouteTableID.NotFound',
  ['routeTable ID', 'routeTable IDs'],
  'InvalidRouteTableId.Malformed',
);

export const INTERNET_GATEWAY = kind(
  'igw',
  'internet-gateway',
  'InvalidInternetGatewayID.NotFound',
  ['internetGateway ID', 'internetGateway IDs'],
  'InvalidInternetGatewayId.Malformed',
);

export const DHCP_OPTIONS = kind(
  'dopt',
  'dhcp-options',
  'InvalidDhcpOptionID.NotFound',
  ['dhcpOption ID', 'dhcpOption IDs'],
  'InvalidDhcpOptionsId.Malformed',
);

export const NETWORK_INTERFACE = kind(
  'eni',
  'network-interface',
  'InvalidNetworkInterfaceID.NotFound',
  ['networkInterface ID', 'networkInterface IDs'],
  'InvalidNetworkInterfaceId.Malformed',
);

export const NETWORK_ACL = kind(
  'acl',
  'network-acl',
  'InvalidNetworkAclID.NotFound',
  ['networkAcl ID', 'networkAcl IDs'],
  'InvalidNetworkAclId.Malformed',
);

export const NAT_GATEWAY = kind(
  'nat',
  'natgateway',
  'NatGatewayNotFound',
  ['NAT gateway', 'NAT gateways'],
  'NatGatewayMalformed',
);

export const ADDRESS = kind('eipalloc', 'elastic-ip', 'InvalidAllocationID.NotFound', [
  'allocation ID',
  'allocation IDs',
]);

export const VPC_ENDPOINT = kind(
  'vpce',
  'vpc-endpoint',
  'InvalidVpcEndpointId.NotFound',
  ['VPC endpoint ID', 'VPC endpoint IDs'],
  'InvalidVpcEndpointId.Malformed',
);

export const INSTANCE = kind(
  'i',
  'instance',
  'InvalidInstanceID.NotFound',
  ['instance ID', 'instance IDs'],
  'InvalidInstanceID.Malformed',
);

export const IMAGE = kind(
  'ami',
  'image',
  'InvalidAMIID.NotFound',
  ['image id', 'image ids'],
  'InvalidAMIID.Malformed',
);

export const PREFIX_LIST = kind('pl', 'prefix-list', 'InvalidPrefixListID.NotFound', [
  'prefix list ID',
  'prefix list IDs',
]);

export const VOLUME = kind(
  'vol',
  'volume',
  'InvalidVolume.NotFound',
  ['volume', 'volumes'],
  'InvalidVolumeID.Malformed',
);

export const KEY_PAIR = kind('key', 'key-pair', 'InvalidKeyPair.NotFound', ['key pair', 'key pairs']);

export const LAUNCH_TEMPLATE = kind(
  'lt',
  'launch-template',
  'InvalidLaunchTemplateId.NotFound',
  ['launch template ID', 'launch template IDs'],
  'InvalidLaunchTemplateId.Malformed',
);

/** Has no ids: a version is named by its template and number. Only used for records. */
export const LAUNCH_TEMPLATE_VERSION = kind('', '', 'InvalidLaunchTemplateId.VersionNotFound', [
  'launch template version',
  'launch template versions',
]);

/** Any resource with tags. Only used for records. */
export const TAGGED = kind('', '', 'InvalidID', ['ID', 'IDs']);

const KINDS = [
  VPC,
  SUBNET,
  SECURITY_GROUP,
  SECURITY_GROUP_RULE,
  ROUTE_TABLE,
  INTERNET_GATEWAY,
  DHCP_OPTIONS,
  NETWORK_INTERFACE,
  NETWORK_ACL,
  NAT_GATEWAY,
  ADDRESS,
  VPC_ENDPOINT,
  INSTANCE,
  VOLUME,
  KEY_PAIR,
  LAUNCH_TEMPLATE,
];

const ID = /^([a-z-]+)-([0-9a-f]{8}|[0-9a-f]{17})$/;

/** Whether the id has the kind's prefix and 8 or 17 hexadecimal digits. */
export const isWellFormed = (id: string, of: ResourceKind): boolean => ID.exec(id)?.[1] === of.idPrefix;

/** `undefined` if no kind has such ids. */
export const kindOfId = (id: string): ResourceKind | undefined => KINDS.find((of) => isWellFormed(id, of));

/** A random id in the long form. AWS: all new ids have it since 2018. */
export const newId = (of: Pick<ResourceKind, 'idPrefix'>): string => `${of.idPrefix}-0${randomHex(16)}`;
