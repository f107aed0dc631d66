// Blocks of IPv4 addresses: parsing, comparing, counting. Pure.

/** A block in canonical form. */
export interface Cidr {
  /** The first address as a number of 32 bits, without host bits. */
  first: number;
  prefix: number;
}

const FORM = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** `undefined` if the text is not a block. AWS: host bits are cleared, not refused. */
export function parseCidr(text: string): Cidr | undefined {
  const parts = FORM.exec(text)?.slice(1).map(Number);
  if (!parts) return undefined;
  const [a, b, c, d, prefix] = parts as [number, number, number, number, number];
  if (prefix > 32 || [a, b, c, d].some((octet) => octet > 255)) return undefined;
  const address = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  const size = 2 ** (32 - prefix);
  return { first: address - (address % size), prefix };
}

/** `10.0.0.0/16`. */
export const renderCidr = (cidr: Cidr): string => `${renderAddress(cidr.first)}/${cidr.prefix}`;

/** Dotted notation of a 32-bit number. */
export const renderAddress = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');

/** The number of addresses in the block. */
export const sizeOf = (cidr: Cidr): number => 2 ** (32 - cidr.prefix);

/** Whether `inner` is within `outer` or equal to it. */
export const contains = (outer: Cidr, inner: Cidr): boolean =>
  inner.prefix >= outer.prefix && inner.first >= outer.first && inner.first < outer.first + sizeOf(outer);

/** Two blocks overlap only if one contains the other, since their sizes are powers of two. */
export const overlap = (one: Cidr, other: Cidr): boolean => contains(one, other) || contains(other, one);

const IPV6_GROUP = /^[0-9a-f]{1,4}$/;

/** Whether the text is a block of IPv6 addresses. Such blocks are stored as text. */
export function isIpv6Cidr(text: string): boolean {
  const match = /^([0-9a-fA-F:]{2,39})\/(\d{1,3})$/.exec(text);
  if (!match || Number(match[2]) > 128) return false;
  const halves = match[1]!.toLowerCase().split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (!groups.every((group) => IPV6_GROUP.test(group))) return false;
  return halves.length === 2 ? groups.length < 8 : groups.length === 8;
}
