// The edge: a network namespace between the world and the program that leads outside. Connections are translated and
// tracked in it, so that nothing is tracked in the world: the data path between machines and nodes stays as it is.

import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { tool } from '../tools.ts';
import type { World } from '../world.ts';
import { EDGE_LINK, HOST_ADDRESS, OWN_ADDRESS, PREFIX_LENGTH, PROGRAM_DEVICE } from './programs.ts';

/** The link between both, in the edge. The addresses at its ends are only names of the hardware there. */
const WORLD_LINK = 'world';
const EDGE_ADDRESS = '169.254.2.1';
const WORLD_ADDRESS = '169.254.2.2';
const WORLD_HARDWARE = '02:00:00:00:01:01';
const EDGE_HARDWARE = '02:00:00:00:01:02';
/** The routes of packets that come from outside: all lead to the world, whatever its addresses. */
const INWARD = 100;

/**
 * Only answers arrive. Some versions of pasta (2023-03) send segments without any flag, of which the kernel cannot tell the
 * connection; they are dropped too, since the edge itself would end the connection in answer to them.
 * Argument: a file that is the world's network namespace. Says when the namespace is there; configures it when the program
 * has its device; and lives until its input ends. From then on the program's device keeps the namespace. The world's route
 * comes last: where it is, everything is.
 */
const SCRIPT = `
set -e
echo made
read -r go
echo 1 >/proc/sys/net/ipv4/ip_forward
for link in all default ${PROGRAM_DEVICE}; do echo 0 >/proc/sys/net/ipv4/conf/$link/rp_filter; done
${tool('ip')} -batch - <<LINKS
address add ${OWN_ADDRESS}/${PREFIX_LENGTH} dev ${PROGRAM_DEVICE}
link set ${PROGRAM_DEVICE} up
route add default via ${HOST_ADDRESS} dev ${PROGRAM_DEVICE}
link add ${WORLD_LINK} address ${EDGE_HARDWARE} type veth peer name ${EDGE_LINK} address ${WORLD_HARDWARE} netns $1
address add ${EDGE_ADDRESS}/32 dev ${WORLD_LINK}
link set ${WORLD_LINK} up
neighbour add ${WORLD_ADDRESS} lladdr ${WORLD_HARDWARE} dev ${WORLD_LINK}
route add default via ${WORLD_ADDRESS} dev ${WORLD_LINK} onlink table ${INWARD}
rule add iif ${PROGRAM_DEVICE} lookup ${INWARD}
LINKS
${tool('nft')} -f - <<RULES
table inet edge {
  chain arrivals {
    type filter hook prerouting priority mangle
    iifname ${PROGRAM_DEVICE} ct state != { established, related } drop
  }
  chain masking {
    type nat hook postrouting priority srcnat
    oifname ${PROGRAM_DEVICE} masquerade
  }
}
RULES
${tool('nsenter')} --net="$1" -- ${tool('ip')} -batch - <<LINKS
link set ${EDGE_LINK} up
neighbour replace ${EDGE_ADDRESS} lladdr ${EDGE_HARDWARE} dev ${EDGE_LINK}
route replace default via ${EDGE_ADDRESS} dev ${EDGE_LINK} onlink
LINKS
echo ready
read -r go
`;

const MADE_WITHIN_MS = 20_000;

/** An edge that is being made. */
export interface Edge {
  /** A process in it. */
  readonly pid: number;
  /** Connects it to the world, once the program has its device in it. Rejects when that fails. */
  connect(): Promise<void>;
  /** Stops holding it. Without a program it is gone then. */
  release(): void;
}

/** Makes an edge of this world. Rejects when this machine allows no further namespace. */
export async function makeEdge(world: Pick<World, 'inside' | 'namespaceFile'>): Promise<Edge> {
  const shell = ['/bin/sh', '-c', SCRIPT, 'millpond-edge', world.namespaceFile];
  const [program, ...args] = world.inside([tool('unshare'), '--net', '--', ...shell]);
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(program, args, {
    ...{ stdio: ['pipe', 'pipe', 'pipe'], detached: true, cwd: '/' },
    ...{ timeout: MADE_WITHIN_MS, killSignal: 'SIGKILL' as const },
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C' },
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors = (errors + text).slice(0, 2_000)));
  child.stdin.on('error', () => {});
  child.on('error', (error) => (errors ||= error.message));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const reads = async (word: string) => {
    const { value } = await lines.next();
    if (value !== word) throw new Error(`no network namespace can lead outside: ${errors.trim()}`);
  };
  await reads('made');
  return {
    pid: child.pid!,
    async connect() {
      child.stdin.write('\n');
      await reads('ready');
    },
    release: () => child.stdin.destroy(),
  };
}
