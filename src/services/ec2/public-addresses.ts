// Public addresses, of the block that is set aside for benchmarks (RFC 2544): they look like any and lead nowhere.

import { randomInt } from 'node:crypto';
import type { Scope } from '../../aws/scope.ts';
import { parseCidr, renderAddress, sizeOf } from './cidr.ts';
import type { Ec2 } from './context.ts';

const BLOCK = parseCidr('198.18.0.0/15')!;

/** One that nobody in the scope has; LIMITS keep the block far from full. */
export function newPublicAddress(ec2: Ec2, scope: Scope): string {
  for (;;) {
    const address = renderAddress(BLOCK.first + randomInt(1, sizeOf(BLOCK) - 1));
    const isUsed = [ec2.records.addresses, ec2.records.instances].some(
      (kind) => kind.countBy(scope, 'publicIp', address) > 0,
    );
    if (!isUsed) return address;
  }
}

/** AWS: the first region's names are older than the rule for the others. */
export const publicDnsNameOf = (address: string, region: string): string =>
  `ec2-${dashed(address)}.${region === 'us-east-1' ? 'compute-1' : `${region}.compute`}.amazonaws.com`;

export const privateDnsNameOf = (address: string, region: string): string =>
  `ip-${dashed(address)}.${region === 'us-east-1' ? 'ec2' : `${region}.compute`}.internal`;

const dashed = (address: string): string => address.replaceAll('.', '-');
