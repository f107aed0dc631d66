// Sets of IPv4 addresses as sorted ranges that neither overlap nor touch. Addresses are unsigned 32-bit numbers. Pure.

/** A range of addresses; both ends belong to it. */
export interface Range {
  first: number;
  last: number;
}

/** Sorted; no two ranges overlap or touch. */
export type Ranges = readonly Range[];

/** Brings any ranges into order. */
export function union(...sets: readonly (readonly Range[])[]): Ranges {
  const sorted = sets.flat().sort((a, b) => a.first - b.first);
  const merged: Range[] = [];
  for (const { first, last } of sorted) {
    const before = merged.at(-1);
    if (before && first <= before.last + 1) before.last = Math.max(before.last, last);
    else merged.push({ first, last });
  }
  return merged;
}

/** The addresses of `from` that are not in `without`. */
export function minus(from: Ranges, without: Ranges): Ranges {
  const left: Range[] = [];
  let index = 0;
  for (const { first, last } of from) {
    let start = first;
    while (index < without.length && without[index]!.last < start) index++;
    for (let next = index; next < without.length && without[next]!.first <= last; next++) {
      const gap = without[next]!;
      if (gap.first > start) left.push({ first: start, last: gap.first - 1 });
      start = Math.max(start, gap.last + 1);
    }
    if (start <= last) left.push({ first: start, last });
  }
  return left;
}

/** Whether the address is in the set. */
export function includes(ranges: Ranges, address: number): boolean {
  let [low, high] = [0, ranges.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const { first, last } = ranges[middle]!;
    if (address < first) high = middle - 1;
    else if (address > last) low = middle + 1;
    else return true;
  }
  return false;
}

/** The range of one address or of a CIDR block; `undefined` for any other text. */
export function parseRange(text: string): Range | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(text);
  if (!match) return undefined;
  const [a, b, c, d] = match.slice(1, 5).map(Number) as [number, number, number, number];
  const length = Number(match[5] ?? 32);
  if (Math.max(a, b, c, d) > 255 || length > 32) return undefined;
  const size = 2 ** (32 - length);
  const address = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const first = address - (address % size);
  return { first, last: first + size - 1 };
}

/** `10.0.3.4` for a range of one address, else `10.0.3.4-10.0.3.9`. */
export const renderRange = ({ first, last }: Range): string =>
  first === last ? renderAddress(first) : `${renderAddress(first)}-${renderAddress(last)}`;

const renderAddress = (address: number): string =>
  [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
