// Machines for tests of the network: network namespaces of the test's own, in place of a host and its containers. The
// machine that runs the tests keeps its routes, interfaces and names.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { MILLPOND } from './command.ts';

/** A command line. */
type Command = readonly [string, ...string[]];

/** A namespace that stands for a machine. */
export interface Machine {
  /** Its first process. */
  readonly pid: number;
  /** The command line that runs this command there. */
  enter(command: Command): [string, ...string[]];
  /** Runs the command there. Returns its output; throws when it fails. */
  run(...command: Command): string;
  /** As `run`, and returns everything about the end. */
  tryRun(...command: Command): { code: number | null; stdout: string; stderr: string };
}

/** A machine with the rights of root over its own network. */
export interface Host extends Machine {
  /** Adds a bridge with an address in CIDR notation. */
  addBridge(name: string, address?: string): void;
  /**
   * Another machine, by a link to one of the bridges: its `eth0` has the address (CIDR notation).
   * `gateway`: its default route. `resolver`: the only name server of its resolv.conf.
   */
  addMachine(options: {
    bridge: string;
    address: string;
    gateway?: string;
    resolver?: string;
  }): Promise<Machine>;
}

/** The reason to skip such a test; false where it can run. */
export const whyNoMachines = (): string | false => {
  if (process.platform !== 'linux') return 'needs Linux';
  const { status, stderr } = spawnSync(
    'unshare',
    [...users(process.getuid!()), '--net', '--mount', 'ip', 'link'],
    {
      encoding: 'utf8',
    },
  );
  return status !== 0 && `needs network namespaces and ip: ${stderr}`;
};

/** Nobody: a user without any rights. */
export const ORDINARY_USER = 65_534;

/** Makes a host as this user, or as another one where this process is root. */
export async function makeHost(t: TestContext, { uid = process.getuid!() } = {}): Promise<Host> {
  const become = uid === process.getuid!() ? [] : asUser(uid);
  const holder = await hold(
    t,
    [...become, 'unshare', ...users(uid), '--net', '--mount', '--'],
    'ip link set lo up',
  );
  const host = machine(holder, [...become, 'nsenter', ...entered(uid), `--target=${holder.pid}`]);
  let links = 0;
  return {
    ...host,
    addBridge(name, address) {
      host.run('ip', 'link', 'add', name, 'type', 'bridge');
      host.run('ip', 'link', 'set', name, 'up');
      if (address !== undefined) host.run('ip', 'address', 'add', address, 'dev', name);
    },
    async addMachine({ bridge, address, gateway, resolver }) {
      const files = resolver === undefined ? [] : nameFiles(t, resolver);
      const covers = files.map(([file, path]) => `mount --bind ${file} ${path}`);
      const enter = host.enter(['unshare', '--net', '--mount', '--']);
      const inner = await hold(t, enter, ['ip link set lo up', ...covers].join(' && '));
      const link = `m${links++}`;
      host.run('ip', 'link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(inner.pid));
      host.run('ip', 'link', 'set', link, 'master', bridge, 'up');
      const made = machine(inner, [...become, 'nsenter', ...entered(uid), `--target=${inner.pid}`]);
      made.run('ip', 'address', 'add', address, 'dev', 'eth0');
      made.run('ip', 'link', 'set', 'eth0', 'up');
      if (gateway !== undefined) made.run('ip', 'route', 'add', 'default', 'via', gateway);
      return made;
    },
  };
}

const ends = new WeakMap<TestContext, (() => unknown)[]>();

/** As `t.after`, but what comes last is ended first: a Millpond before the machine that it runs on. */
export function atEnd(t: TestContext, end: () => unknown): void {
  const known = ends.get(t);
  if (known) return void known.push(end);
  const all = [end];
  ends.set(t, all);
  t.after(async () => {
    for (const each of all.reverse()) await each();
  });
}

/** The command line that makes a command run as this user, without root's rights. */
export const asUser = (uid: number): [string, ...string[]] => [
  'setpriv',
  ...[`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--'],
];

/** The reason to skip what root runs as an ordinary user: they cannot read this clone or Node. */
export function whyNotReadable(): string | false {
  if (process.getuid!() !== 0) return false;
  const [program, ...args] = asUser(ORDINARY_USER);
  const { status } = spawnSync(program, [...args, process.execPath, ...MILLPOND, '--version']);
  return status !== 0 && 'needs a clone that other users may read';
}

const users = (uid: number) => (uid === 0 ? [] : ['--user', '--map-root-user']);
const entered = (uid: number) => [
  ...(uid === 0 ? [] : ['--user', '--preserve-credentials']),
  ...['--net', '--mount'],
];

/** A process that keeps the namespaces until the test ends. */
async function hold(t: TestContext, enter: readonly string[], prepare: string): Promise<ChildProcess> {
  const script = `${prepare} && echo ready && exec tail -f /dev/null`;
  const [program, ...args] = [...enter, 'sh', '-c', script];
  const holder = spawn(program!, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  atEnd(t, async () => {
    if (holder.exitCode !== null || holder.signalCode !== null) return;
    const ended = once(holder, 'exit');
    holder.kill('SIGKILL');
    await ended;
  });
  const lines = createInterface({ input: holder.stdout! });
  const ready = once(lines, 'line');
  await Promise.race([
    ready,
    once(holder, 'exit').then(() => Promise.reject(new Error('no namespace could be made'))),
  ]);
  return holder;
}

function machine({ pid }: ChildProcess, enterer: readonly string[]): Machine {
  const enter = (command: Command) => [...enterer, '--', ...command] as [string, ...string[]];
  const tryRun = (...command: Command) => {
    const [program, ...args] = enter(command);
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    return { code: status, stdout, stderr };
  };
  return {
    pid: pid!,
    enter,
    tryRun,
    run(...command) {
      const { code, stdout, stderr } = tryRun(...command);
      if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${stdout}${stderr}`);
      return stdout;
    },
  };
}

/** Files that lead every look-up of a name to this server, with their places. */
function nameFiles(t: TestContext, resolver: string): [string, string][] {
  const directory = mkdtempSync(join(tmpdir(), 'millpond-machine-'));
  chmodSync(directory, 0o755);
  atEnd(t, () => rmSync(directory, { recursive: true, force: true }));
  const write = (name: string, text: string, place: string): [string, string] => {
    writeFileSync(join(directory, name), text);
    return [join(directory, name), place];
  };
  return [
    write('resolv.conf', `nameserver ${resolver}\n`, '/etc/resolv.conf'),
    write('nsswitch.conf', 'hosts: files dns\n', '/etc/nsswitch.conf'),
  ];
}
