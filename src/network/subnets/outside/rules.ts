// The rules about packets that leave the world, as text for nft. Pure. A table of their own: the other table holds the
// rules inside of the world.

import { linkOf } from '../link.ts';
import { OUTSIDE_RANGE } from '../setup.ts';
import { EDGE_LINK, HOST_ADDRESS } from './programs.ts';

const TABLE = 'inet millpond_outside';
/** Addresses that are of no network outside: this host, links, groups. */
const NEVER = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'];

/** The beginning of the links of all machines outside of every VPC. They may always leave. A VPC may have the range, too. */
const OUTSIDE_LINKS = linkOf(OUTSIDE_RANGE.split('/')[0]!).slice(0, -4);

/** Who may leave; the elements of the sets. */
export interface Departures {
  /** Addresses of machines in a VPC. */
  leaving: ReadonlySet<string>;
  /** Addresses of machines in a VPC that may not leave, where machines outside of every VPC could have them. */
  staying: ReadonlySet<string>;
  /** Addresses of machines that reach this host's loopback. */
  reachingHost: ReadonlySet<string>;
  /** The addresses of this host on its other networks: there is more behind them than what others are to see. */
  hostAddresses: ReadonlySet<string>;
}

/**
 * Packets between machines and nodes are not forwarded, so they do not meet these rules. A machine is its link and its
 * address, so no other can use its address.
 */
const CHAINS = `
add chain ${TABLE} departures { type filter hook forward priority filter; policy accept; }
flush table ${TABLE}
add rule ${TABLE} departures oifname != ${EDGE_LINK} accept
add rule ${TABLE} departures ip daddr ${HOST_ADDRESS} iifname . ip saddr @reaching_host accept
add rule ${TABLE} departures ip daddr { ${NEVER.join(', ')} } drop
add rule ${TABLE} departures ip daddr @host_addresses drop
add rule ${TABLE} departures iifname . ip saddr @leaving accept
add rule ${TABLE} departures iifname . ip saddr @staying drop
add rule ${TABLE} departures ip saddr ${OUTSIDE_RANGE} iifname "${OUTSIDE_LINKS}*" accept
add rule ${TABLE} departures drop
`;

const SETS = {
  leaving: 'type ifname . ipv4_addr',
  staying: 'type ifname . ipv4_addr',
  reaching_host: 'type ifname . ipv4_addr',
  host_addresses: 'type ipv4_addr',
} as const;

/** Writes everything, whatever there was. */
export function rewriting(departures: Departures): string {
  const names = Object.keys(SETS) as (keyof typeof SETS)[];
  const elements = elementsOf(departures);
  return [
    `add table ${TABLE}`,
    ...names.flatMap((name) => [`add set ${TABLE} ${name} { ${SETS[name]}; }`, `flush set ${TABLE} ${name}`]),
    CHAINS.trim(),
    ...names.flatMap((name) => change('add', name, elements[name])),
    '',
  ].join('\n');
}

/** Changes what differs; empty when nothing does. */
export function changing(before: Departures, after: Departures): string {
  const [old, present] = [elementsOf(before), elementsOf(after)];
  const names = Object.keys(SETS) as (keyof typeof SETS)[];
  return names
    .flatMap((name) => [
      ...change('delete', name, old[name].difference(present[name])),
      ...change('add', name, present[name].difference(old[name])),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

function elementsOf(departures: Departures): Record<keyof typeof SETS, ReadonlySet<string>> {
  const { leaving, staying, reachingHost, hostAddresses } = departures;
  const machines = (addresses: ReadonlySet<string>) =>
    new Set(Array.from(addresses, (address) => `${linkOf(address)} . ${address}`));
  return {
    leaving: machines(leaving),
    staying: machines(staying),
    reaching_host: machines(reachingHost),
    host_addresses: hostAddresses,
  };
}

const change = (verb: 'add' | 'delete', name: string, elements: ReadonlySet<string>): string[] =>
  elements.size === 0 ? [] : [`${verb} element ${TABLE} ${name} { ${[...elements].join(', ')} }`];
