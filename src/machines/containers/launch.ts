// Starts a machine that outlives Millpond, a container or an instance: its control groups, its record, its root, the
// shim, the users of its namespace. What its root is made of and what runs in it, the caller decides. If anything fails,
// nothing of the attempt runs.

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SYSTEM_PATH } from '../../kernel/programs.ts';
import { replaceFile } from '../../kernel/replace-file.ts';
import type { NetworkInterface } from '../../network/network.ts';
import { type Cgroups, enterGroups, groupName, removeGroups } from './cgroups.ts';
import type { Identities } from './identities.ts';
import type { ContainerRecord, RunInside } from './own-container.ts';
import type { Places } from './places.ts';
import { BUILD, DESCRIPTORS, ENTER, FILES, SHIM, WAIT } from './scripts.ts';
import { LOADER, type ToolLine } from './tools.ts';

/** How machines run here. */
export interface Manner {
  places: Places;
  identities: Identities;
  /** Whether roots are layers over what they begin with; else they are copied. */
  isLayered: boolean;
  /** Whether the tools need the loader that was copied with them. */
  hasLoader: boolean;
  tool: ToolLine;
  cgroups: Cgroups;
  runInside: RunInside;
}

/** A machine to start. */
export interface Launch {
  id: string;
  hostName: string;
  /** Absent: the network of this host. */
  interface?: Pick<NetworkInterface, 'inside'> | undefined;
  memoryBytes?: number | undefined;
  cpuShares?: number | undefined;
  hasReadOnlyRoot: boolean;
  limits: readonly Limit[];
  /** The root of the image that lies below its own layer; absent where its root is a directory. */
  layer?: string | undefined;
  /** Lays out `roots/ID` before anything runs. */
  layOut(): Promise<void>;
  /** The first program, and the environment of everything that leads to it. */
  program: { line: readonly string[]; environment: Readonly<Record<string, string>> };
}

/** A limit of util-linux's prlimit, which has Docker's names. */
export interface Limit {
  name: string;
  /** Negative: none. */
  soft: number;
  hard: number;
}

/** AWS documents no number; without one, a machine could take all of this host's. */
const MOST_PROCESSES = 4096;
/** The kernel assigns the first 300 pids only once. */
const RESERVED_PIDS = 300;
const NAMESPACES = ['--mount', '--propagation', 'private', '--ipc', '--uts', '--pid'];
const MOST_ERRORS = 20;
/** In a network of its own, any port may be listened on, as in Docker. */
const OPEN_PORTS = 'echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start; exec "$@"';

/** `watchedBytes` is present where no control group limits the memory. */
export type MakeRecord<R extends ContainerRecord> = (started: {
  cgroups: readonly string[];
  watchedBytes?: number;
}) => R;

/**
 * Makes `runs/ID`, which must not exist, and starts the machine. Resolves with its record once its first program runs.
 * Rejects with whatever went wrong; then nothing of it runs, but its files are there.
 */
export async function launch<R extends ContainerRecord>(
  machine: Launch,
  manner: Manner,
  makeRecord: MakeRecord<R>,
): Promise<R> {
  const { places, identities, cgroups } = manner;
  const directory = join(places.runs, machine.id);
  const groups: string[] = [];
  let child: ChildProcess | undefined;
  try {
    mkdirSync(directory);
    const { memoryBytes, cpuShares } = machine;
    if (cgroups.hasProcesses || memoryBytes !== undefined || cpuShares !== undefined) {
      const group = groupName(places.directory, machine.id);
      groups.push(...cgroups.placesOf(group));
      // Before they are made: whoever finds the file deletes them.
      writeFileSync(join(directory, FILES.cgroups), groups.map((group) => `${group}\n`).join(''));
      cgroups.make(group, { memoryBytes, cpuShares, processes: MOST_PROCESSES });
    }
    const record = makeRecord({
      cgroups: groups,
      ...(!cgroups.hasMemory && memoryBytes !== undefined && { watchedBytes: memoryBytes }),
    });
    replaceFile(join(directory, FILES.spec), JSON.stringify(record));
    await machine.layOut();
    child = spawnShim(directory, lineOf(machine, manner), machine.program.environment);
    await untilRuns(child, groups, identities);
    return record;
  } catch (error) {
    await endAll(child);
    await removeGroups(groups);
    throw error;
  }
}

/** The command that becomes the machine, from this host to its first program. */
function lineOf(machine: Launch, manner: Manner): string[] {
  const { places, identities, hasLoader, cgroups } = manner;
  const relative = (path: string) => path.slice(places.files.length + 1);
  const pids = cgroups.hasProcesses ? '' : largestPid();
  const build = [
    ...['/bin/sh', '-c', BUILD, 'millpond-container', relative(join(places.roots, machine.id))],
    ...[machine.layer === undefined ? '' : relative(machine.layer), machine.hostName, pids],
    ...[machine.hasReadOnlyRoot ? 'ro' : '', hasLoader ? LOADER : '', ...machine.program.line],
  ];
  const become = identities.map ? ['setpriv', '--reuid=0', '--regid=0', '--clear-groups', '--'] : [];
  const limit = (value: number) => (value < 0 ? 'unlimited' : `${value}`);
  const limits = boundsOf(machine.limits, cgroups.hasProcesses || pids !== '').map(
    ({ name, soft, hard }) => `--${name}=${limit(soft)}:${limit(hard)}`,
  );
  const unshared = [
    ...(limits.length > 0 ? ['prlimit', ...limits, '--'] : []),
    ...['unshare', ...identities.unshare, ...NAMESPACES, '--'],
    ...['/bin/sh', '-c', WAIT, 'millpond-container'],
    ...['/bin/sh', '-c', ENTER, 'millpond-container', places.files, ...become, ...build],
  ];
  if (!machine.interface) return unshared;
  return machine.interface.inside(['/bin/sh', '-c', OPEN_PORTS, 'millpond-container', ...unshared]);
}

/** The limits that it is given. Where nothing else bounds its processes, they do. */
function boundsOf(limits: readonly Limit[], isBounded: boolean): readonly Limit[] {
  if (isBounded || limits.some(({ name }) => name === 'nproc')) return limits;
  return [...limits, { name: 'nproc', soft: MOST_PROCESSES, hard: MOST_PROCESSES }];
}

function spawnShim(
  directory: string,
  line: string[],
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  const started = openSync(join(directory, FILES.started), 'w', 0o600);
  try {
    const child = spawn('/bin/sh', ['-c', SHIM, 'millpond-shim', ...line], {
      ...{ cwd: directory, detached: true },
      stdio: ['pipe', 'ignore', 'ignore', 'pipe', started],
      env: { PATH: SYSTEM_PATH, LC_ALL: 'C', ...environment },
    });
    child.unref();
    return child;
  } finally {
    closeSync(started);
  }
}

/** Resolves once the program runs. Rejects with the first lines of what went wrong. */
async function untilRuns(
  child: ChildProcess,
  groups: readonly string[],
  identities: Identities,
): Promise<void> {
  const progress = child.stdio[DESCRIPTORS.progress] as NodeJS.ReadableStream & { destroy(): void };
  const go = child.stdin!;
  go.on('error', () => {});
  progress.on('error', () => {});
  const errors: string[] = [];
  const ended = new Promise<Error>((resolve) => {
    child.once('error', resolve);
    child.once('exit', () => resolve(new Error('it has ended before it was complete')));
  });
  const isUp = new Promise<'up'>((resolve, reject) => {
    createInterface({ input: progress })
      .on('line', (line) => {
        if (line === 'up') return resolve('up');
        const pid = /^ns (\d+)$/.exec(line)?.[1];
        if (pid === undefined) {
          if (errors.length < MOST_ERRORS) errors.push(line);
          return;
        }
        try {
          mapUsers(Number(pid), identities);
          enterGroups(groups, Number(pid));
          go.end('\n');
        } catch (error) {
          reject(error as Error);
        }
      })
      .once('close', () => {
        void ended.then((error) => reject(errors.length > 0 ? new Error(errors.join('; ')) : error));
      });
  });
  try {
    await isUp;
  } finally {
    go.destroy();
    progress.destroy();
  }
}

/** Written from outside of the namespace, which has no right to this host's ids. */
function mapUsers(pid: number, { map }: Identities): void {
  if (map === undefined) return;
  const text = map.map(({ inside, outside, count }) => `${inside} ${outside} ${count}\n`).join('');
  for (const file of ['gid_map', 'uid_map']) writeFileSync(`/proc/${pid}/${file}`, text);
}

/** Ends the shim and what it started; they are one process group until the program runs. */
async function endAll(child: ChildProcess | undefined): Promise<void> {
  if (child?.pid === undefined) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    return;
  }
  await ended;
}

/** Before Linux 6.14 the limit is the whole machine's and must not be changed. */
function largestPid(): string {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major > 6 || (major === 6 && minor >= 14) ? `${MOST_PROCESSES + RESERVED_PIDS}` : '';
}
