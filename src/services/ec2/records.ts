// EC2's collections in the store. model.ts has the shapes of their records.

import { openRecords as openKind } from '../../aws/records.ts';
import type { Collection, Store } from '../../store/store.ts';
import { notFound } from './faults.ts';
import * as indexes from './indexes.ts';
import { versionKey } from './launch-template-keys.ts';
import type {
  AccountRecord,
  AddressRecord,
  DhcpOptionsRecord,
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
  TagsRecord,
  VpcEndpointRecord,
  VpcRecord,
} from './model.ts';
import * as kinds from './resource-kinds.ts';
import { openResources, type Resources } from './resources.ts';

/** EC2's collections. */
export interface Records {
  vpcs: Resources<VpcRecord>;
  subnets: Resources<SubnetRecord>;
  securityGroups: Resources<SecurityGroupRecord>;
  routeTables: Resources<RouteTableRecord>;
  internetGateways: Resources<InternetGatewayRecord>;
  natGateways: Resources<NatGatewayRecord>;
  networkAcls: Resources<NetworkAclRecord>;
  addresses: Resources<AddressRecord>;
  vpcEndpoints: Resources<VpcEndpointRecord>;
  instances: Resources<InstanceRecord>;
  dhcpOptions: Resources<DhcpOptionsRecord>;
  keyPairs: Resources<KeyPairRecord>;
  launchTemplates: Resources<LaunchTemplateRecord>;
  launchTemplateVersions: Resources<LaunchTemplateVersionRecord>;
  /** Resources without tags have no record here. */
  tags: Resources<TagsRecord>;
  accounts: Collection<AccountRecord>;
}

/** The kinds that network-rules.ts reads. */
const OF_THE_NETWORK: ReadonlySet<kinds.ResourceKind> = new Set([
  kinds.VPC,
  kinds.SUBNET,
  kinds.SECURITY_GROUP,
  kinds.ROUTE_TABLE,
  kinds.INTERNET_GATEWAY,
  kinds.NAT_GATEWAY,
]);

const OF_MACHINES: ReadonlySet<kinds.ResourceKind> = new Set([kinds.INSTANCE, kinds.ADDRESS]);

/**
 * Opens EC2's collections in the store. `networkChanged` is called after each commit that changes what network-rules.ts
 * reads, `machinesChanged` after one that changes instances or their addresses.
 */
export function openRecords(
  store: Store,
  networkChanged?: () => void,
  machinesChanged?: () => void,
): Records {
  const tags = openKind<TagsRecord>(store, {
    collection: 'ec2/tags',
    idOf: (record) => record.resourceId,
    notFound: (id) => notFound(kinds.TAGGED, [id]),
  });
  function open<T>(
    kind: kinds.ResourceKind,
    collection: string,
    idOf: (record: T) => string,
    declared?: Parameters<typeof openResources<T>>[1]['indexes'],
  ): Resources<T> {
    const changed = OF_THE_NETWORK.has(kind)
      ? networkChanged
      : OF_MACHINES.has(kind)
        ? machinesChanged
        : undefined;
    const parts = { kind, collection, idOf, removeTags: tags.remove, changed };
    return openResources<T>(store, declared ? { ...parts, indexes: declared } : parts);
  }

  const owned = {
    vpcs: open(kinds.VPC, 'ec2/vpc', (one) => one.vpcId, indexes.VPC),
    subnets: open(kinds.SUBNET, 'ec2/subnet', (one) => one.subnetId, indexes.SUBNET),
    securityGroups: open(
      kinds.SECURITY_GROUP,
      'ec2/security-group',
      (one) => one.groupId,
      indexes.SECURITY_GROUP,
    ),
    routeTables: open(kinds.ROUTE_TABLE, 'ec2/route-table', (one) => one.routeTableId, indexes.ROUTE_TABLE),
    internetGateways: open(
      kinds.INTERNET_GATEWAY,
      'ec2/internet-gateway',
      (one) => one.internetGatewayId,
      indexes.INTERNET_GATEWAY,
    ),
    natGateways: open(kinds.NAT_GATEWAY, 'ec2/nat-gateway', (one) => one.natGatewayId, indexes.NAT_GATEWAY),
    networkAcls: open(kinds.NETWORK_ACL, 'ec2/network-acl', (one) => one.networkAclId, indexes.NETWORK_ACL),
    addresses: open(kinds.ADDRESS, 'ec2/address', (one) => one.allocationId, indexes.ADDRESS),
    vpcEndpoints: open(
      kinds.VPC_ENDPOINT,
      'ec2/vpc-endpoint',
      (one) => one.vpcEndpointId,
      indexes.VPC_ENDPOINT,
    ),
    instances: open(kinds.INSTANCE, 'ec2/instance', (one) => one.instanceId, indexes.INSTANCE),
    keyPairs: open(kinds.KEY_PAIR, 'ec2/key-pair', (one) => one.keyPairId, indexes.KEY_PAIR),
    launchTemplates: open(
      kinds.LAUNCH_TEMPLATE,
      'ec2/launch-template',
      (one) => one.launchTemplateId,
      indexes.LAUNCH_TEMPLATE,
    ),
    launchTemplateVersions: open(
      kinds.LAUNCH_TEMPLATE_VERSION,
      'ec2/launch-template-version',
      (one) => versionKey(one.launchTemplateId, one.number),
      indexes.LAUNCH_TEMPLATE_VERSION,
    ),
    dhcpOptions: open<DhcpOptionsRecord>(kinds.DHCP_OPTIONS, 'ec2/dhcp-options', (one) => one.dhcpOptionsId),
  };
  return {
    ...owned,
    tags: { ...tags, kind: kinds.TAGGED, idOf: (record) => record.resourceId },
    accounts: store.collection('ec2/account'),
  };
}
