// Starts a container: lays out its root, starts the shim, maps the users of its namespace, and waits until its program
// runs. If anything fails, nothing is left.

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { hostFailure, OperationalError } from '../../kernel/errors.ts';
import { SYSTEM_PATH } from '../../kernel/programs.ts';
import { replaceFile } from '../../kernel/replace-file.ts';
import { becoming, type Program, variablesOf } from './become.ts';
import { type Cgroups, enterGroups, groupName, removeGroups } from './cgroups.ts';
import { layOutRoot } from './container-root.ts';
import type { ContainerSpec } from './containers.ts';
import type { Identities } from './identities.ts';
import { type ContainerRecord, OwnContainer, type RunInside, untilShimEnds } from './own-container.ts';
import { type Places, removeTree } from './places.ts';
import { whyNoProgram } from './program-in-image.ts';
import { BUILD, DESCRIPTORS, ENTER, FILES, SHIM, WAIT } from './scripts.ts';
import { LOADER, type ToolLine } from './tools.ts';
import { userOf } from './users.ts';

/** How containers run here. */
export interface Manner {
  places: Places;
  identities: Identities;
  /** Whether images lie below containers as layers; else they are copied. */
  isLayered: boolean;
  /** Whether the tools need the loader that was copied with them. */
  hasLoader: boolean;
  tool: ToolLine;
  cgroups: Cgroups;
  runInside: RunInside;
}

/** AWS documents no number; without one, a container could take all of this host's. */
const MOST_PROCESSES = 4096;
/** The kernel assigns the first 300 pids only once. */
const RESERVED_PIDS = 300;
/** Of util-linux's prlimit, which has Docker's names. */
const LIMITS = new Set(
  [
    'core cpu data fsize locks memlock msgqueue nice',
    'nofile nproc rss rtprio rttime sigpending stack',
  ].flatMap((names) => names.split(' ')),
);
const NAMESPACES = ['--mount', '--propagation', 'private', '--ipc', '--uts', '--pid'];
const MOST_ERRORS = 20;
/** In a network of its own, any port may be listened on, as in Docker. */
const OPEN_PORTS = 'echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start; exec "$@"';

/** Rejects with an OperationalError. */
export async function startContainer(spec: ContainerSpec, manner: Manner): Promise<OwnContainer> {
  const { places, identities, cgroups } = manner;
  const image = join(places.images, spec.image.digest.replace('sha256:', ''));
  const directory = join(places.runs, spec.id);
  const program = programOf(spec, join(image, 'root'), identities);
  const groups: string[] = [];
  let child: ChildProcess | undefined;
  try {
    mkdirSync(directory);
    const { hasMemory, hasProcesses } = cgroups;
    const needsGroups = hasProcesses || spec.memoryBytes !== undefined || spec.cpuShares !== undefined;
    if (needsGroups) {
      const group = groupName(places.directory, spec.id);
      groups.push(...cgroups.placesOf(group));
      // Before they are made: whoever finds the file deletes them.
      writeFileSync(join(directory, FILES.cgroups), groups.map((group) => `${group}\n`).join(''));
      cgroups.make(group, { ...spec, processes: MOST_PROCESSES });
    }
    const record: ContainerRecord = {
      ...{ id: spec.id, labels: spec.labels, imageDigest: spec.image.digest, startedAt: Date.now() },
      volumes: spec.volumes.map(({ name }) => name),
      inside: {
        environment: program.environment,
        workingDirectory: program.workingDirectory,
        user: program.user,
        hasOneUser: program.hasOneUser,
        cgroups: groups,
      },
      ...(!hasMemory && spec.memoryBytes !== undefined && { watchedBytes: spec.memoryBytes }),
    };
    replaceFile(join(directory, FILES.spec), JSON.stringify(record));
    await layOutRoot(spec, { places, identities, image, isLayered: manner.isLayered });
    const { line, environment } = becoming(program, manner.tool);
    child = spawnShim(directory, containerLine(spec, manner, image, line), environment);
    await untilRuns(child, groups, identities);
    return new OwnContainer(record, places, untilShimEnds(directory), manner.runInside);
  } catch (error) {
    await endAll(child);
    await removeGroups(groups);
    await removeTree(join(places.roots, spec.id));
    await removeTree(directory);
    const known = hostFailure(error, 'The container cannot be started');
    throw known ?? failure((error as Error).message, error);
  }
}

/** Throws an OperationalError when the image has no such user or program. */
function programOf(spec: ContainerSpec, root: string, identities: Identities): Program {
  const hasOneUser = identities.count === 1;
  const user = userOf(root, hasOneUser ? '' : spec.user, identities.count);
  const { command, workingDirectory, hostName } = spec;
  const environment = variablesOf({ environment: spec.environment, user }, hostName);
  const reason = whyNoProgram(root, command[0] ?? '', {
    ...{ path: environment.PATH ?? '', workingDirectory },
    volumes: spec.volumes.map(({ containerPath }) => containerPath),
  });
  if (reason !== undefined) throw failure(reason);
  const unknown = spec.limits.find(({ name }) => !LIMITS.has(name));
  if (unknown) throw failure(`there is no limit named ${unknown.name}`);
  return { command, environment, workingDirectory, user, hasOneUser };
}

/** The command that becomes the container, from this host to its program. */
function containerLine(spec: ContainerSpec, manner: Manner, image: string, program: string[]): string[] {
  const { places, identities, isLayered, hasLoader, cgroups } = manner;
  const hasRange = identities.firstId !== undefined;
  const relative = (path: string) => path.slice(places.files.length + 1);
  const pids = cgroups.hasProcesses ? '' : largestPid();
  const build = [
    ...['/bin/sh', '-c', BUILD, 'millpond-container', relative(join(places.roots, spec.id))],
    ...[isLayered ? relative(image) : '', spec.hostName, pids],
    ...[spec.hasReadOnlyRoot ? 'ro' : '', hasLoader ? LOADER : '', ...program],
  ];
  const become = hasRange ? ['setpriv', '--reuid=0', '--regid=0', '--clear-groups', '--'] : [];
  const limit = (value: number) => (value < 0 ? 'unlimited' : `${value}`);
  const limits = boundsOf(spec, cgroups.hasProcesses || pids !== '').map(
    ({ name, soft, hard }) => `--${name}=${limit(soft)}:${limit(hard)}`,
  );
  const unshared = [
    ...(limits.length > 0 ? ['prlimit', ...limits, '--'] : []),
    ...['unshare', ...identities.unshare, ...NAMESPACES, '--'],
    ...['/bin/sh', '-c', WAIT, 'millpond-container'],
    ...['/bin/sh', '-c', ENTER, 'millpond-container', places.files, ...become, ...build],
  ];
  if (!spec.interface) return unshared;
  return spec.interface.inside(['/bin/sh', '-c', OPEN_PORTS, 'millpond-container', ...unshared]);
}

/** The limits that it is given. Where nothing else bounds its processes, they do. */
function boundsOf({ limits }: ContainerSpec, isBounded: boolean): ContainerSpec['limits'] {
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
function mapUsers(pid: number, { firstId, count }: Identities): void {
  if (firstId === undefined) return;
  for (const map of ['gid_map', 'uid_map']) writeFileSync(`/proc/${pid}/${map}`, `0 ${firstId} ${count}\n`);
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

const failure = (reason: string, cause?: unknown) =>
  new OperationalError('ContainersUnavailable', `The container cannot be started: ${reason}.`, cause);
