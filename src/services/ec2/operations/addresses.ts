// Elastic addresses: allocate, associate with an instance or an interface, disassociate, release.

import type { Scope } from '../../../aws/scope.ts';
import { Fault } from '../../../wire/fault.ts';
import type { Ec2 } from '../context.ts';
import { missingParameter } from '../faults.ts';
import { LIMITS } from '../limits.ts';
import type { AddressRecord } from '../model.ts';
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
import { ADDRESS, newId } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';
import { tagAtCreation } from '../tag-at-creation.ts';

/** Throws AddressLimitExceeded, and UnsupportedOperation for address pools. */
export const AllocateAddress: Operation<'AllocateAddress'> = (ec2, input, context) => {
  if (input.Domain === 'standard') throw unsupported('EC2-Classic');
  if (input.Address || input.PublicIpv4Pool || input.IpamPoolId) throw unsupported('pools of addresses');
  return ec2.store.transaction(() => {
    if (ec2.records.addresses.count(context) >= LIMITS.addresses) {
      throw limitExceeded('AddressLimitExceeded', 'addresses');
    }
    const address = { allocationId: newId(ADDRESS), publicIp: newPublicAddress(ec2, context) };
    ec2.records.addresses.put(context, address);
    tagAtCreation(ec2, context, ADDRESS, address.allocationId, input.TagSpecifications);
    return {
      AllocationId: address.allocationId,
      PublicIp: address.publicIp,
      PublicIpv4Pool: 'amazon',
      NetworkBorderGroup: context.region,
      Domain: 'vpc',
    };
  });
};

/** Throws InvalidIPAddress.InUse while the address is associated. */
export const ReleaseAddress: Operation<'ReleaseAddress'> = (ec2, input, context) => {
  ec2.store.transaction(() => {
    const address = addressNamed(ec2, context, input);
    if (address.associationId) throw addressOccupied(address.allocationId);
    ec2.records.addresses.remove(context, address.allocationId);
  });
  return {};
};

/** Replaces an earlier address of the interface. The VPC must have an internet gateway. */
export const AssociateAddress: Operation<'AssociateAddress'> = (ec2, input, context) =>
  ec2.store.transaction(() => {
    const address = addressNamed(ec2, context, input);
    if (address.associationId && address.interfaceId && input.AllowReassociation === false) {
      throw addressAssociated(address.allocationId);
    }
    if (ec2.records.natGateways.countBy(context, 'allocation', address.allocationId) > 0) {
      throw addressAssociated(address.allocationId);
    }
    if (!input.InstanceId && !input.NetworkInterfaceId) throw missingParameter('InstanceId');
    const target = interfaceAsked(ec2.records, context, input);
    if (ec2.records.internetGateways.countBy(context, 'vpc', target.vpcId) === 0) {
      throw noGatewayForAddresses(target.vpcId);
    }
    const [earlier] = ec2.records.addresses.by(context, 'interface', target.interfaceId);
    if (earlier) ec2.records.addresses.put(context, freed(earlier));
    const associationId = newId({ idPrefix: 'eipassoc' });
    ec2.records.addresses.put(context, {
      allocationId: address.allocationId,
      publicIp: address.publicIp,
      associationId,
      interfaceId: target.interfaceId,
      privateIp: target.privateIp,
      ...(target.instanceId !== undefined && { instanceId: target.instanceId }),
    });
    return { AssociationId: associationId };
  });

/** Throws OperationNotPermitted for the address of a NAT gateway. */
export const DisassociateAddress: Operation<'DisassociateAddress'> = (ec2, input, context) => {
  ec2.store.transaction(() => {
    if (!input.AssociationId && !input.PublicIp) throw missingParameter('associationId');
    const [found] = input.AssociationId
      ? ec2.records.addresses.by(context, 'association', input.AssociationId)
      : ec2.records.addresses.by(context, 'publicIp', input.PublicIp ?? '');
    if (!found?.associationId) throw noSuchAssociation(input.AssociationId ?? input.PublicIp ?? '');
    if (ec2.records.natGateways.countBy(context, 'allocation', found.allocationId) > 0) throw ofNatGateway();
    ec2.records.addresses.put(context, freed(found));
  });
  return {};
};

/** The record without its association. */
export const freed = ({ allocationId, publicIp }: AddressRecord): AddressRecord => ({
  allocationId,
  publicIp,
});

function addressNamed(
  ec2: Ec2,
  scope: Scope,
  input: { AllocationId?: string | undefined; PublicIp?: string | undefined },
): AddressRecord {
  if (input.AllocationId) return ec2.records.addresses.existing(scope, input.AllocationId);
  if (!input.PublicIp) throw missingParameter('AllocationId');
  const [found] = ec2.records.addresses.by(scope, 'publicIp', input.PublicIp);
  if (!found) throw noSuchAddress(input.PublicIp);
  return found;
}

const ofNatGateway = (): Fault =>
  new Fault('OperationNotPermitted', 'You are not allowed to manage the address of a NAT gateway.');
