// NAT gateways: create, delete, describe. They are available immediately. Lists show deleted gateways for a while.

import type { NatGateway } from '@aws-sdk/client-ec2';
import type { Scope } from '../../../aws/scope.ts';
import { listTags } from '../../../aws/tags.ts';
import type { Ec2 } from '../context.ts';
import { type Describable, select, selectionOf } from '../describe.ts';
import { missingParameter } from '../faults.ts';
import { tagReader } from '../inventory.ts';
import { LIMITS } from '../limits.ts';
import type { NatGatewayRecord } from '../model.ts';
import { addressAssociated, limitExceeded, noGatewayForAddresses, unsupported } from '../network-faults.ts';
import { addressIn } from '../private-addresses.ts';
import { withoutLongEnded } from '../recently-ended.ts';
import { NAT_GATEWAY, NETWORK_INTERFACE, newId } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';
import { tagAtCreation } from '../tag-at-creation.ts';
import { freed } from './addresses.ts';

/** A public gateway takes an elastic address, and its VPC must have an internet gateway. */
export const CreateNatGateway: Operation<'CreateNatGateway'> = (ec2, input, context) => {
  const { SubnetId } = input;
  if (input.AvailabilityMode === 'regional') throw unsupported('regional NAT gateways');
  if (input.SecondaryAllocationIds?.length || input.SecondaryPrivateIpAddressCount) {
    throw unsupported('secondary addresses of NAT gateways');
  }
  if (!SubnetId) throw missingParameter('subnetId');
  const connectivity = input.ConnectivityType === 'private' ? 'private' : 'public';
  return ec2.store.transaction(() => {
    const subnet = ec2.records.subnets.existing(context, SubnetId);
    if (ec2.records.natGateways.countBy(context, 'alive', 'yes') >= LIMITS.natGatewaysPerZone)
      throw limitExceeded('NatGatewayLimitExceeded', 'NAT gateways');
    const gateway: NatGatewayRecord = {
      natGatewayId: newId(NAT_GATEWAY),
      vpcId: subnet.vpcId,
      subnetId: SubnetId,
      connectivity,
      privateIp: addressIn(ec2, context, subnet, input.PrivateIpAddress),
      interfaceId: newId(NETWORK_INTERFACE),
      createdAt: ec2.clock.now(),
    };
    if (connectivity === 'public') associateAddress(ec2, context, gateway, input.AllocationId);
    ec2.records.natGateways.put(context, gateway);
    const id = gateway.natGatewayId;
    const tags = tagAtCreation(ec2, context, NAT_GATEWAY, id, input.TagSpecifications);
    return { NatGateway: view(gateway, tags), ClientToken: input.ClientToken };
  });
};

function associateAddress(
  ec2: Ec2,
  scope: Scope,
  gateway: NatGatewayRecord,
  allocationId: string | undefined,
): void {
  if (!allocationId) throw missingParameter('AllocationId');
  const address = ec2.records.addresses.existing(scope, allocationId);
  if (address.associationId) throw addressAssociated(allocationId);
  if (ec2.records.internetGateways.countBy(scope, 'vpc', gateway.vpcId) === 0)
    throw noGatewayForAddresses(gateway.vpcId);
  ec2.records.addresses.put(scope, {
    ...address,
    associationId: newId({ idPrefix: 'eipassoc' }),
    interfaceId: gateway.interfaceId,
    privateIp: gateway.privateIp,
  });
  gateway.allocationId = allocationId;
  gateway.publicIp = address.publicIp;
}

/** Frees the elastic address. */
export const DeleteNatGateway: Operation<'DeleteNatGateway'> = (ec2, input, context) => {
  ec2.store.transaction(() => {
    const gateway = ec2.records.natGateways.existing(context, input.NatGatewayId);
    if (gateway.deletedAt) return;
    const address = gateway.allocationId && ec2.records.addresses.find(context, gateway.allocationId);
    if (address) ec2.records.addresses.put(context, freed(address));
    ec2.records.natGateways.put(context, { ...gateway, deletedAt: ec2.clock.now() });
  });
  return { NatGatewayId: input.NatGatewayId };
};

/** Deleted gateways are listed for an hour. AWS: the member with filters is named `Filter`. */
export const DescribeNatGateways: Operation<'DescribeNatGateways'> = async (ec2, input, context) => {
  const tagsOf = tagReader(ec2, context);
  const { items, nextToken } = await select(
    withoutLongEnded(ec2, ec2.records.natGateways, context, ({ deletedAt }) => deletedAt, {}),
    DESCRIBABLE,
    selectionOf({ ...input, Filters: input.Filter }, input.NatGatewayIds),
    tagsOf,
  );
  return {
    NatGateways: items.map((gateway) => view(gateway, tagsOf(gateway.natGatewayId))),
    NextToken: nextToken,
  };
};

const stateOf = (gateway: NatGatewayRecord) => (gateway.deletedAt ? 'deleted' : 'available');

const view = (gateway: NatGatewayRecord, tags: Record<string, string>): NatGateway => ({
  NatGatewayId: gateway.natGatewayId,
  VpcId: gateway.vpcId,
  SubnetId: gateway.subnetId,
  State: stateOf(gateway),
  ConnectivityType: gateway.connectivity,
  CreateTime: new Date(gateway.createdAt),
  DeleteTime: gateway.deletedAt ? new Date(gateway.deletedAt) : undefined,
  NatGatewayAddresses: [
    {
      AllocationId: gateway.allocationId,
      PublicIp: gateway.publicIp,
      PrivateIp: gateway.privateIp,
      NetworkInterfaceId: gateway.interfaceId,
      IsPrimary: true,
      Status: 'succeeded',
    },
  ],
  Tags: listTags(tags),
});

const DESCRIBABLE: Describable<NatGatewayRecord> = {
  kind: NAT_GATEWAY,
  idParameter: 'NatGatewayIds',
  idOf: (gateway) => gateway.natGatewayId,
  filters: {
    'nat-gateway-id': (gateway) => gateway.natGatewayId,
    state: stateOf,
    'subnet-id': (gateway) => gateway.subnetId,
    'vpc-id': (gateway) => gateway.vpcId,
  },
};
