// Chooses the address of a node in its subnet. Pure. Where the subnet itself cannot be used, it maps into a block of
// 65,536 addresses by its third and fourth octet, so that addresses resemble their subnet.

import { assert } from '../kernel/assert.ts';

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
 * The first free address for a node in `subnet` (CIDR notation): in the subnet itself, or in `block`, given by its
 * first two octets (`127.83`). `undefined` when all are used. `used` has addresses of all subnets: subnets of different
 * VPCs may have the same addresses. `quarantined` maps recently released addresses to the time of their release; they
 * are used only when no other is free, the longest released first.
 */
export function nextAddress(
  subnet: string,
  used: ReadonlySet<string>,
  quarantined: ReadonlyMap<string, number> = new Map(),
  block?: string,
): string | undefined {
  const { first, size } = rangeOf(subnet, block);
  let longest: { address: string; since: number } | undefined;
  for (let host = RESERVED_FIRST; host < size - RESERVED_LAST; host++) {
    const address = textOf(first + host);
    if (used.has(address)) continue;
    const since = quarantined.get(address);
    if (since === undefined) return address;
    if (!longest || since < longest.since) longest = { address, since };
  }
  return longest?.address;
}

/** The number of nodes that fit in a subnet. */
export const capacityOf = (subnet: string): number =>
  Math.max(0, rangeOf(subnet, undefined).size - RESERVED_FIRST - RESERVED_LAST);

/** Whether the address is one of the subnet's, and none that AWS reserves in it. */
export function isUsable(address: string, subnet: string): boolean {
  const cidr = parseCidr(subnet);
  const one = parseCidr(`${address}/32`);
  if (!cidr || !one) return false;
  const host = one.base - cidr.base;
  return host >= RESERVED_FIRST && host < sizeOf(cidr) - RESERVED_LAST;
}

/** Whether the address is in the range. */
export function isInRange(address: string, range: string): boolean {
  const cidr = parseCidr(range);
  const one = parseCidr(`${address}/32`);
  return (
    cidr !== undefined &&
    one !== undefined &&
    one.base - cidr.base >= 0 &&
    one.base - cidr.base < sizeOf(cidr)
  );
}

function rangeOf(subnet: string, block: string | undefined): { first: number; size: number } {
  const cidr = parseCidr(subnet);
  assert(cidr, `a subnet must be a CIDR range, not ${subnet}`);
  const size = Math.min(sizeOf(cidr), BLOCK_SIZE);
  if (block === undefined) return { first: cidr.base, size };
  const start = parseCidr(`${block}.0.0/16`);
  assert(start, `a block is given by two octets, not ${block}`);
  return { first: start.base + (cidr.base % BLOCK_SIZE), size };
}

const sizeOf = ({ prefixLength }: Cidr): number => 2 ** (32 - prefixLength);

/** The text of an address that is given as an unsigned 32-bit number. */
export const textOf = (address: number): string =>
  [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
