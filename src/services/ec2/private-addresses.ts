// Free addresses of a subnet, and the address of a new interface.

import type { Scope } from '../../aws/scope.ts';
import { contains, parseCidr, renderAddress, sizeOf } from './cidr.ts';
import type { Ec2 } from './context.ts';
import type { SubnetRecord } from './model.ts';
import { addressInUse, addressOutsideSubnet, noFreeAddress } from './network-faults.ts';
import { interfacesBy, isTaken } from './network-interfaces.ts';

/** AWS: reserves the first four addresses of a subnet and the last one. */
const RESERVED_ADDRESSES = 5;

/** `used`: the number of addresses in use. */
export const freeAddressCount = (subnet: SubnetRecord, used: number): number =>
  sizeOf(parseCidr(subnet.cidrBlock)!) - RESERVED_ADDRESSES - used;

/**
 * Returns a different free address at each call, from the subnet's end backwards, since cache nodes get addresses from
 * its beginning. VPCs may have the same blocks, and here all instances are on one network: addresses that instances of
 * other subnets have come last. Throws InsufficientFreeAddressesInSubnet.
 */
export function freeAddressesIn(ec2: Ec2, scope: Scope, subnet: SubnetRecord): () => string {
  const used = new Set(
    interfacesBy(ec2.records, scope, 'subnet', subnet.subnetId)
      .filter((one) => one.subnetId === subnet.subnetId)
      .map((one) => one.privateIp),
  );
  const elsewhere = ec2.records.instances.byAnywhere('alive', 'yes').map(({ value }) => value.privateIp);
  let avoided: ReadonlySet<string> = new Set(elsewhere);
  const { first, prefix } = parseCidr(subnet.cidrBlock)!;
  const end = first + sizeOf({ first, prefix }) - 1;
  let at = end;
  return () => {
    for (;;) {
      while (--at >= first + RESERVED_ADDRESSES - 1) {
        const address = renderAddress(at);
        if (used.has(address) || avoided.has(address)) continue;
        used.add(address);
        return address;
      }
      if (avoided.size === 0) throw noFreeAddress(subnet.subnetId);
      avoided = new Set();
      at = end;
    }
  };
}

/**
 * The requested address, or a free one. Throws InvalidParameterValue for an address outside, InvalidIPAddress.InUse.
 */
export function addressIn(ec2: Ec2, scope: Scope, subnet: SubnetRecord, asked: string | undefined): string {
  if (!asked) return freeAddressesIn(ec2, scope, subnet)();
  const address = parseCidr(`${asked}/32`);
  if (!address || !contains(parseCidr(subnet.cidrBlock)!, address)) throw addressOutsideSubnet(asked);
  if (isTaken(ec2.records, scope, subnet.subnetId, asked)) throw addressInUse(asked);
  return asked;
}
