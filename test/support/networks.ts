// The network of nodes in tests: which one, whether this machine allows it, and how a test reaches nodes in it.
//
// With MILLPOND_NETWORK=subnets nodes are in a network namespace of Millpond's. The test itself then runs in a namespace
// of its own (scripts/test-runner.ts), which is linked to Millpond's as the one of any command of the user: so every
// client of every test reaches the nodes, and none goes around the network.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { type HeldMachine, openMachine } from '../../src/cli/machine.ts';
import { NETWORK_KINDS, type NetworkKind } from '../../src/network/network.ts';
import { GATEWAY_ADDRESS, GATEWAY_HARDWARE } from '../../src/network/subnets/setup.ts';
import { whyNot } from '../../src/network/why-not.ts';
import { MILLPOND } from './command.ts';

/** The network of nodes where a test asks for none. */
export const TEST_NETWORK: NetworkKind =
  NETWORK_KINDS.find((kind) => kind === process.env.MILLPOND_NETWORK) ?? 'loopback';

const reason = await whyNot('subnets');

/** The `skip` of a test that needs `--network subnets`. */
export const WITHOUT_SUBNETS: string | false =
  reason !== undefined && `needs a network of its own: ${reason}`;

/** A user without privileges. */
export const NOBODY = 65_534;

/** The `skip` of a test that runs Millpond as `NOBODY`. */
export const WITHOUT_NOBODY: string | false = whyNotAsNobody();

function whyNotAsNobody(): string | false {
  if (process.getuid?.() !== 0) return 'needs root, to become another user';
  const as = (program: string, ...args: string[]) =>
    spawnSync(program, args, { uid: NOBODY, gid: NOBODY, cwd: '/' }).status === 0;
  if (!as(process.execPath, '--check', MILLPOND[0]!)) return 'needs a clone that other users may read';
  return !as('unshare', '--user', '--map-root-user', '--net', 'true') && 'needs user namespaces';
}

/** Runs the commands of a line in this process's own namespace. */
function here(script: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-ec', script, 'link', ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`this process has no link to Millpond's network: ${stderr}`);
  return stdout;
}

/** The link's device in the namespace of the test. */
const DEVICE = 'eth0';

let held: HeldMachine | undefined;

/**
 * Links this process's network namespace with that of the Millpond at `url`. A link that is there stays, with its
 * connections: it outlives Millpond, and ends with either namespace.
 */
export async function linkToNetwork(url: string): Promise<void> {
  if (process.env.MILLPOND_TEST_NAMESPACE !== readlinkSync('/proc/self/ns/net'))
    throw new Error('with MILLPOND_NETWORK=subnets, tests must be run by scripts/test-runner.ts');
  held?.close();
  const address = /^eth0.* ([\d.]+)\/32/m.exec(here('ip -brief -4 address'))?.[1];
  held = await openMachine(url, { region: 'us-east-1', ...(address && { address, isThere: true }) });
  if (address) return;
  const [program = '', ...args] = held.enter;
  const move = ['ip', 'link', 'set', DEVICE, 'netns', `/proc/${process.pid}/ns/net`];
  const mover = spawn(program, [...args, ...move], { stdio: 'inherit' });
  const [code] = await once(mover, 'close');
  if (code !== 0) throw new Error('the link to the network of Millpond could not be moved');
  // The device loses what it had when it changes the namespace.
  here(
    `ip -batch - <<LINK
address add $1/32 dev ${DEVICE}
link set ${DEVICE} up
route add ${GATEWAY_ADDRESS}/32 dev ${DEVICE}
route add default via ${GATEWAY_ADDRESS}
neighbour add ${GATEWAY_ADDRESS} lladdr ${GATEWAY_HARDWARE} dev ${DEVICE}
LINK`,
    held.address,
  );
}
