// A root of a function's own: a directory of mount points, in which only this machine's programs, the function's code
// and a /tmp are mounted, read-only but for the latter. It takes the place of the machine's root, which is then
// unmounted: nothing of it is left that could be uncovered. Builds the mount points and writes the tables.

import { execFile } from 'node:child_process';
import {
  chmod,
  chown,
  mkdir,
  readFile,
  readlink,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { release } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { Contents, IsolationOptions, Prepared } from './isolation.ts';
import { type HostMount, isWithin, lockedAt, mountsBelow, readMounts, tableLine } from './mount-table.ts';
import { type Beginner, type Drop, nextUser } from './privileges.ts';
import { handOver } from './variables.ts';

export interface Manner {
  beginner: Beginner;
  drop: Drop;
  /** Whether /proc can be mounted; without it there is none. */
  hasProc: boolean;
}

export interface PrivateRoot {
  /** `directory` is the environment's own and empty. */
  prepare(manner: Manner, directory: string, contents: Contents): Promise<Prepared>;
}

/** Of the machine: programs and their configuration. Links among them stay links. */
const PROGRAMS = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/etc', '/nix', '/gnu'];
/** The same deeper down: what tells of processors, and Homebrew's programs. */
const DEEPER = ['/sys/devices/system', '/home/linuxbrew/.linuxbrew'];
/** The machine's own lies below the layers: programs may live there. */
const LAYERS = '/opt';
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom', 'tty'];
const DEVICE_LINKS = { fd: '/proc/self/fd', stdin: 'fd/0', stdout: 'fd/1', stderr: 'fd/2' };
const OWN = ['proc', 'tmp', 'opt', 'dev', 'var/task', 'var/runtime', 'var/lang', 'var/lent/node_modules'];
/** AWS: the user's name. */
const USER_NAME = 'sbx_user1051';

/** The one in which root becomes the caller again; none that the function could make. */
const NAMESPACES_FOR_ITSELF = 1;

/** AWS: processes and threads of one environment. The kernel gives out the first 300 numbers only once. */
const MOST_PROCESSES = 1024 + 300;

const TABLE = 'mounts';
/**
 * Arguments: the environment's directory, the new root, the largest process number or nothing, how many user namespaces
 * may be made or nothing, the command. A layer's path in the table is relative to the first.
 */
const SCRIPT = `
cd "$1" && mount --all --fstab ./${TABLE} && cd "$2" || exit 125
[ -z "$3" ] || echo "$3" >proc/sys/kernel/pid_max
[ -z "$4" ] || echo "$4" >proc/sys/user/max_user_namespaces
pivot_root . . && umount -l . && cd /var/task || exit 125
shift 4
exec "$@"
`;
/** The shell stays as the first process, so that the function's may be killed by any signal and orphans are reaped. */
const LAST = '"$@"; exit $?';
const NAMESPACES = [
  '--mount',
  '--propagation',
  'private',
  '--ipc',
  '--pid',
  '--fork',
  '--kill-child=SIGKILL',
];
const ENTER: Record<Manner['beginner'], string[]> = {
  root: ['unshare', ...NAMESPACES, '--'],
  'user namespace': ['unshare', '--user', '--map-root-user', ...NAMESPACES, '--'],
  'plain root': [],
  'plain user': [],
};

export async function openPrivateRoot(options: IsolationOptions): Promise<PrivateRoot> {
  const root = join(options.directory, 'root');
  await rm(root, { recursive: true, force: true });
  const mounts = readMounts(await readFile('/proc/self/mountinfo', 'utf8').catch(() => ''));
  const shown = new Map<string, string>();
  const made = new Set<string>();

  /** A directory to mount on, which anybody may pass. */
  async function makeDirectory(path: string): Promise<void> {
    if (made.has(path)) return;
    if (path !== root) await makeDirectory(dirname(path));
    await mkdir(path, { recursive: true });
    await chmod(path, 0o755);
    made.add(path);
  }

  async function makeFile(path: string): Promise<void> {
    await makeDirectory(dirname(path));
    await writeFile(path, '', { mode: 0o644 });
  }

  /** What of `source` is seen at `target`, and its lines of the table. */
  async function show(source: string, target: string): Promise<string[]> {
    const real = await realpath(source).catch(() => undefined);
    if (real === undefined || !(await stat(real)).isDirectory()) return [];
    shown.set(real, target);
    await makeDirectory(join(root, target));
    return readOnly(mounts, real, join(root, target));
  }

  await makeDirectory(root);
  for (const path of OWN) await makeDirectory(join(root, path));
  const lines = readOnly(mounts, root, root);
  for (const path of PROGRAMS) {
    const link = await readlink(path).catch(() => undefined);
    if (link === undefined) lines.push(...(await show(path, path)));
    else await symlink(link, join(root, path));
  }
  // An overlay takes no directory that lies within another of its own.
  const hasOpt = !isWithin(await realpath(options.directory), LAYERS);
  const deeper = hasOpt ? [...DEEPER, LAYERS] : DEEPER;
  for (const path of deeper) lines.push(...(await show(path, path)));
  const belowLayers = hasOpt && shown.has(LAYERS) ? LAYERS : join(root, LAYERS);
  for (const name of DEVICES) {
    if (!(await stat(`/dev/${name}`).catch(() => undefined))) continue;
    await makeFile(join(root, 'dev', name));
    lines.push(tableLine(`/dev/${name}`, join(root, 'dev', name), 'none', 'bind'));
  }
  for (const [name, link] of Object.entries(DEVICE_LINKS)) await symlink(link, join(root, 'dev', name));
  lines.push(
    ...(await show(options.runtimeDirectory, '/var/runtime')),
    ...(await show(options.packageDirectory, '/var/lent/node_modules')),
  );
  for (const { source, target } of options.mounts) {
    // Sockets that are masked elsewhere are not to be seen in the first place.
    if (source === '/dev/null') continue;
    if (![...shown.values()].some((directory) => isWithin(target, directory)))
      await makeFile(join(root, target));
    lines.push(tableLine(source, join(root, target), 'none', `bind,ro,${flagsAt(mounts, dirname(source))}`));
  }
  const users = await readFile('/etc/passwd', 'utf8').catch(() => undefined);

  /** Directories that an interpreter needs at their own paths, unless they are seen there anyway. */
  async function showLanguage(visible: readonly string[]): Promise<string[]> {
    const paths = new Set<string>();
    for (const path of visible)
      for (const each of [path, await realpath(path).catch(() => path)]) paths.add(each);
    const found: string[] = [];
    for (const path of paths) {
      const isSeen = [...PROGRAMS, ...deeper].some((directory) => isWithin(path, directory));
      if (!isSeen && !isWithin(path, '/tmp')) found.push(...(await show(path, path)));
    }
    return found;
  }

  /** Empty where something that is shown holds them, and nowhere else: what is not shown is hidden. */
  async function hide(): Promise<string[]> {
    const found: string[] = [];
    for (const path of options.hidden) {
      const real = await realpath(path).catch(() => undefined);
      if (real === undefined) continue;
      for (const [source, target] of shown) {
        if (!isWithin(real, source)) continue;
        const covered = join(root, target, relative(source, real));
        found.push(tableLine('millpond', covered, 'tmpfs', 'ro,nosuid,nodev,noexec,size=4k,mode=0555'));
      }
      const isCovered = [...PROGRAMS, ...deeper, '/tmp', '/proc', '/dev'].some((directory) =>
        isWithin(real, directory),
      );
      if (!isCovered) await makeDirectory(join(root, real));
    }
    return found;
  }

  return {
    async prepare({ beginner, drop, hasProc }, directory, contents) {
      const { codeDirectory, layerDirectories, language } = contents;
      const user = drop.isOtherUser ? nextUser() : undefined;
      const temporary = join(directory, 'tmp');
      await mkdir(temporary, { mode: 0o700, recursive: true });
      const own: string[] = [];
      if (user !== undefined) {
        await Promise.all([codeDirectory, ...layerDirectories].map(openToAll));
        await chown(temporary, user, user);
        if (users !== undefined) own.push(await nameUser(user, directory));
      }
      if (layerDirectories.length > 0) {
        // Names that overlay's options could not take for something else.
        const layers = layerDirectories.toReversed();
        await Promise.all(
          layers.map((layer, index) => symlink(layer, join(directory, `layer${index}`)).catch(ifThere)),
        );
        await symlink(belowLayers, join(directory, 'opt')).catch(ifThere);
        const lower = [...layers.map((_, index) => `layer${index}`), 'opt'].join(':');
        own.push(tableLine('millpond', join(root, LAYERS), 'overlay', `ro,nosuid,nodev,lowerdir=${lower}`));
      }
      const shownLanguage = await showLanguage(language.visible ?? []);
      if (language.directory !== undefined)
        shownLanguage.push(...(await show(language.directory, '/var/lang')));
      const table = [
        ...lines,
        ...own,
        ...shownLanguage,
        ...readOnly(mounts, codeDirectory, join(root, 'var/task')),
        tableLine(temporary, join(root, 'tmp'), 'none', 'bind,nosuid,nodev'),
        ...(hasProc ? [tableLine('millpond', join(root, 'proc'), 'proc', 'nosuid,nodev,noexec')] : []),
        // Last, since they lie in what was mounted above.
        ...(await hide()),
      ];
      await writeFile(join(directory, TABLE), table.join(''));
      const limits = hasProc
        ? [largestPid(), beginner === 'user namespace' ? `${NAMESPACES_FOR_ITSELF}` : '']
        : ['', ''];
      return {
        place: {
          task: '/var/task',
          layers: [LAYERS],
          runtime: '/var/runtime',
          lender: '/var/lent/lender.js',
          bin: language.directory && '/var/lang/bin',
          temporary: '/tmp',
        },
        launch(command, variables) {
          const { environment, shell } = handOver(variables, LAST);
          const build = ['/bin/sh', '-c', SCRIPT, 'millpond-root', directory, root, ...limits];
          const line = [...ENTER[beginner], ...build, ...drop.command(user ?? 0), ...shell, ...command];
          return { environment, hasOwnProcesses: true, line: line as [string, ...string[]] };
        },
      };
    },
  };

  /** So that the user has a name, as programs expect of their own. */
  async function nameUser(user: number, directory: string): Promise<string> {
    const file = join(directory, 'passwd');
    await writeFile(file, `${users}${USER_NAME}:x:${user}:${user}::/tmp:/sbin/nologin\n`, { mode: 0o644 });
    await chmod(file, 0o644);
    return tableLine(file, join(root, 'etc/passwd'), 'none', `bind,ro,${flagsAt(mounts, directory)}`);
  }
}

/** `source` with all that is mounted in it, on `target`. */
function readOnly(mounts: readonly HostMount[], source: string, target: string): string[] {
  return [
    tableLine(source, target, 'none', `rbind,ro,${flagsAt(mounts, source)}`),
    // Each of them has to be told by itself.
    ...mountsBelow(mounts, source).map(({ point, locked }) =>
      tableLine(
        'none',
        join(target, relative(source, point)),
        'none',
        ['remount,bind,ro', ...flags(locked)].join(','),
      ),
    ),
  ];
}

const flags = (locked: readonly string[]): string[] => [...new Set(['nosuid', 'nodev', ...locked])];
const flagsAt = (mounts: readonly HostMount[], path: string): string =>
  flags(lockedAt(mounts, path)).join(',');

/** Before 6.14 the number is the whole machine's. */
function largestPid(): string {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major > 6 || (major === 6 && minor >= 14) ? `${MOST_PROCESSES}` : '';
}

/** Code is to be read by whom it runs as; that nobody else gets at it is for the directories above to see to. */
async function openToAll(directory: string): Promise<void> {
  const { mode } = await stat(directory);
  if ((mode & 0o005) !== 0o005) await promisify(execFile)('chmod', ['-R', 'a+rX', '--', directory]);
}

function ifThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
