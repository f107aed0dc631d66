// Which addresses of a subnet are free, and which one something new gets.

import type { Scope } from '../../aws/scope.ts';
import { contains, parseCidr, renderAddress, sizeOf } from './cidr.ts';
import type { Ec2 } from './context.ts';
import type { SubnetRecord } from './model.ts';
import { addressInUse, addressOutsideSubnet, noFreeAddress } from './network-faults.ts';
import { interfacesBy, isTaken } from './network-interfaces.ts';

/** AWS: the first four addresses of a subnet and the last one are its own. */
const OWN_ADDRESSES = 5;

export const freeAddressCount = (subnet: SubnetRecord, used: number): number =>
  sizeOf(parseCidr(subnet.cidrBlock)!) - OWN_ADDRESSES - used;

/**
 * Free ones, each once, from the subnet's end backwards, since cache nodes are numbered from its beginning. Throws
 * InsufficientFreeAddressesInSubnet when there are no more.
 */
export function freeAddressesIn(ec2: Ec2, scope: Scope, subnet: SubnetRecord): () => string {
  const used = new Set(
    interfacesBy(ec2.records, scope, 'subnet', subnet.subnetId)
      .filter((one) => one.subnetId === subnet.subnetId)
      .map((one) => one.privateIp),
  );
  const { first, prefix } = parseCidr(subnet.cidrBlock)!;
  let at = first + sizeOf({ first, prefix }) - 1;
  return () => {
    while (--at >= first + OWN_ADDRESSES - 1) {
      const address = renderAddress(at);
      if (!used.has(address)) return address;
    }
    throw noFreeAddress(subnet.subnetId);
  };
}

/** The one that is asked for, or a free one. Throws for what lies outside or is in use. */
export function addressIn(ec2: Ec2, scope: Scope, subnet: SubnetRecord, asked: string | undefined): string {
  if (!asked) return freeAddressesIn(ec2, scope, subnet)();
  const address = parseCidr(`${asked}/32`);
  if (!address || !contains(parseCidr(subnet.cidrBlock)!, address)) throw addressOutsideSubnet(asked);
  if (isTaken(ec2.records, scope, subnet.subnetId, asked)) throw addressInUse(asked);
  return asked;
}
