// Kinds of traffic that a rule allows: their intersection, and their union without overlaps. Pure.

import type { Rule } from '../../security-facts.ts';

/** Protocols and ports. */
export interface Traffic {
  /** `all`, `tcp`, `udp`, `icmp` or a number. */
  protocol: string;
  /** Ports, or the types of ICMP; both ends included. The whole range where the protocol has no ports. */
  from: number;
  to: number;
  /** The code of ICMP. Absent: any. */
  code?: number;
}

const LAST_PORT = 65_535;
const LAST_ICMP_TYPE = 255;

/** Every packet. */
export const EVERYTHING: Traffic = { protocol: 'all', from: 0, to: LAST_PORT };

/** Whether the traffic is ICMP of every type and code. */
export const isAllIcmp = ({ protocol, from, to, code }: Traffic): boolean =>
  protocol === 'icmp' && from === 0 && to === LAST_ICMP_TYPE && code === undefined;

/** What a rule allows, whatever its peer. ICMPv6 is included, although no packet of it can match. */
export function trafficOf({ protocol, fromPort, toPort }: Rule): Traffic {
  switch (protocol) {
    case '-1':
      return EVERYTHING;
    case 'tcp':
    case 'udp':
      return { protocol, from: fromPort ?? 0, to: toPort ?? LAST_PORT };
    case 'icmp': {
      const type = fromPort ?? -1;
      if (type === -1) return { protocol, from: 0, to: LAST_ICMP_TYPE };
      const code = toPort ?? -1;
      return { protocol, from: type, to: type, ...(code !== -1 && { code }) };
    }
    default:
      return { protocol, from: 0, to: LAST_PORT };
  }
}

/** The traffic that both allow. */
export function intersection(one: Traffic, other: Traffic): Traffic | undefined {
  if (one.protocol === 'all') return other;
  if (other.protocol === 'all') return one;
  if (one.protocol !== other.protocol) return undefined;
  const from = Math.max(one.from, other.from);
  const to = Math.min(one.to, other.to);
  if (from > to) return undefined;
  const code = one.code ?? other.code;
  if (other.code !== undefined && other.code !== code) return undefined;
  return { protocol: one.protocol, from, to, ...(code !== undefined && { code }) };
}

/** The traffic that some entry of both lists allows, without overlaps. */
export const allowedByBoth = (some: readonly Traffic[], others: readonly Traffic[]): Traffic[] =>
  union(some.flatMap((one) => others.flatMap((other) => intersection(one, other) ?? [])));

/** The same traffic without overlaps, sorted. */
export function union(list: readonly Traffic[]): Traffic[] {
  if (list.some(({ protocol }) => protocol === 'all')) return [EVERYTHING];
  const sorted = [...list].sort(
    (a, b) => compare(a.protocol, b.protocol) || (a.code ?? -1) - (b.code ?? -1) || a.from - b.from,
  );
  const merged: Traffic[] = [];
  for (const next of sorted) {
    const last = merged.at(-1);
    const isSameKind = last?.protocol === next.protocol && last.code === next.code;
    if (last && isSameKind && next.from <= last.to + 1) last.to = Math.max(last.to, next.to);
    else merged.push({ ...next });
  }
  return merged.filter((one) => !merged.some((other) => other !== one && includesCode(other, one)));
}

/** ICMP with one code is part of ICMP with any code. */
const includesCode = (outer: Traffic, inner: Traffic): boolean =>
  inner.code !== undefined &&
  outer.code === undefined &&
  outer.protocol === inner.protocol &&
  outer.from <= inner.from &&
  outer.to >= inner.to;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
