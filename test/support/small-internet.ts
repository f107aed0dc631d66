// An outside for tests: a network namespace in place of this host, and behind it a server at an address of the
// documentation (RFC 5737). Nothing in it reaches a real network.

import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { TestContext } from 'node:test';
import type { Ending } from './command.ts';

/** The server outside, at port 80. It answers with the address of the client that it sees. */
export const SERVER = '192.0.2.10';
/** This host's address in the outside. */
export const HOST = '192.0.2.1';
/** Every user's program may open it on most machines; here it may not. */
const TUN = '/dev/net/tun';
export const OTHER_USER = 65534;

/** The host in the small internet. */
export interface SmallInternet {
  /** Runs a command on the host, as this user or as an ordinary one. */
  run(command: readonly string[], user?: User): Promise<Ending>;
  /** Runs this when the test ends, before anything of the small internet ends; the last one first. */
  beforeEnd(step: () => Promise<unknown>): void;
  /** Starts a command with pipes as its input and output. It is ended with the test. */
  start(command: readonly string[], user?: User): ChildProcessByStdio<Writable, Readable, null>;
  /** Serves on the host at this address, with this text, until the test ends. Resolves to the port. */
  serve(address: string, text: string): Promise<number>;
}

/** Who runs a command: the user of the tests, or another one without any right. */
export type User = 'self' | 'other';

/** The programs that join a namespace to this host's network, those that are installed. */
export const programsHere = (): string[] =>
  ['pasta', 'slirp4netns'].filter((name) => existsSync(`/usr/bin/${name}`));

/** Why there can be none here; false when there can. For `skip`. */
export function whyNoSmallInternet(): string | false {
  if (process.platform !== 'linux') return 'needs Linux';
  try {
    const nft = ['--net', '--mount', 'nft', 'list', 'ruleset'];
    execFileSync('unshare', [...users(), ...nft], { stdio: 'ignore' });
  } catch {
    return 'needs namespaces';
  }
  if (programsHere().length === 0) return 'needs pasta or slirp4netns';
  try {
    if (!isRoot()) accessSync(TUN, constants.R_OK | constants.W_OK);
    return false;
  } catch {
    return 'needs root';
  }
}

/**
 * Without `unshare`'s children the namespaces are gone. A loop waits for the server's namespace, because nothing
 * reports it. Arguments: programs that this host has not.
 */
const SETUP = `
set -e
unshare --net tail -f /dev/null &
server=$!
while [ "$(readlink /proc/$server/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do :; done
ip -batch - <<LINKS
link set lo up
link add lan type veth peer name eth0 netns $server
address add ${HOST}/24 dev lan
link set lan up
route add default via ${SERVER}
LINKS
# As on a slow network: acknowledgements come with the answers only.
nft -f - <<'RULES'
table ip slow {
  chain input {
    type filter hook input priority 0; policy accept;
    iifname lan tcp sport 80 tcp flags & (fin | syn | rst | psh | ack) == ack meta length < 60 drop
  }
}
RULES
nsenter --net=/proc/$server/ns/net ip -batch - <<LINKS
link set lo up
address add ${SERVER}/24 dev eth0
link set eth0 up
LINKS
mount -t tmpfs tmpfs /dev/net 2>/dev/null && mknod ${TUN} c 10 200 && chmod 666 ${TUN} || umount /dev/net
for program in "$@"; do [ ! -e "/usr/bin/$program" ] || mount --bind /dev/null "/usr/bin/$program"; done
echo $server
exec tail -f /dev/null
`;

/** Serves HTTP at the address and port; prints the port. */
const SERVE = `
const [address, port, text] = process.argv.slice(1);
const server = require('node:http').createServer((request, response) => response.end(text || request.socket.remoteAddress));
server.listen(Number(port), address, () => console.log(server.address().port));
`;

/** Opens it for a test. `without`: programs that the host lacks. */
export async function openSmallInternet(
  test: TestContext,
  { without = [] }: { without?: readonly string[] } = {},
): Promise<SmallInternet> {
  const steps: (() => unknown)[] = [];
  test.after(async () => {
    for (const step of steps.toReversed()) await step();
  });
  const host = start(steps, 'unshare', [
    ...users(),
    '--net',
    '--mount',
    '/bin/sh',
    '-c',
    SETUP,
    'host',
    ...without,
  ]);
  const server = Number(await host.firstLine);
  steps.push(() => process.kill(server));
  const enter = (pid: number, hasMounts: boolean): string[] => [
    'nsenter',
    ...(isRoot() ? [] : [`--user=/proc/${host.pid}/ns/user`, '--preserve-credentials']),
    ...[`--net=/proc/${pid}/ns/net`, ...(hasMounts ? [`--mount=/proc/${pid}/ns/mnt`] : []), '--'],
  ];
  const serving = async (pid: number, address: string, port: number, text: string) => {
    const [program, ...args] = [
      ...enter(pid, false),
      process.execPath,
      '-e',
      SERVE,
      address,
      String(port),
      text,
    ];
    return Number(await start(steps, program!, args).firstLine);
  };
  const onHost = (user: User) => [...enter(host.pid, true), ...(user === 'self' ? [] : asOther())];
  await serving(server, SERVER, 80, '');
  return {
    beforeEnd: (step) => void steps.push(step),
    run: (command, user = 'self') => ended([...onHost(user), ...command]),
    start(command, user = 'self') {
      const [program, ...args] = [...onHost(user), ...command];
      const child = spawn(program!, args, { stdio: ['pipe', 'pipe', 'inherit'] });
      const exit = once(child, 'exit');
      steps.push(() => {
        child.kill();
        return exit;
      });
      return child;
    },
    serve: (address, text) => serving(host.pid, address, 0, text),
  };
}

const isRoot = () => process.getuid?.() === 0;
const users = (): string[] => (isRoot() ? [] : ['--user', '--map-root-user']);
const asOther = (): string[] => [
  ...['setpriv', `--reuid=${OTHER_USER}`, `--regid=${OTHER_USER}`, '--clear-groups', '--'],
];

function start(steps: (() => unknown)[], program: string, args: readonly string[]) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  steps.push(() => child.kill('SIGKILL'));
  const lines = createInterface({ input: child.stdout });
  const firstLine = new Promise<string>((resolve, reject) => {
    lines.once('line', resolve);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)));
  });
  return { pid: child.pid!, firstLine };
}

function ended([program, ...args]: readonly string[]): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name]!.setEncoding('utf8').on('data', (text: string) => (output[name] += text));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...output }));
  });
}
