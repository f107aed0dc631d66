// The link of a machine: a pair of virtual Ethernet devices between its network namespace and the world. The kernel
// removes it with the last process of the machine.

import { readFileSync } from 'node:fs';
import { INNER_PORTS } from '../network.ts';
import { GATEWAY_ADDRESS, GATEWAY_HARDWARE, SERVER_ADDRESS } from './setup.ts';
import { tool } from './tools.ts';

const PREFIX = 'm';

/** The name of a machine's device in the world: `m` and the address in hexadecimal. */
export const linkOf = (address: string): string =>
  PREFIX + Buffer.from(address.split('.').map(Number)).toString('hex');

/** The addresses of all machines that have a device, from `/proc/PID/net/dev` of a process in the world. */
export function linkedAddresses(procNet: string): Set<string> {
  const names = readFileSync(`${procNet}/dev`, 'latin1').matchAll(/^ *m([0-9a-f]{8}):/gm);
  return new Set(Array.from(names, ([, hex]) => [...Buffer.from(hex!, 'hex')].join('.')));
}

/** What the script of a link prints when its namespace is there, and when the link is. */
export const PROGRESS = { made: 'made', linked: 'linked' } as const;

/**
 * Arguments: a file that is the world's network namespace, the device's name, the address. Creates the link from within
 * the machine's namespace, which it keeps until its input ends.
 */
const SCRIPT = `
echo ${PROGRESS.made}
${tool('ip')} -batch - <<LINK || exit
link set lo up
link add eth0 type veth peer name $2 address ${GATEWAY_HARDWARE} netns $1
address add $3/32 dev eth0
link set eth0 up
route add ${GATEWAY_ADDRESS}/32 dev eth0
route add default via ${GATEWAY_ADDRESS}
neighbour add ${GATEWAY_ADDRESS} lladdr ${GATEWAY_HARDWARE} dev eth0
LINK
${tool('nsenter')} --net="$1" -- ${tool('ip')} -batch - <<LINK || exit
link set $2 up
route replace $3/32 dev $2 table main
LINK
`;

/**
 * Further arguments: the address and port of the API on this host. Programs that have the API's address of this host
 * in their settings (`localhost:4566`) reach it in the machine, too. Packets are only rewritten: tracking connections
 * would cost the data path 3 %. Some containers forbid the settings: then only the API's address in the network works.
 */
const LOCAL_API_SCRIPT = `
{ for setting in all/route_localnet eth0/route_localnet eth0/accept_local; do
  echo 1 >/proc/sys/net/ipv4/conf/$setting || break
done
${tool('nft')} -f - <<RULES
table ip local_api {
  set calling {
    type inet_service
    size 65535
    flags dynamic,timeout
    timeout 1h
  }
  chain calls {
    type route hook output priority mangle; policy accept;
    ip daddr $4 tcp dport $5 update @calling { tcp sport } ip saddr set $3 ip daddr set ${SERVER_ADDRESS} tcp dport set ${INNER_PORTS.api}
  }
  chain answers {
    type filter hook prerouting priority raw; policy accept;
    ip saddr ${SERVER_ADDRESS} tcp sport ${INNER_PORTS.api} tcp dport @calling ip saddr set $4 ip daddr set 127.0.0.1 tcp sport set $5
  }
}
RULES
} 2>/dev/null
`;

const KEEP_SCRIPT = `
echo ${PROGRESS.linked}
read -r _
`;

/**
 * The command line that makes a network namespace with this address, prints its progress and keeps the namespace until its
 * input ends; to be run in the world. With `hostApi`, the API's address of this host leads to the API there.
 */
export function linkKeeper(
  namespaceFile: string,
  address: string,
  hostApi: { address: string; port: number } | undefined,
): [string, ...string[]] {
  const script = SCRIPT + (hostApi ? LOCAL_API_SCRIPT : '') + KEEP_SCRIPT;
  return [
    ...([tool('unshare'), '--net', '--'] as const),
    ...['/bin/sh', '-c', script, 'millpond-link', namespaceFile, linkOf(address), address],
    ...(hostApi ? [hostApi.address, String(hostApi.port)] : []),
  ];
}
