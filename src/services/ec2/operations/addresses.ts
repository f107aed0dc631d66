// Elastic addresses: allocate, associate with an instance or an interface, disassociate, release.

import type { Scope } from '../../../aws/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import type { HandlerOf } from '../../../wire/service.ts';
import { missingParameter } from '../faults.ts';
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
import { interfaceAsked } from '../network-interfaces.ts';
import { newPublicAddress } from '../public-addresses.ts';
import type { AddressRecord } from '../records.ts';
import { ADDRESS, newId } from '../resource-kinds.ts';
import type { Ec2 } from '../service.ts';
import { tagAtCreation } from '../tag-at-creation.ts';

export function allocateAddress(inventory: Inventory): HandlerOf<Ec2, 'AllocateAddress'> {
  return (input, context) => {
    if (input.Domain === 'standard') throw unsupported('EC2-Classic');
    if (input.Address || input.PublicIpv4Pool || input.IpamPoolId) throw unsupported('pools of addresses');
    return inventory.transaction(() => {
      if (inventory.addresses.count(context) >= LIMITS.addresses) {
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
      if (inventory.natGateways.countBy(context, 'allocation', address.allocationId) > 0) {
        throw addressAssociated(address.allocationId);
      }
      if (!input.InstanceId && !input.NetworkInterfaceId) throw missingParameter('InstanceId');
      const target = interfaceAsked(inventory, context, input);
      if (inventory.internetGateways.countBy(context, 'vpc', target.vpcId) === 0) {
        throw noGatewayForAddresses(target.vpcId);
      }
      const [earlier] = inventory.addresses.by(context, 'interface', target.interfaceId);
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
      const [found] = input.AssociationId
        ? inventory.addresses.by(context, 'association', input.AssociationId)
        : inventory.addresses.by(context, 'publicIp', input.PublicIp ?? '');
      if (!found?.associationId) throw noSuchAssociation(input.AssociationId ?? input.PublicIp ?? '');
      if (inventory.natGateways.countBy(context, 'allocation', found.allocationId) > 0) throw ofNatGateway();
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
  const [found] = inventory.addresses.by(scope, 'publicIp', input.PublicIp);
  if (!found) throw noSuchAddress(input.PublicIp);
  return found;
}

const ofNatGateway = (): Fault =>
  new Fault('OperationNotPermitted', 'You are not allowed to manage the address of a NAT gateway.');
