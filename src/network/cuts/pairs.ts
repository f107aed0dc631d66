// Cuts as pairs of address ranges, for the network's set of packets to drop. Pure.

import { CLIENTS, type Cut, isZone } from './cut.ts';
import { includes, minus, parseRange, type Range, type Ranges, renderRange, union } from './ranges.ts';

/** Packets from an address of one range to an address of the other: `10.0.3.4` or `10.0.3.4-10.0.3.9`. */
export interface Pair {
  from: string;
  to: string;
}

/** The nodes and subnets at one moment. */
export interface Places {
  nodes: readonly NodePlace[];
  /** All VPCs. Of subnets with the same addresses, the first has those that no node has. */
  subnets: readonly { zone: string; cidr: string }[];
}

/** A node. Its address is its own in all VPCs, and may lie in subnets of other zones, too. */
export interface NodePlace {
  id: string;
  groupId: string;
  zone: string;
  address: string;
}

/** More would make the kernel's set slow to replace. */
export const MOST_PAIRS = 20_000;

/** Millpond's own servers and each machine's own addresses are never cut off. */
const NEVER_CUT = ['127.0.0.0/8', '169.254.0.0/16'];
/** AWS: the first four addresses of a subnet and the last one belong to no client; the VPC's resolver is among them. */
const RESERVED_FIRST = 4;

/** The packets that the cuts drop. No two pairs overlap. `undefined` when there are more than `MOST_PAIRS`. */
export function pairsOf(cuts: readonly Cut[], places: Places): Pair[] | undefined {
  const map = mapOf(places);
  const products = cuts.flatMap((cut) => {
    const from = rangesOf(cut.from, map);
    const to = minus(cut.to === undefined ? map.everything : rangesOf(cut.to, map), from);
    return cut.oneWay
      ? [{ from, to }]
      : [
          { from, to },
          { from: to, to: from },
        ];
  });
  const pairs: Pair[] = [];
  for (const { from, to } of disjoint(products)) {
    if (pairs.length + to.length > MOST_PAIRS) return undefined;
    pairs.push(...to.map((range) => ({ from: renderRange(from), to: renderRange(range) })));
  }
  return pairs;
}

interface AddressMap {
  places: Places;
  /** Every address that can be cut off. */
  everything: Ranges;
  /** Without those of nodes. */
  clients: Ranges;
  /** The clients' addresses in each zone. */
  clientsIn: ReadonlyMap<string, Ranges>;
}

function mapOf(places: Places): AddressMap {
  const subnets = places.subnets.flatMap(({ zone, cidr }) => {
    const range = parseRange(cidr);
    return range ? [{ zone, range }] : [];
  });
  const reserved = subnets.flatMap(({ range: { first, last } }) => [
    { first, last: Math.min(last, first + RESERVED_FIRST - 1) },
    { first: last, last },
  ]);
  const nodes = union(places.nodes.flatMap(({ address }) => parseRange(address) ?? []));
  const excluded = union(
    NEVER_CUT.map((range) => parseRange(range)!),
    minus(union(reserved), nodes),
  );
  const everything = minus([{ first: 0, last: 2 ** 32 - 1 }], excluded);
  const clients = minus(everything, nodes);
  const clientsIn = new Map<string, Ranges>();
  let rest = clients;
  for (const { zone, range } of subnets) {
    const outside = minus(rest, [range]);
    clientsIn.set(zone, union(clientsIn.get(zone) ?? [], minus(rest, outside)));
    rest = outside;
  }
  return { places, everything, clients, clientsIn };
}

function rangesOf(end: string, { places, clients, clientsIn }: AddressMap): Ranges {
  if (end === CLIENTS) return clients;
  const inZone = isZone(end);
  const nodes = places.nodes.filter(({ id, groupId, zone }) =>
    inZone ? zone === end : id === end || groupId === end,
  );
  const addresses = nodes.flatMap(({ address }) => parseRange(address) ?? []);
  return union(addresses, inZone ? (clientsIn.get(end) ?? []) : []);
}

interface Product {
  from: Ranges;
  to: Ranges;
}

/** The same packets in pairs that do not overlap: each source address is in one range, with all its destinations. */
function disjoint(products: readonly Product[]): { from: Range; to: Ranges }[] {
  const starts = products.flatMap(({ from }) => from.flatMap(({ first, last }) => [first, last + 1]));
  const borders = [...new Set(starts)].sort((a, b) => a - b);
  const merged: { from: Range; key: string; to: Ranges }[] = [];
  const destinations = new Map<string, Ranges>();
  borders.slice(0, -1).forEach((first, index) => {
    const last = borders[index + 1]! - 1;
    const own = products.flatMap(({ from }, number) => (includes(from, first) ? [number] : []));
    if (own.length === 0) return;
    const key = own.join();
    const before = merged.at(-1);
    if (before?.key === key && before.from.last + 1 === first) {
      before.from.last = last;
      return;
    }
    let to = destinations.get(key);
    if (!to) destinations.set(key, (to = union(...own.map((number) => products[number]!.to))));
    merged.push({ from: { first, last }, key, to });
  });
  return merged;
}
