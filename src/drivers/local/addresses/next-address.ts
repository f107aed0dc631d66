// Chooses the loopback address of a node. Pure. A subnet of the model (10.0.3.0/24) maps into the instance's block
// (127.B.0.0/16) by its third and fourth octet, so that addresses resemble their subnet.

import { assert } from '../../../kernel/assert.ts';

/** An IPv4 range. */
export interface Cidr {
  /** As an unsigned 32-bit number, with no bit set beyond the prefix. */
  base: number;
  prefixLength: number;
}

// AWS: the first four addresses and the last one of every subnet are reserved
// (docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html).
const RESERVED_FIRST = 4;
const RESERVED_LAST = 1;
const BLOCK_SIZE = 2 ** 16;

/** `undefined` when the text is not an IPv4 range in CIDR notation, or has bits beyond its prefix. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const numbers = match.slice(1).map(Number) as [number, number, number, number, number];
  const [a, b, c, d, prefixLength] = numbers;
  if (Math.max(a, b, c, d) > 255 || prefixLength > 32) return undefined;
  const base = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  return base % 2 ** (32 - prefixLength) === 0 ? { base, prefixLength } : undefined;
}

/**
 * The first free address for a node in `subnet` (CIDR notation), e.g. `127.83.16.4` in block 83; `undefined` when all
 * are used. `used` has addresses of all subnets: subnets of different VPCs may map to the same addresses.
 * `quarantined` maps recently released addresses to the time of their release; they are used only when no other is
 * free, the longest released first.
 */
export function nextAddress(
  block: number,
  subnet: string,
  used: ReadonlySet<string>,
  quarantined: ReadonlyMap<string, number> = new Map(),
): string | undefined {
  const cidr = parseCidr(subnet);
  assert(cidr, `a subnet must be a CIDR range, not ${subnet}`);
  const size = Math.min(2 ** (32 - cidr.prefixLength), BLOCK_SIZE);
  const first = cidr.base % BLOCK_SIZE;
  let longest: { address: string; since: number } | undefined;
  for (let host = RESERVED_FIRST; host < size - RESERVED_LAST; host++) {
    const address = addressAt(block, first + host);
    if (used.has(address)) continue;
    const since = quarantined.get(address);
    if (since === undefined) return address;
    if (!longest || since < longest.since) longest = { address, since };
  }
  return longest?.address;
}

/** The number of nodes that fit in a subnet. */
export function capacityOf(subnet: string): number {
  const cidr = parseCidr(subnet);
  assert(cidr, `a subnet must be a CIDR range, not ${subnet}`);
  return Math.max(0, Math.min(2 ** (32 - cidr.prefixLength), BLOCK_SIZE) - RESERVED_FIRST - RESERVED_LAST);
}

const addressAt = (block: number, offset: number): string => `127.${block}.${offset >>> 8}.${offset & 255}`;
