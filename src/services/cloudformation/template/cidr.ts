// Fn::Cidr: divides a CIDR block into smaller ones.

import { isIPv4, isIPv6 } from 'node:net';

/** `hostBits` is the number of host bits of each subnet: 8 makes a /24 of IPv4. A string is the error message. */
export function cidrBlocks(block: string, count: number, hostBits?: number): string[] | string {
  const [address = '', length = ''] = block.split('/');
  const width = isIPv4(address) ? 32 : isIPv6(address) ? 128 : 0;
  const prefix = Number(length);
  if (width === 0 || !/^\d+$/.test(length) || prefix > width) return `Fn::Cidr: ${block} is not a CIDR block`;
  if (!Number.isInteger(count) || count < 1 || count > 256) return 'Fn::Cidr: count must be from 1 to 256';
  const bits = hostBits ?? (width === 128 ? 64 : NaN);
  if (!Number.isInteger(bits) || bits < 1 || bits > width)
    return 'Fn::Cidr: cidrBits is required and must be positive';
  const subnetPrefix = width - bits;
  if (subnetPrefix < prefix || 2n ** BigInt(subnetPrefix - prefix) < BigInt(count)) {
    return `Fn::Cidr: ${block} has no room for ${count} blocks of /${subnetPrefix}`;
  }
  const mask = ((1n << BigInt(prefix)) - 1n) << BigInt(width - prefix);
  const first = addressNumber(address, width) & mask;
  const size = 1n << BigInt(bits);
  return Array.from({ length: count }, (_, index) => {
    const start = first + size * BigInt(index);
    return `${width === 32 ? ipv4Text(start) : ipv6Text(start)}/${subnetPrefix}`;
  });
}

function addressNumber(address: string, width: number): bigint {
  if (width === 32) return address.split('.').reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const [head = '', tail] = address.split('::');
  const groups = (text: string | undefined) => (text ? text.split(':').flatMap(groupOf) : []);
  const before = groups(head);
  const after = groups(tail);
  const middle = Array<bigint>(Math.max(0, 8 - before.length - after.length)).fill(0n);
  return [...before, ...middle, ...after].reduce((sum, group) => (sum << 16n) | group, 0n);
}

/** An embedded IPv4 address is two groups. */
function groupOf(text: string): bigint[] {
  if (!text.includes('.')) return [BigInt(`0x${text}`)];
  const number = addressNumber(text, 32);
  return [number >> 16n, number & 0xffffn];
}

const ipv4Text = (number: bigint) =>
  [24n, 16n, 8n, 0n].map((shift) => String((number >> shift) & 255n)).join('.');

function ipv6Text(number: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((number >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  const text = groups.join(':');
  const zeros = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length)[0];
  if (!zeros) return text;
  const before = text.slice(0, zeros.index);
  const after = text.slice(zeros.index + zeros[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}
