// Where a function's process finds itself: its code under /var/task, layers under /opt, a /tmp of its own, Millpond's
// names, and no process but its own; in mount and process namespaces where this machine allows them, else in plain
// directories that environment variables name. What runs there is launch.ts.

import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { release } from 'node:os';
import { dirname, join } from 'node:path';
import { type Way, waysFor } from '../names/namespace.ts';
import type { Mount } from '../names/view.ts';

/** Paths as the function sees them. */
export interface Place {
  task: string;
  /** The layers: /opt, or each layer's own directory, the last one first. */
  layers: string[];
  /** Our bootstraps. */
  runtime: string;
  /** A file beside which Node finds the packages that it is lent. */
  lender: string;
  /** The interpreter's programs. */
  bin: string | undefined;
  temporary: string;
}

export interface Contents {
  codeDirectory: string;
  layerDirectories: readonly string[];
  /** Its `bin` holds the interpreter; `undefined` for a program that needs none. */
  language: { directory: string } | undefined;
}

export interface Isolation {
  /** True: namespaces. */
  isPrivate: boolean;
  /** `directory` is the environment's own and empty. */
  prepare(directory: string, contents: Contents): Promise<Prepared>;
}

export interface Prepared {
  place: Place;
  /** Program and arguments that run the command there, with these variables and no others. */
  commandLine(command: readonly string[], variables: Readonly<Record<string, string>>): [string, ...string[]];
}

export interface IsolationOptions {
  /** For what isolation itself needs. */
  directory: string;
  runtimeDirectory: string;
  /** A `node_modules` of which Node functions may use what Lambda's own runtime brings. */
  packageDirectory: string;
  /** Laid over the host's files: name resolution, certificates. */
  mounts: readonly Mount[];
  /** Not to be seen by any function. */
  hidden: readonly string[];
}

interface Features {
  way: Way;
  ownProcesses: boolean;
  readOnly: boolean;
}

/** Below /var. */
const PLACES = ['task', 'runtime', 'lang', 'lent/node_modules'];
const PROBE_TIMEOUT_MS = 10_000;
/** What mount's tables and overlay's options would take for something else is left to plain directories. */
const MOUNTABLE = /^[\w./@+=~-]+$/;

/** AWS: processes and threads of one environment. The kernel gives out the first 300 numbers only once. */
const MOST_PROCESSES = 1024 + 300;

/**
 * Arguments: the table of mounts, the working directory, the largest process number or nothing, the command. The shell
 * stays as the first process, so that the function's may be killed by any signal and orphans are reaped.
 */
const SCRIPT = `
mount --all --fstab "$1" || exit 125
umask 022
cd "$2" || exit 125
[ -z "$3" ] || echo "$3" > /proc/sys/kernel/pid_max
shift 3
"$@"
exit $?
`;

/** The best that this machine allows, tried out; never rejects for what it does not allow. */
export async function chooseIsolation(options: IsolationOptions): Promise<Isolation> {
  const plain: Isolation = {
    isPrivate: false,
    prepare: (at, contents) => preparePlain(options, at, contents),
  };
  if (process.platform !== 'linux' || !process.getuid || !process.getgid) return plain;
  const { directory, runtimeDirectory, packageDirectory } = options;
  if (![directory, runtimeDirectory, packageDirectory].every((path) => MOUNTABLE.test(path))) return plain;
  const scaffold = join(options.directory, 'scaffold');
  for (const name of [...PLACES, 'lang/bin']) await mkdir(join(scaffold, name), { recursive: true });
  const caller = { uid: process.getuid(), gid: process.getgid(), environment: process.env };
  for (const way of waysFor(caller).filter(({ name }) => name !== 'sudo')) {
    for (const [ownProcesses, readOnly] of [
      [true, true] as const,
      [true, false] as const,
      [false, false] as const,
    ]) {
      const features = { way, ownProcesses, readOnly };
      const isolation: Isolation = {
        isPrivate: true,
        prepare: (at, contents) => preparePrivate(options, features, at, contents),
      };
      if (await works(isolation, options, scaffold)) return isolation;
    }
  }
  return plain;
}

async function works(isolation: Isolation, options: IsolationOptions, scaffold: string): Promise<boolean> {
  const at = join(options.directory, 'probe');
  await mkdir(at, { recursive: true });
  const language = { directory: dirname(dirname(process.execPath)) };
  const contents = { codeDirectory: join(scaffold, 'task'), layerDirectories: [scaffold], language };
  const { commandLine } = await isolation.prepare(at, contents);
  const [program, ...args] = commandLine(['test', '-d', '/opt/task'], { PATH: '/usr/bin:/bin' });
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

async function preparePrivate(
  options: IsolationOptions,
  { way, ownProcesses, readOnly }: Features,
  directory: string,
  contents: Contents,
): Promise<Prepared> {
  const temporary = join(directory, 'tmp');
  await mkdir(temporary, { mode: 0o1777, recursive: true });
  const table = join(directory, 'mounts');
  const bind = readOnly ? 'bind,ro' : 'bind';
  const { codeDirectory, layerDirectories, language } = contents;
  const layers = layerDirectories.toReversed().filter((path) => MOUNTABLE.test(path));
  const stage = stageOf(options.directory, temporary);
  const lines = [
    ...options.mounts.map(({ source, target }) => `${source} ${target} none bind`),
    ...stage.mounts,
    `overlay /var overlay ro,lowerdir=${stage.scaffold}:/var`,
    `${codeDirectory} /var/task none ${bind}`,
    `${options.runtimeDirectory} /var/runtime none ${bind}`,
    `${options.packageDirectory} /var/lent/node_modules none ${bind}`,
    ...(language ? [`${language.directory} /var/lang none ${bind}`] : []),
    // The host's own /opt stays below: an interpreter may live there.
    ...(layers.length > 0 ? [`overlay /opt overlay ro,lowerdir=${layers.join(':')}:${stage.optBase}`] : []),
    // Under a name of its own: what seems to be mounted already is left out.
    ...(ownProcesses ? ['millpond /proc proc nosuid,nodev,noexec'] : []),
    `${stage.temporary} /tmp none bind`,
    // Last: what was mounted above lies in there.
    ...options.hidden.filter(isVisible).map((path) => `tmpfs ${path} tmpfs ro,size=4k,mode=0555`),
  ];
  await writeFile(table, lines.map((line) => `${line} 0 0\n`).join(''));
  const enter = ownProcesses
    ? [...way.enter.slice(0, -1), '--pid', '--fork', '--kill-child=SIGKILL', '--']
    : way.enter;
  return {
    place: {
      task: '/var/task',
      layers: ['/opt'],
      runtime: '/var/runtime',
      lender: '/var/lent/lender.js',
      bin: language && '/var/lang/bin',
      temporary: '/tmp',
    },
    commandLine: (command, variables) => [
      ...(enter as [string, ...string[]]),
      ...['/bin/sh', '-c', SCRIPT, 'millpond-function', table, '/var/task', ownProcesses ? largestPid() : ''],
      ...way.leave,
      ...withVariables(command, variables),
    ],
  };
}

interface Stage {
  mounts: string[];
  /** Directories to mount on, which the host's /var lacks. */
  scaffold: string;
  temporary: string;
  /** What lies below the layers. */
  optBase: string;
}

/**
 * An overlay takes no directory that lies within another of its own, and what is below a covered /var can no longer be
 * written. A data directory in there is therefore reached from a stage on /tmp, which is covered again in the end.
 */
function stageOf(directory: string, temporary: string): Stage {
  const own = join(directory, 'scaffold');
  const optBase = directory.startsWith('/opt/') ? join(own, 'runtime') : '/opt';
  if (!directory.startsWith('/var/')) return { mounts: [], scaffold: own, temporary, optBase };
  const targets = PLACES.map((name) => `/tmp/scaffold/${name}`);
  return {
    mounts: [
      'millpond /tmp tmpfs size=64k',
      ...targets.map((target) => `millpond ${target} tmpfs size=4k,x-mount.mkdir`),
      `${temporary} /tmp/temporary none bind,x-mount.mkdir`,
    ],
    scaffold: '/tmp/scaffold',
    temporary: '/tmp/temporary',
    optBase,
  };
}

/** Before 6.14 the number is the whole machine's. */
function largestPid(): string {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major > 6 || (major === 6 && minor >= 14) ? `${MOST_PROCESSES}` : '';
}

/** /tmp is covered as a whole. */
const isVisible = (path: string): boolean => MOUNTABLE.test(path) && !path.startsWith('/tmp/');

async function preparePlain(
  options: IsolationOptions,
  directory: string,
  { codeDirectory, layerDirectories, language }: Contents,
): Promise<Prepared> {
  const temporary = join(directory, 'tmp');
  await mkdir(temporary, { recursive: true });
  const script = 'umask 022; cd "$1" || exit 125; shift; exec "$@"';
  return {
    place: {
      task: codeDirectory,
      layers: layerDirectories.toReversed(),
      runtime: options.runtimeDirectory,
      lender: join(dirname(options.packageDirectory), 'lender.js'),
      bin: language && join(language.directory, 'bin'),
      temporary,
    },
    commandLine: (command, variables) => [
      ...(['/bin/sh', '-c', script, 'millpond-function', codeDirectory] as [string, ...string[]]),
      ...withVariables(command, variables),
    ],
  };
}

/** The function's variables reach nothing that runs before it: a linker's would run its code outside. */
const withVariables = (command: readonly string[], variables: Readonly<Record<string, string>>): string[] => [
  ...['env', '-i', ...Object.entries(variables).map(([name, value]) => `${name}=${value}`)],
  ...command,
];
