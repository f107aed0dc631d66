// Ranges of IPv4 addresses. Pure.

import { parseCidr, textOf } from '../../next-address.ts';

/** Addresses as numbers of 32 bits, both ends included. */
export interface Range {
  from: number;
  to: number;
}

/** The range of an address or a block; `undefined` if the text is neither. */
export function rangeOf(text: string): Range | undefined {
  const cidr = parseCidr(text.includes('/') ? text : `${text}/32`);
  return cidr && { from: cidr.base, to: cidr.base + 2 ** (32 - cidr.prefixLength) - 1 };
}

/** `10.0.0.0-10.0.255.255`, or one address. */
export const renderRange = ({ from, to }: Range): string =>
  from === to ? textOf(from) : `${textOf(from)}-${textOf(to)}`;

/** Whether the range contains the address. */
export const contains = ({ from, to }: Range, address: number): boolean => from <= address && address <= to;

/** The same addresses in ranges that neither overlap nor touch, sorted. */
export function merged(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const next of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && next.from <= last.to + 1) last.to = Math.max(last.to, next.to);
    else result.push({ ...next });
  }
  return result;
}

/**
 * Cuts ranges that may overlap into ranges that do not, each with the values of all ranges that contain it. Addresses
 * in none of them are left out.
 */
export function cutUp<T>(entries: readonly { range: Range; value: T }[]): { range: Range; values: T[] }[] {
  const starts = new Set(entries.flatMap(({ range }) => [range.from, range.to + 1]));
  const sorted = [...starts].sort((a, b) => a - b);
  return sorted.slice(0, -1).flatMap((from, index) => {
    const values = entries.filter(({ range }) => contains(range, from)).map(({ value }) => value);
    return values.length > 0 ? [{ range: { from, to: sorted[index + 1]! - 1 }, values }] : [];
  });
}
