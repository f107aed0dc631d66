// Ranges of IPv4 addresses. Pure.

/** Addresses as numbers of 32 bits, both ends included. */
export interface Range {
  from: number;
  to: number;
}

const FORM = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/;

/** The range of an address or a block; `undefined` if the text is neither. */
export function rangeOf(text: string): Range | undefined {
  const [a, b, c, d, prefix = 32] = (FORM.exec(text)?.slice(1) ?? []).flatMap((part) => (part ? Number(part) : []));
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined;
  if (Math.max(a, b, c, d) > 255 || prefix > 32) return undefined;
  const address = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d;
  const size = 2 ** (32 - prefix);
  const from = address - (address % size);
  return { from, to: from + size - 1 };
}

/** `10.0.0.0-10.0.255.255`, or one address. */
export const renderRange = ({ from, to }: Range): string =>
  from === to ? renderAddress(from) : `${renderAddress(from)}-${renderAddress(to)}`;

const renderAddress = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');

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
