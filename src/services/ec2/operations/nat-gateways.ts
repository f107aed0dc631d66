// NAT gateways: create, delete, describe. They can be used at once; deleted ones are shown for a while.

import type { NatGateway } from '@aws-sdk/client-ec2';
import type { Scope } from '../../../aws/scope.ts';
import { listTags } from '../../../aws/tags.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { type Describable, select, selectionOf } from '../describe.ts';
import { shownOnly } from '../ended.ts';
import { missingParameter } from '../faults.ts';
import type { Inventory } from '../inventory.ts';
import { LIMITS } from '../limits.ts';
import { addressAssociated, limitExceeded, noGatewayForAddresses, unsupported } from '../network-faults.ts';
import { addressIn } from '../private-addresses.ts';
import type { NatGatewayRecord } from '../records.ts';
import { NAT_GATEWAY, NETWORK_INTERFACE, newId } from '../resource-kinds.ts';
import type { Ec2 } from '../service.ts';
import { tagAtCreation } from '../tag-at-creation.ts';
import { freed } from './addresses.ts';

export function createNatGateway(inventory: Inventory): HandlerOf<Ec2, 'CreateNatGateway'> {
  return (input, context) => {
    const { SubnetId } = input;
    if (input.AvailabilityMode === 'regional') throw unsupported('regional NAT gateways');
    if (input.SecondaryAllocationIds?.length || input.SecondaryPrivateIpAddressCount) {
      throw unsupported('secondary addresses of NAT gateways');
    }
    if (!SubnetId) throw missingParameter('subnetId');
    const connectivity = input.ConnectivityType === 'private' ? 'private' : 'public';
    return inventory.transaction(() => {
      const subnet = inventory.subnets.existing(context, SubnetId);
      if (inventory.natGateways.countBy(context, 'alive', 'yes') >= LIMITS.natGatewaysPerZone)
        throw limitExceeded('NatGatewayLimitExceeded', 'NAT gateways');
      const gateway: NatGatewayRecord = {
        natGatewayId: newId(NAT_GATEWAY),
        vpcId: subnet.vpcId,
        subnetId: SubnetId,
        connectivity,
        privateIp: addressIn(inventory, context, subnet, input.PrivateIpAddress),
        interfaceId: newId(NETWORK_INTERFACE),
        createdAt: inventory.clock.now(),
      };
      if (connectivity === 'public') takeAddress(inventory, context, gateway, input.AllocationId);
      inventory.natGateways.put(context, gateway);
      const id = gateway.natGatewayId;
      const tags = tagAtCreation(inventory, context, NAT_GATEWAY, id, input.TagSpecifications);
      return { NatGateway: view(gateway, tags), ClientToken: input.ClientToken };
    });
  };
}

function takeAddress(
  inventory: Inventory,
  scope: Scope,
  gateway: NatGatewayRecord,
  allocationId: string | undefined,
): void {
  if (!allocationId) throw missingParameter('AllocationId');
  const address = inventory.addresses.existing(scope, allocationId);
  if (address.associationId) throw addressAssociated(allocationId);
  if (inventory.internetGateways.countBy(scope, 'vpc', gateway.vpcId) === 0)
    throw noGatewayForAddresses(gateway.vpcId);
  inventory.addresses.put(scope, {
    ...address,
    associationId: newId({ idPrefix: 'eipassoc' }),
    interfaceId: gateway.interfaceId,
    privateIp: gateway.privateIp,
  });
  gateway.allocationId = allocationId;
  gateway.publicIp = address.publicIp;
}

export function deleteNatGateway(inventory: Inventory): HandlerOf<Ec2, 'DeleteNatGateway'> {
  return (input, context) => {
    inventory.transaction(() => {
      const gateway = inventory.natGateways.existing(context, input.NatGatewayId);
      if (gateway.deletedAt) return;
      const address = gateway.allocationId && inventory.addresses.find(context, gateway.allocationId);
      if (address) inventory.addresses.put(context, freed(address));
      inventory.natGateways.put(context, { ...gateway, deletedAt: inventory.clock.now() });
    });
    return { NatGatewayId: input.NatGatewayId };
  };
}

export function describeNatGateways(inventory: Inventory): HandlerOf<Ec2, 'DescribeNatGateways'> {
  return async (input, context) => {
    const tagsOf = inventory.tagsOf(context);
    const { items, nextToken } = await select(
      shownOnly(inventory, inventory.natGateways, context, ({ deletedAt }) => deletedAt, {}),
      DESCRIBABLE,
      selectionOf({ ...input, Filters: input.Filter }, input.NatGatewayIds),
      tagsOf,
    );
    return {
      NatGateways: items.map((gateway) => view(gateway, tagsOf(gateway.natGatewayId))),
      NextToken: nextToken,
    };
  };
}

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
