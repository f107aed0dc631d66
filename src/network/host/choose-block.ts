// Decides which block of this host's network a Millpond may use, from the host's routes and addresses. Pure.

import { parseCidr, textOf } from '../next-address.ts';

/** A route of this host, from any table. */
export interface Route {
  /** A range in CIDR notation, or an address; `default` for the default route. */
  destination: string;
  device?: string | undefined;
  /** The number of who made it; the kernel's own routes have 2. */
  protocol?: string | undefined;
  /** The kernel's number: 2 is `local`; absent for routes to other machines. */
  type?: string | undefined;
}

/** An address of an interface of this host. */
export interface InterfaceAddress {
  device: string;
  address: string;
  prefixLength: number;
}

/** What the kernel knows about ranges of addresses. */
export interface HostNetwork {
  routes: readonly Route[];
  addresses: readonly InterfaceAddress[];
}

/**
 * How a block can be used. `free`: nothing uses it, so all of it can be routed to this host itself. `neighbours`: it
 * belongs to the network of an interface, where each address is taken one by one. `taken`: something else uses it.
 */
export type Use =
  | { kind: 'free' }
  | { kind: 'neighbours'; device: string; ownAddress: string }
  | { kind: 'taken'; by: string };

/** Marks routes as Millpond's. Not one of the numbers that iproute2 names. */
export const ROUTE_PROTOCOL = '196';
const LOCAL_ROUTE = '2';
const BROADCAST_ROUTE = '3';

/**
 * Shorter prefixes are default routes: VPNs split the default route into halves. A private network in such a range has
 * its own, longer route.
 */
const SHORTEST_PREFIX = 8;

/** Second octets of 10.0.0.0/8 that container engines, Kubernetes and many private networks choose by default. */
const AVOIDED = new Set([0, 1, 2, 8, 10, 42, 43, 88, 89, 96, 244]);

/** The blocks to try by themselves, in this order from an arbitrary start: all of 10.0.0.0/8, then of 172.16.0.0/12. */
export function candidates(start: number): string[] {
  const numbers = Array.from({ length: 256 }, (_, index) => (start + index) % 256);
  return [
    ...numbers.filter((number) => !AVOIDED.has(number)).map((number) => `10.${number}`),
    ...numbers.filter((number) => number >= 16 && number < 32).map((number) => `172.${number}`),
  ];
}

/** Only ranges without public addresses can be taken: a local route hides everything else in its range. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/** The first two octets of a /16 of a private range, given in CIDR notation; `undefined` for anything else. */
export function parseBlock(text: string): string | undefined {
  const cidr = parseCidr(text);
  if (cidr?.prefixLength !== 16 || !PRIVATE.some((range) => covers(range, text))) return undefined;
  return textOf(cidr.base).split('.').slice(0, 2).join('.');
}

/** `10.83` -> `10.83.0.0/16`. */
export const cidrOf = (block: string): string => `${block}.0.0/16`;

/** How this block, given by its first two octets, can be used. `own` tells Millpond's own routes. */
export function useOf(block: string, network: HostNetwork, own: (route: Route) => boolean): Use {
  const range = cidrOf(block);
  const home = network.addresses.find(({ address, prefixLength }) =>
    covers(rangeAround(address, prefixLength), range),
  );
  const route = network.routes.find((each) => {
    if (own(each) || !isSpecific(each) || !overlap(each.destination, range)) return false;
    return !home || !isOfInterface(each, home, range);
  });
  if (route) return { kind: 'taken', by: describe(route) };
  if (home) return { kind: 'neighbours', device: home.device, ownAddress: home.address };
  // Networks of interfaces that are down have no route yet.
  const idle = network.addresses.find(({ address, prefixLength }) =>
    overlap(rangeAround(address, prefixLength), range),
  );
  return idle
    ? { kind: 'taken', by: `${idle.address}/${idle.prefixLength} of ${idle.device}` }
    : { kind: 'free' };
}

/** Routes that the kernel makes for an interface's own network and its addresses; local ones in it are in use. */
function isOfInterface({ destination, device, type }: Route, home: InterfaceAddress, range: string): boolean {
  if (type === LOCAL_ROUTE || type === BROADCAST_ROUTE) return destination.split('/')[1] === undefined;
  return device === home.device && covers(destination, range);
}

function isSpecific({ destination }: Route): boolean {
  const prefix = parseCidr(withPrefix(destination))?.prefixLength;
  return prefix !== undefined && prefix >= SHORTEST_PREFIX;
}

const describe = ({ destination, device }: Route): string =>
  `the route ${destination}${device ? ` dev ${device}` : ''}`;

const withPrefix = (destination: string): string =>
  destination.includes('/') ? destination : `${destination}/32`;

function rangeAround(address: string, prefixLength: number): string {
  const { base } = parseCidr(`${address}/32`)!;
  return `${textOf(base - (base % 2 ** (32 - prefixLength)))}/${prefixLength}`;
}

function boundsOf(text: string): { first: number; last: number } | undefined {
  const cidr = parseCidr(withPrefix(text));
  return cidr && { first: cidr.base, last: cidr.base + 2 ** (32 - cidr.prefixLength) - 1 };
}

function overlap(one: string, other: string): boolean {
  const [a, b] = [boundsOf(one), boundsOf(other)];
  return a !== undefined && b !== undefined && a.first <= b.last && b.first <= a.last;
}

function covers(outer: string, inner: string): boolean {
  const [a, b] = [boundsOf(outer), boundsOf(inner)];
  return a !== undefined && b !== undefined && a.first <= b.first && b.last <= a.last;
}
