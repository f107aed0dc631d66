// Public addresses and the DNS names of addresses. The addresses are from the block reserved for benchmarks (RFC
// 2544), so nothing on the internet has them.

import { randomInt } from 'node:crypto';
import type { Scope } from '../../aws/scope.ts';
import { parseCidr, renderAddress, sizeOf } from './cidr.ts';
import type { Ec2 } from './context.ts';

const BLOCK = parseCidr('198.18.0.0/15')!;

/** A random unused address. The limits on addresses and instances keep the block far from full. */
export function newPublicAddress(ec2: Ec2, scope: Scope): string {
  for (;;) {
    const address = renderAddress(BLOCK.first + randomInt(1, sizeOf(BLOCK) - 1));
    const isUsed = [ec2.records.addresses, ec2.records.instances].some(
      (kind) => kind.countBy(scope, 'publicIp', address) > 0,
    );
    if (!isUsed) return address;
  }
}

/** AWS: names in us-east-1 do not contain the region. */
export const publicDnsNameOf = (address: string, region: string): string =>
  `ec2-${dashed(address)}.${region === 'us-east-1' ? 'compute-1' : `${region}.compute`}.amazonaws.com`;

/** AWS: names in us-east-1 do not contain the region. */
export const privateDnsNameOf = (address: string, region: string): string =>
  `ip-${dashed(address)}.${region === 'us-east-1' ? 'ec2' : `${region}.compute`}.internal`;

/** AWS's view of the addresses of a network interface. */
export function viewAddresses(privateIp: string, publicIp: string | undefined, region: string) {
  const PrivateDnsName = privateDnsNameOf(privateIp, region);
  const Association = publicIp
    ? { PublicIp: publicIp, PublicDnsName: publicDnsNameOf(publicIp, region), IpOwnerId: 'amazon' }
    : undefined;
  return {
    PrivateIpAddress: privateIp,
    PrivateDnsName,
    PrivateIpAddresses: [{ Primary: true, PrivateIpAddress: privateIp, PrivateDnsName, Association }],
    Association,
  };
}

const dashed = (address: string): string => address.replaceAll('.', '-');
