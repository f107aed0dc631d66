// DescribeAddresses. AWS: it has no pages.

import type { Scope } from '../../../aws/scope.ts';
import { listTags } from '../../../aws/tags.ts';
import { type Describable, recordsOf, select, selectionOf } from '../describe.ts';
import { tagReader } from '../inventory.ts';
import type { AddressRecord } from '../model.ts';
import { noSuchAddress } from '../network-faults.ts';
import { publicDnsNameOf } from '../public-addresses.ts';
import { ADDRESS } from '../resource-kinds.ts';
import type { Operation } from '../sdk.ts';

/** Throws InvalidAddress.NotFound for an unknown public address. */
export const DescribeAddresses: Operation<'DescribeAddresses'> = async (ec2, input, context) => {
  const tagsOf = tagReader(ec2, context);
  const asked = input.PublicIps ?? [];
  const named = [...new Set(asked)].map((publicIp) => {
    const [address] = ec2.records.addresses.by(context, 'publicIp', publicIp);
    if (!address) throw noSuchAddress(publicIp);
    return address;
  });
  const candidates = asked.length > 0 ? named : recordsOf(ec2.records.addresses, context);
  const selection = selectionOf({ Filters: input.Filters }, input.AllocationIds);
  const { items } = await select(candidates, describable(context), selection, tagsOf);
  return {
    Addresses: items.map((address) => ({
      AllocationId: address.allocationId,
      PublicIp: address.publicIp,
      AssociationId: address.associationId,
      InstanceId: address.instanceId,
      NetworkInterfaceId: address.interfaceId,
      NetworkInterfaceOwnerId: address.interfaceId && context.accountId,
      PrivateIpAddress: address.privateIp,
      Domain: 'vpc',
      PublicIpv4Pool: 'amazon',
      NetworkBorderGroup: context.region,
      Tags: listTags(tagsOf(address.allocationId)),
    })),
  };
};

const describable = (scope: Scope): Describable<AddressRecord> => ({
  kind: ADDRESS,
  idParameter: 'AllocationIds',
  idOf: (address) => address.allocationId,
  filters: {
    'allocation-id': (address) => address.allocationId,
    'association-id': (address) => address.associationId,
    domain: () => 'vpc',
    'instance-id': (address) => address.instanceId,
    'network-border-group': () => scope.region,
    'network-interface-id': (address) => address.interfaceId,
    'network-interface-owner-id': (address) => address.interfaceId && scope.accountId,
    'private-ip-address': (address) => address.privateIp,
    'public-dns': (address) => publicDnsNameOf(address.publicIp, scope.region),
    'public-ip': (address) => address.publicIp,
  },
});
