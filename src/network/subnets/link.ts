// The link of a machine: a pair of virtual Ethernet devices between its network namespace and the world. The kernel
// removes it with the last process of the machine.

import { readFileSync } from 'node:fs';
import { GATEWAY_ADDRESS, GATEWAY_HARDWARE } from './setup.ts';
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

/**
 * Arguments: a file that is the world's network namespace, the device's name, the address, the command. Creates the
 * link from within the machine's namespace, and becomes the command.
 */
const SCRIPT = `
${tool('ip')} -batch - <<LINK || exit 125
link set lo up
link add eth0 type veth peer name $2 address ${GATEWAY_HARDWARE} netns $1
address add $3/32 dev eth0
link set eth0 up
route add ${GATEWAY_ADDRESS}/32 dev eth0
route add default via ${GATEWAY_ADDRESS}
neighbour add ${GATEWAY_ADDRESS} lladdr ${GATEWAY_HARDWARE} dev eth0
LINK
${tool('nsenter')} --net="$1" -- ${tool('ip')} -batch - <<LINK || exit 125
link set $2 up
route replace $3/32 dev $2 table main
LINK
shift 3
exec "$@"
`;

/** The command line that runs `command` in a new network namespace with this address; to be run in the world. */
export const withLink = (
  namespaceFile: string,
  address: string,
  command: readonly string[],
): [string, ...string[]] => [
  ...([tool('unshare'), '--net', '--'] as const),
  ...['/bin/sh', '-c', SCRIPT, 'millpond-link', namespaceFile, linkOf(address), address],
  ...command,
];
