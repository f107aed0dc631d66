// A world and machines for tests of the table: network namespaces made by `unshare`, with programs in them that listen
// and connect as they are told.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';

/** Runs commands before a world is made: as another user. */
const AS_NOBODY = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];

/** Longer than any answer takes on a busy machine. */
const ANSWERS_WITHIN_MS = 10_000;
/** Packets that are dropped are never answered, so a short time is enough. */
const DROPPED_AFTER_MS = 300;

/**
 * Listens on TCP and UDP, and connects. A connection resolves to `answered`, `refused` or `silent`. The UDP server
 * answers every packet.
 */
const PROGRAM = `
const net = require('node:net'), dgram = require('node:dgram');
const listen = (address, port) => Promise.all([
  new Promise((done) => net.createServer((socket) => socket.on('error', () => {}).end('hello')).listen(port, address, done)),
  new Promise((done) => { const udp = dgram.createSocket('udp4'); udp.on('message', (text, { port, address }) => udp.send(text, port, address)); udp.bind(port, address, done); }),
]);
const tcp = (address, port, within) => new Promise((resolve) => {
  const socket = net.connect({ host: address, port });
  const end = (result) => { resolve(result); socket.destroy(); };
  setTimeout(end, within, 'silent').unref();
  socket.on('data', () => end('answered')).on('error', (error) => end(error.code));
});
const udp = (address, port, within) => new Promise((resolve) => {
  const socket = dgram.createSocket('udp4');
  const end = (result) => { resolve(result); socket.close(); };
  const timer = setTimeout(end, within, 'silent');
  socket.on('error', (error) => end(error.code)).on('message', () => { clearTimeout(timer); end('answered'); });
  socket.send('hello', port, address);
});
const tasks = { listen, tcp, udp };
process.on('message', async ({ id, task, args }) => process.send({ id, result: await tasks[task](...args) }));
process.on('disconnect', () => process.exit());
process.send('ready');
`;

/** A program with an address. */
export interface Program {
  listen(address: string, port: number): Promise<void>;
  /** Whether a connection to that place is answered; a dropped one is not waited for. */
  reaches(address: string, port: number, protocol?: 'tcp' | 'udp'): Promise<boolean>;
  /** As `reaches` for a connection that is expected to be dropped. */
  isDropped(address: string, port: number, protocol?: 'tcp' | 'udp'): Promise<boolean>;
}

/** A world of a test. */
export interface TestWorld {
  transact(text: string): Promise<void>;
  /** A program in the world itself, where nodes are. */
  program(): Promise<Program>;
  /** A program in a machine with this address. */
  machine(address: string): Promise<Program>;
}

/** The reason for which such a world cannot be made here, or false. */
export function isWithoutWorlds(): string | false {
  if (process.platform !== 'linux') return 'needs Linux';
  const asUser = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const { status } = spawnSync('unshare', [...asUser, '--net', 'nft', 'list', 'tables']);
  return status !== 0 && 'needs a network of its own';
}

/** Makes a world and ends it with the test. */
export async function makeWorld(t: TestContext, user: 'root' | 'nobody'): Promise<TestWorld> {
  const isRoot = process.getuid?.() === 0;
  const prefix = user === 'nobody' && isRoot ? AS_NOBODY : [];
  const hasUsers = user === 'nobody' || !isRoot;
  const keep = async (command: readonly string[]) => {
    const [program, ...args] = command;
    const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: '/' });
    t.after(() => child.kill('SIGKILL'));
    const [ready] = await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
    assert.equal(String(ready).trim(), 'ready', command.join(' '));
    return child.pid!;
  };
  const enter = (pid: number, command: readonly string[]) => [
    ...[...prefix, 'nsenter', '--target', String(pid), '--net'],
    ...[...(hasUsers ? ['--user', '--preserve-credentials'] : []), '--', ...command],
  ];
  const setup =
    'ip link set lo up; ip route add local 10.0.0.0/8 dev lo table main; ip address add 169.254.169.253/32 dev lo';
  const forward = 'echo 1 >/proc/sys/net/ipv4/ip_forward';
  const world = await keep([
    ...[...prefix, 'unshare', ...(hasUsers ? ['--user', '--map-root-user'] : []), '--net', 'sh', '-ec'],
    `${setup}; ${forward}; echo ready; exec tail -f /dev/null`,
  ]);
  const run = (pid: number, command: string) => succeed(enter(pid, ['sh', '-ec', command]));
  return {
    transact: (text) => succeed(enter(world, ['nft', '-f', '-']), text),
    program: () => startProgram(t, enter(world, [process.execPath, '-e', PROGRAM])),
    async machine(address) {
      const pid = await keep(
        enter(world, ['unshare', '--net', 'sh', '-c', 'echo ready; exec tail -f /dev/null']),
      );
      const link = `m${address
        .split('.')
        .map((part) => Number(part).toString(16).padStart(2, '0'))
        .join('')}`;
      await run(
        world,
        `ip link add ${link} type veth peer name eth0 netns ${pid}; ip link set ${link} up;
         ip route add ${address}/32 dev ${link}; echo 1 >/proc/sys/net/ipv4/conf/${link}/proxy_arp`,
      );
      await run(
        pid,
        `ip link set lo up; ip address add ${address}/32 dev eth0; ip link set eth0 up; ip route add default dev eth0`,
      );
      return startProgram(t, enter(pid, [process.execPath, '-e', PROGRAM]));
    },
  };
}

async function startProgram(t: TestContext, [program, ...args]: string[]): Promise<Program> {
  const child = spawn(program!, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], cwd: '/' });
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'message');
  let last = 0;
  const ask = (task: string, ...args: unknown[]) => {
    const id = ++last;
    child.send({ id, task, args });
    return new Promise<unknown>((resolve) => {
      child.on('message', function answered(message: { id: number; result: unknown }) {
        if (message.id !== id) return;
        child.off('message', answered);
        resolve(message.result);
      });
    });
  };
  return {
    async listen(address, port) {
      await ask('listen', address, port);
    },
    reaches: async (address, port, protocol = 'tcp') =>
      (await ask(protocol, address, port, ANSWERS_WITHIN_MS)) === 'answered',
    isDropped: async (address, port, protocol = 'tcp') =>
      (await ask(protocol, address, port, DROPPED_AFTER_MS)) === 'silent',
  };
}

async function succeed([program, ...args]: string[], input = ''): Promise<void> {
  const child: ChildProcess = spawn(program!, args, { stdio: ['pipe', 'ignore', 'pipe'], cwd: '/' });
  let errors = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (errors += text));
  // A program that does not read its input may have ended before it is written.
  child.stdin!.on('error', () => undefined).end(input);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${args.join(' ').slice(0, 200)}: ${errors}`);
}
