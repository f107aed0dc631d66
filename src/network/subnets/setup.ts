// The script that makes a new network namespace the world: its routes, its own address and its table of rules. It
// contains no input.

import { tool } from './tools.ts';

/**
 * Where Millpond's servers listen in the world. AWS: the resolver of every VPC answers at this address, too
 * (docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html).
 */
export const SERVER_ADDRESS = '169.254.169.253';
/** The gateway of every machine: the other end of its link. */
export const GATEWAY_ADDRESS = '169.254.0.1';
/** The hardware address of every link in the world; each link has one machine only. */
export const GATEWAY_HARDWARE = '02:00:00:00:00:01';
/** The table of rules, for `nft`. */
export const TABLE = 'inet millpond';

/**
 * The ranges of most VPCs. Any address of them can be bound without configuring it first: a local route in
 * the main table, where the longer prefix of a machine's route wins.
 */
export const RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'];

/** The addresses of machines outside of every VPC. */
export const OUTSIDE_RANGE = '100.64.0.0/16';

const LINKS = [
  'link set lo up',
  `address add ${SERVER_ADDRESS}/32 dev lo`,
  ...RANGES.map((range) => `route add local ${range} dev lo table main`),
  // AWS: packets that no route takes are lost. Where there is a way out, its route has a smaller metric.
  'route add blackhole default metric 1000',
].join('\n');

/**
 * How many queries are remembered, and for how long: more than Millpond's server answers in that time. One that is not
 * remembered is lost, so a machine that asks from each of its ports must not use up the room of all others.
 */
const MOST_QUERIES = 262_144;
const QUERY_LASTS = '10s';

/**
 * A VPC's resolver is at its base plus two. Queries to it are passed to Millpond's server, and answers to such queries get
 * the address back that was asked. Packets are only rewritten: nothing on the data path is tracked.
 */
const RULES = `
table ${TABLE} {
  set resolvers {
    type ipv4_addr
  }
  map asked {
    type ipv4_addr . inet_proto . inet_service : ipv4_addr
    size ${MOST_QUERIES}
    flags dynamic,timeout
    timeout ${QUERY_LASTS}
  }
  chain queries {
    type filter hook prerouting priority raw; policy accept;
    meta l4proto { tcp, udp } th dport 53 ip daddr @resolvers update @asked { ip saddr . meta l4proto . th sport : ip daddr } ip daddr set ${SERVER_ADDRESS}
  }
  chain answers {
    type filter hook postrouting priority srcnat; policy accept;
    ip saddr ${SERVER_ADDRESS} meta l4proto { tcp, udp } th sport 53 ip saddr set ip daddr . meta l4proto . th dport map @asked
  }
}
`;

/**
 * A packet with a sender to whom the route leads over another link is dropped: a machine cannot use another's address. By
 * a setting, else by a rule; some containers forbid the setting, and some kernels lack the rule.
 */
const TRUE_SENDERS = `echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter ||
  ${tool('nft')} add rule ${TABLE} queries iifname "m*" fib saddr . iif oif missing drop`;

/**
 * Keeps the namespace that it is in, once it has read a line: Millpond writes one when it has recorded the process. So none
 * is left without a record, wherever Millpond is killed.
 */
export const KEEP = `read -r _ || exit
exec ${tool('tail')} -f /dev/null`;

/** Prints `ready` when the world is complete, and then keeps it. */
export const setup = (ready: string): string => `
set -e
${tool('ip')} -batch - <<'LINKS'
${LINKS}
LINKS
${tool('nft')} -f - <<'RULES'
${RULES}
RULES
# A container may forbid these two: then machines cannot talk to each other, and unprivileged users not listen below 1024.
{ echo 1 >/proc/sys/net/ipv4/ip_forward; echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start; } 2>/dev/null || :
{ ${TRUE_SENDERS}; } 2>/dev/null || :
echo ${ready}
${KEEP}
`;
