// DescribeSubnets: subnets with the number of their free addresses.

import type { Subnet } from '@aws-sdk/client-ec2';
import { renderArn } from '../../../aws/arn.ts';
import type { Scope } from '../../../aws/scope.ts';
import { listTags } from '../../../aws/tags.ts';
import type { Ec2 } from '../context.ts';
import { type Describable, recordsOf, select, selectionOf } from '../describe.ts';
import { tagReader } from '../inventory.ts';
import type { SubnetRecord } from '../model.ts';
import { countInterfaces } from '../network-interfaces.ts';
import { freeAddressCount } from '../private-addresses.ts';
import { SUBNET } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';
import { serviceInterfacesIn } from '../service-interfaces.ts';
import { zoneIdOf } from '../zones.ts';

/** Sorted by zone. */
export const DescribeSubnets: Operation<'DescribeSubnets'> = async (ec2, input, context) => {
  const tagsOf = tagReader(ec2, context);
  const used = await usedAddresses(ec2, context);
  const { items, nextToken } = await select(
    recordsOf(ec2.records.subnets, context, { indexes: { 'vpc-id': 'vpc' }, isUnsorted: true }),
    describableSubnets(context, used),
    selectionOf(input, input.SubnetIds),
    tagsOf,
  );
  return {
    Subnets: items.map((subnet) => viewSubnet(subnet, context, used(subnet), tagsOf(subnet.subnetId))),
    NextToken: nextToken,
  };
};

/** AWS's view of a subnet. `used`: the number of addresses in use. */
export function viewSubnet(
  subnet: SubnetRecord,
  scope: Scope,
  used: number,
  tags: Record<string, string>,
): Subnet {
  return {
    SubnetId: subnet.subnetId,
    SubnetArn: arnOf(scope, subnet),
    OwnerId: scope.accountId,
    VpcId: subnet.vpcId,
    State: 'available',
    CidrBlock: subnet.cidrBlock,
    AvailableIpAddressCount: freeAddressCount(subnet, used),
    AvailabilityZone: subnet.zone,
    AvailabilityZoneId: zoneIdOf(scope, subnet.zone),
    DefaultForAz: subnet.defaultForZone,
    MapPublicIpOnLaunch: subnet.mapPublicIpOnLaunch,
    AssignIpv6AddressOnCreation: false,
    Ipv6CidrBlockAssociationSet: [],
    Ipv6Native: false,
    EnableDns64: false,
    MapCustomerOwnedIpOnLaunch: false,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: 'ip-name',
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    Tags: listTags(tags),
  };
}

async function usedAddresses(ec2: Ec2, scope: Scope): Promise<(subnet: SubnetRecord) => number> {
  const ofServices = new Map<string, number>();
  for (const { subnetId } of await serviceInterfacesIn(ec2, scope)) {
    ofServices.set(subnetId, (ofServices.get(subnetId) ?? 0) + 1);
  }
  return ({ subnetId }) =>
    countInterfaces(ec2.records, scope, 'subnet', subnetId) + (ofServices.get(subnetId) ?? 0);
}

const arnOf = (scope: Scope, subnet: SubnetRecord): string =>
  renderArn('ec2', scope, `subnet/${subnet.subnetId}`);

function describableSubnets(scope: Scope, used: (subnet: SubnetRecord) => number): Describable<SubnetRecord> {
  const zone = (subnet: SubnetRecord) => subnet.zone;
  const zoneId = (subnet: SubnetRecord) => zoneIdOf(scope, subnet.zone);
  const cidr = (subnet: SubnetRecord) => subnet.cidrBlock;
  const isDefault = (subnet: SubnetRecord) => subnet.defaultForZone;
  return {
    kind: SUBNET,
    idParameter: 'SubnetIds',
    idOf: (subnet) => subnet.subnetId,
    sortKeyOf: (subnet) => `${subnet.zone} ${subnet.subnetId}`,
    filters: {
      'availability-zone': zone,
      availabilityZone: zone,
      'availability-zone-id': zoneId,
      availabilityZoneId: zoneId,
      'available-ip-address-count': (subnet) => freeAddressCount(subnet, used(subnet)),
      'cidr-block': cidr,
      cidr,
      cidrBlock: cidr,
      'customer-owned-ipv4-pool': () => undefined,
      'default-for-az': isDefault,
      defaultForAz: isDefault,
      'enable-dns64': () => false,
      'ipv6-cidr-block-association.ipv6-cidr-block': () => undefined,
      'ipv6-cidr-block-association.association-id': () => undefined,
      'ipv6-cidr-block-association.state': () => undefined,
      'ipv6-native': () => false,
      'map-customer-owned-ip-on-launch': () => false,
      'map-public-ip-on-launch': (subnet) => subnet.mapPublicIpOnLaunch,
      'outpost-arn': () => undefined,
      'owner-id': () => scope.accountId,
      'private-dns-name-options-on-launch.hostname-type': () => 'ip-name',
      state: () => 'available',
      'subnet-arn': (subnet) => arnOf(scope, subnet),
      'subnet-id': (subnet) => subnet.subnetId,
      'vpc-id': (subnet) => subnet.vpcId,
    },
  };
}
