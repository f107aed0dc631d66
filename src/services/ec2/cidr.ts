// Blocks of IPv4 addresses: reading, comparing, counting. Pure numbers.

export interface Cidr {
  /** The first address as a number of 32 bits, without host bits. */
  first: number;
  prefix: number;
}

const FORM = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** In canonical form (AWS: host bits are cut off, not refused); `undefined` when the text is no block. */
export function parseCidr(text: string): Cidr | undefined {
  const parts = FORM.exec(text)?.slice(1).map(Number);
  if (!parts) return undefined;
  const [a, b, c, d, prefix] = parts as [number, number, number, number, number];
  if (prefix > 32 || [a, b, c, d].some((octet) => octet > 255)) return undefined;
  const address = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  const size = 2 ** (32 - prefix);
  return { first: address - (address % size), prefix };
}

export const renderCidr = (cidr: Cidr): string => `${renderAddress(cidr.first)}/${cidr.prefix}`;

export const renderAddress = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');

export const sizeOf = (cidr: Cidr): number => 2 ** (32 - cidr.prefix);

export const contains = (outer: Cidr, inner: Cidr): boolean =>
  inner.prefix >= outer.prefix && inner.first >= outer.first && inner.first < outer.first + sizeOf(outer);

/** Blocks of powers of two overlap only when one is inside the other. */
export const overlap = (one: Cidr, other: Cidr): boolean => contains(one, other) || contains(other, one);

const IPV6_GROUP = /^[0-9a-f]{1,4}$/;

/** Whether the text is a block of IPv6 addresses; its form is kept as given. */
export function isIpv6Cidr(text: string): boolean {
  const match = /^([0-9a-fA-F:]{2,39})\/(\d{1,3})$/.exec(text);
  if (!match || Number(match[2]) > 128) return false;
  const halves = match[1]!.toLowerCase().split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (!groups.every((group) => IPV6_GROUP.test(group))) return false;
  return halves.length === 2 ? groups.length < 8 : groups.length === 8;
}
