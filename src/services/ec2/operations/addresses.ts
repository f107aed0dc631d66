// Elastic addresses: allocate, associate with an instance or an interface, disassociate, release.

import type { Scope } from '../../../kernel/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { missingParameter, notFound } from '../faults.ts';
import type { Inventory } from '../inventory.ts';
import { LIMITS } from '../limits.ts';
import {
  addressAssociated,
  addressOccupied,
  limitExceeded,
  noGatewayForAddresses,
  noSuchAddress,
  noSuchAssociation,
  unsupported,
} from '../network-faults.ts';
import { interfacesOf } from '../network-interfaces.ts';
import { newPublicAddress } from '../public-addresses.ts';
import type { AddressRecord } from '../records.ts';
import { ADDRESS, INSTANCE, NETWORK_INTERFACE, newId } from '../resource-kinds.ts';
import type { Ec2 } from '../service.ts';
import { tagAtCreation } from '../tag-at-creation.ts';

export function allocateAddress(inventory: Inventory): HandlerOf<Ec2, 'AllocateAddress'> {
  return (input, context) => {
    if (input.Domain === 'standard') throw unsupported('EC2-Classic');
    if (input.Address || input.PublicIpv4Pool || input.IpamPoolId) throw unsupported('pools of addresses');
    return inventory.transaction(() => {
      if (inventory.addresses.list(context).length >= LIMITS.addresses) {
        throw limitExceeded('AddressLimitExceeded', 'addresses');
      }
      const address = { allocationId: newId(ADDRESS), publicIp: newPublicAddress(inventory, context) };
      inventory.addresses.put(context, address);
      tagAtCreation(inventory, context, ADDRESS, address.allocationId, input.TagSpecifications);
      return {
        AllocationId: address.allocationId,
        PublicIp: address.publicIp,
        PublicIpv4Pool: 'amazon',
        NetworkBorderGroup: context.region,
        Domain: 'vpc',
      };
    });
  };
}

export function releaseAddress(inventory: Inventory): HandlerOf<Ec2, 'ReleaseAddress'> {
  return (input, context) => {
    inventory.transaction(() => {
      const address = addressNamed(inventory, context, input);
      if (address.associationId) throw addressOccupied(address.allocationId);
      inventory.addresses.remove(context, address.allocationId);
    });
    return {};
  };
}

export function associateAddress(inventory: Inventory): HandlerOf<Ec2, 'AssociateAddress'> {
  return (input, context) =>
    inventory.transaction(() => {
      const address = addressNamed(inventory, context, input);
      if (address.associationId && address.interfaceId && input.AllowReassociation === false) {
        throw addressAssociated(address.allocationId);
      }
      if (
        inventory.natGateways
          .list(context)
          .some((one) => !one.deletedAt && one.allocationId === address.allocationId)
      ) {
        throw addressAssociated(address.allocationId);
      }
      const target = interfaceFor(inventory, context, input);
      const gateways = inventory.internetGateways.list(context);
      if (!gateways.some((one) => one.attachedTo.includes(target.vpcId))) {
        throw noGatewayForAddresses(target.vpcId);
      }
      const earlier = inventory.addresses.list(context).find((one) => one.interfaceId === target.interfaceId);
      if (earlier) inventory.addresses.put(context, freed(earlier));
      const associationId = newId({ idPrefix: 'eipassoc' });
      inventory.addresses.put(context, {
        allocationId: address.allocationId,
        publicIp: address.publicIp,
        associationId,
        interfaceId: target.interfaceId,
        privateIp: target.privateIp,
        ...(target.instanceId !== undefined && { instanceId: target.instanceId }),
      });
      return { AssociationId: associationId };
    });
}

export function disassociateAddress(inventory: Inventory): HandlerOf<Ec2, 'DisassociateAddress'> {
  return (input, context) => {
    inventory.transaction(() => {
      if (!input.AssociationId && !input.PublicIp) throw missingParameter('associationId');
      const found = inventory.addresses
        .list(context)
        .find((one) =>
          input.AssociationId ? one.associationId === input.AssociationId : one.publicIp === input.PublicIp,
        );
      if (!found?.associationId) throw noSuchAssociation(input.AssociationId ?? input.PublicIp ?? '');
      if (
        inventory.natGateways
          .list(context)
          .some((one) => !one.deletedAt && one.allocationId === found.allocationId)
      ) {
        throw ofNatGateway();
      }
      inventory.addresses.put(context, freed(found));
    });
    return {};
  };
}

export const freed = ({ allocationId, publicIp }: AddressRecord): AddressRecord => ({
  allocationId,
  publicIp,
});

function addressNamed(
  inventory: Inventory,
  scope: Scope,
  input: { AllocationId?: string | undefined; PublicIp?: string | undefined },
): AddressRecord {
  if (input.AllocationId) return inventory.addresses.existing(scope, input.AllocationId);
  if (!input.PublicIp) throw missingParameter('AllocationId');
  const found = inventory.addresses.list(scope).find((one) => one.publicIp === input.PublicIp);
  if (!found) throw noSuchAddress(input.PublicIp);
  return found;
}

function interfaceFor(
  inventory: Inventory,
  scope: Scope,
  {
    InstanceId,
    NetworkInterfaceId,
  }: { InstanceId?: string | undefined; NetworkInterfaceId?: string | undefined },
) {
  if (!InstanceId && !NetworkInterfaceId) throw missingParameter('InstanceId');
  const found = interfacesOf(inventory, scope).find((one) =>
    InstanceId ? one.instanceId === InstanceId : one.interfaceId === NetworkInterfaceId,
  );
  if (found) return found;
  throw InstanceId
    ? notFound(INSTANCE, [InstanceId])
    : notFound(NETWORK_INTERFACE, [NetworkInterfaceId ?? '']);
}

const ofNatGateway = (): Fault =>
  new Fault('OperationNotPermitted', 'You are not allowed to manage the address of a NAT gateway.');
