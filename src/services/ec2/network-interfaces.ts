// The network interfaces that instances, NAT gateways and interface endpoints bring along. None is kept as a record of
// its own: they are read off their owners'. What is in use, and which addresses are free, is told from them.

import type { Scope } from '../../kernel/scope.ts';
import { contains, parseCidr, renderAddress, sizeOf } from './cidr.ts';
import type { Inventory } from './inventory.ts';
import { addressInUse, addressOutsideSubnet, noFreeAddress } from './network-faults.ts';
import type { SubnetRecord } from './records.ts';

export interface InterfaceFacts {
  interfaceId: string;
  subnetId: string;
  vpcId: string;
  privateIp: string;
  groupIds: string[];
  type: 'interface' | 'nat_gateway' | 'vpc_endpoint';
  description: string;
  createdAt: number;
  sourceDestCheck: boolean;
  publicIp?: string;
  instanceId?: string;
  attachmentId?: string;
}

type Owners = Pick<Inventory, 'instances' | 'natGateways' | 'vpcEndpoints' | 'addresses'>;

export function interfacesOf(owners: Owners, scope: Scope): InterfaceFacts[] {
  const elastic = new Map(
    owners.addresses.list(scope).flatMap((one) => (one.interfaceId ? [[one.interfaceId, one.publicIp]] : [])),
  );
  const publicIpOf = (interfaceId: string, own?: string) => {
    const publicIp = elastic.get(interfaceId) ?? own;
    return publicIp === undefined ? {} : { publicIp };
  };
  return [
    ...owners.instances
      .list(scope)
      .filter((instance) => instance.state !== 'terminated')
      .map(
        (instance): InterfaceFacts => ({
          ...pick(instance),
          groupIds: instance.groupIds,
          type: 'interface',
          description: '',
          createdAt: instance.launchedAt,
          sourceDestCheck: instance.sourceDestCheck,
          instanceId: instance.instanceId,
          attachmentId: instance.attachmentId,
          ...publicIpOf(instance.interfaceId, instance.publicIp),
        }),
      ),
    ...owners.natGateways
      .list(scope)
      .filter((gateway) => gateway.deletedAt === undefined)
      .map(
        (gateway): InterfaceFacts => ({
          ...pick(gateway),
          groupIds: [],
          type: 'nat_gateway',
          description: `Interface for NAT Gateway ${gateway.natGatewayId}`,
          createdAt: gateway.createdAt,
          sourceDestCheck: false,
          ...publicIpOf(gateway.interfaceId),
        }),
      ),
    ...owners.vpcEndpoints.list(scope).flatMap((endpoint) =>
      endpoint.subnets.map(
        (place): InterfaceFacts => ({
          ...pick({ ...place, vpcId: endpoint.vpcId }),
          groupIds: endpoint.groupIds,
          type: 'vpc_endpoint',
          description: `VPC Endpoint Interface ${endpoint.vpcEndpointId}`,
          createdAt: endpoint.createdAt,
          sourceDestCheck: true,
        }),
      ),
    ),
  ];
}

const pick = (one: Pick<InterfaceFacts, 'interfaceId' | 'subnetId' | 'vpcId' | 'privateIp'>) => ({
  interfaceId: one.interfaceId,
  subnetId: one.subnetId,
  vpcId: one.vpcId,
  privateIp: one.privateIp,
});

/** AWS: the first four addresses of a subnet and the last one are its own. */
const OWN_ADDRESSES = 5;

export const freeAddressCount = (subnet: SubnetRecord, used: number): number =>
  sizeOf(parseCidr(subnet.cidrBlock)!) - OWN_ADDRESSES - used;

/**
 * From the subnet's end backwards, since cache nodes are numbered from its beginning. Throws
 * InsufficientFreeAddressesInSubnet.
 */
export function freeAddressIn(subnet: SubnetRecord, interfaces: readonly InterfaceFacts[]): string {
  const used = usedIn(subnet, interfaces);
  const { first, prefix } = parseCidr(subnet.cidrBlock)!;
  for (let at = first + sizeOf({ first, prefix }) - 2; at >= first + 4; at--) {
    const address = renderAddress(at);
    if (!used.has(address)) return address;
  }
  throw noFreeAddress(subnet.subnetId);
}

/** The one that is asked for, or a free one. Throws for what lies outside or is in use. */
export function addressIn(
  subnet: SubnetRecord,
  interfaces: readonly InterfaceFacts[],
  asked: string | undefined,
): string {
  if (!asked) return freeAddressIn(subnet, interfaces);
  const address = parseCidr(`${asked}/32`);
  if (!address || !contains(parseCidr(subnet.cidrBlock)!, address)) throw addressOutsideSubnet(asked);
  if (usedIn(subnet, interfaces).has(asked)) throw addressInUse(asked);
  return asked;
}

const usedIn = (subnet: SubnetRecord, interfaces: readonly InterfaceFacts[]): Set<string> =>
  new Set(interfaces.filter((one) => one.subnetId === subnet.subnetId).map((one) => one.privateIp));
