// Drops packets in the world: a table of its own for nftables, which is there only while something is cut.

import type { PacketCuts } from '../network.ts';
import { tool } from './tools.ts';
import type { World } from './world.ts';

const TABLE = 'inet millpond_cuts';
/** More addresses in one filter of `ss` would be too long for the kernel. */
const MOST_IN_FILTER = 100;

/** Cuts in this world. */
export function createPacketCuts(world: Pick<World, 'isAdopted' | 'inside' | 'run'>): PacketCuts {
  return {
    mayHaveCuts: world.isAdopted,
    async applyCuts(pairs) {
      await world.run([tool('nft'), '-f', '-'], rulesOf(pairs));
    },
    async endConnections(between) {
      for (const filter of filtersOf(between)) await world.run([tool('ss'), '--tcp', '--kill', filter]);
    },
    async whyNoDelay() {
      // In a namespace of its own, so that nothing is delayed while it is tried.
      const trial = `${tool('ip')} link set lo up && exec ${tool('tc')} qdisc add dev lo root netem delay 1ms`;
      const works = await world.run([tool('unshare'), '--net', '--', '/bin/sh', '-c', trial]).then(
        () => true,
        () => false,
      );
      return works ? 'Packets cannot be delayed yet; they can be cut.' : NO_NETEM;
    },
  };
}

const NO_NETEM =
  'Packets cannot be delayed on this machine: its kernel has no netem (the module sch_netem). They can be cut.';

/** One transaction that replaces the whole table. The first line makes the second work where there is no table. */
export function rulesOf(pairs: readonly { from: string; to: string }[]): string {
  const before = `add table ${TABLE}\ndelete table ${TABLE}\n`;
  if (pairs.length === 0) return before;
  // Before everything else sees them: `arriving` for packets to nodes, `leaving` for those from nodes to machines.
  return `${before}table ${TABLE} {
  set cut {
    type ipv4_addr . ipv4_addr
    flags interval
    elements = {
${pairs.map(({ from, to }) => `      ${from} . ${to}`).join(',\n')}
    }
  }
  chain arriving {
    type filter hook prerouting priority -350; policy accept;
    ip saddr . ip daddr @cut drop
  }
  chain leaving {
    type filter hook postrouting priority -350; policy accept;
    ip saddr . ip daddr @cut drop
  }
}
`;
}

/** The filters of `ss` for the connections of each address with the others. */
function filtersOf(between: ReadonlyMap<string, readonly string[]>): string[] {
  const filters: string[] = [];
  for (const [address, others] of between) {
    for (let start = 0; start < others.length; start += MOST_IN_FILTER) {
      const some = others.slice(start, start + MOST_IN_FILTER).map((other) => `dst ${other}`);
      filters.push(`src ${address} and ( ${some.join(' or ')} )`);
    }
  }
  return filters;
}
