// The DNS names of balancers: each has the addresses of all its subnets.

import { AWS_SUFFIXES } from '../../aws/hosts.ts';
import type { Scope } from '../../aws/scope.ts';
import type { DnsRecord, Zone, ZoneTable } from '../../dns/zone.ts';
import { dnsNameOf } from './domain/names.ts';
import type { BalancerRecord } from './records.ts';

/** Publishes names and answers for them. */
export interface BalancerNames {
  /** Also after a change of addresses. */
  publish(scope: Scope, balancer: BalancerRecord): void;
  withdraw(scope: Scope, balancer: BalancerRecord): void;
  /** Every name with one of its addresses. */
  hostNames(): Record<string, string>;
  /** Answers no more. */
  stop(): void;
}

/** AWS: the TTL of the names of load balancers. */
const TTL_SECONDS = 60;

/** Adds the zones. Names of others below the same suffix are forwarded: a machine may use real balancers, too. */
export function createBalancerNames(table: ZoneTable): BalancerNames {
  const published = new Map<string, readonly string[]>();
  let turn = 0;

  /** AWS: the order of the addresses changes from answer to answer. */
  function lookup(name: string): DnsRecord[] | undefined {
    const addresses = published.get(name);
    if (!addresses) return undefined;
    const first = turn++ % addresses.length;
    const inTurn = [...addresses.slice(first), ...addresses.slice(0, first)];
    return inTurn.map((data) => ({ type: 'A', ttl: TTL_SECONDS, data }));
  }

  const zones: Zone[] = AWS_SUFFIXES.map((suffix) => ({
    suffix: `elb.${suffix}`,
    owns: (name) => published.has(name),
    lookup,
  }));
  for (const zone of zones) table.add(zone);
  const nameOf = (scope: Scope, balancer: BalancerRecord) => dnsNameOf(scope, balancer).toLowerCase();
  return {
    publish(scope, balancer) {
      published.set(
        nameOf(scope, balancer),
        balancer.places.map(({ address }) => address),
      );
    },
    withdraw: (scope, balancer) => void published.delete(nameOf(scope, balancer)),
    hostNames: () => Object.fromEntries([...published].map(([name, [address]]) => [name, address!])),
    stop() {
      for (const zone of zones) table.remove(zone);
    },
  };
}
