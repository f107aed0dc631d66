// Gives a function a private root: a directory of mount points with this machine's programs, the function's code and
// a /tmp, all read-only but /tmp. It replaces the machine's root, which is then unmounted, so that nothing of it can
// be uncovered.

import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, readFile, realpath, stat, symlink, writeFile } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Mount } from '../machine.ts';
import type { Contents, IsolationOptions, Mounter, Prepared } from './isolation-types.ts';
import { LAYERS, type MountPoints, makeMountPoints, type Shown } from './mount-points.ts';
import { isWithin, tableLine } from './mount-table.ts';
import { type Drop, endingWithParent, nextUser } from './privileges.ts';
import { handOver } from './variables.ts';

/** Prepares environments with a private root. */
export interface PrivateRoot {
  /** `directory` is the environment's own and empty. `hasProc`: whether /proc can be mounted. */
  prepare(drop: Drop, hasProc: boolean, directory: string, contents: Contents): Promise<Prepared>;
}

/** AWS: the name of the user of a function. */
const USER_NAME = 'sbx_user1051';
/** Only the namespace in which root becomes the caller again; the function cannot create another. */
const NAMESPACES_FOR_ITSELF = 1;
/** AWS: the most processes and threads of one environment. The kernel assigns the first 300 pids only once. */
const MOST_PROCESSES = 1024 + 300;

const TABLE = 'mounts';
/**
 * Arguments: the environment's directory, the new root, the largest pid or nothing, the most user namespaces or
 * nothing, the command. A layer's path in the table is relative to the environment's directory.
 */
const SCRIPT = `
cd "$1" && mount --all --fstab ./${TABLE} && cd "$2" || exit 125
umask 022
[ -z "$3" ] || echo "$3" >proc/sys/kernel/pid_max
[ -z "$4" ] || echo "$4" >proc/sys/user/max_user_namespaces
pivot_root . . && umount -n -l . && cd /var/task || exit 125
shift 4
exec "$@"
`;
/**
 * The shell stays as the first process, so that any signal can kill the function's process and orphans are reaped.
 */
const LAST = '"$@"; exit $?';
const NAMESPACES = '--mount --propagation private --ipc --pid --fork --kill-child=SIGKILL --'.split(' ');
const ENTER: Record<Mounter, string[]> = {
  root: ['unshare', ...NAMESPACES],
  'user namespace': ['unshare', '--user', '--map-root-user', ...NAMESPACES],
};

/** Builds the shared mount points. */
export async function openPrivateRoot(options: IsolationOptions, mounter: Mounter): Promise<PrivateRoot> {
  const points = await makeMountPoints(options, mounter === 'user namespace');
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '');
  const usersFile = await realpath('/etc/passwd').catch(() => undefined);
  const ofLanguages = new Map<string, Promise<Shown[]>>();
  const userNamespaces = mounter === 'user namespace' ? `${NAMESPACES_FOR_ITSELF}` : '';

  function shownFor(language: Contents['language']): Promise<Shown[]> {
    const key = JSON.stringify([language.directory, language.visible]);
    let shown = ofLanguages.get(key);
    if (!shown) ofLanguages.set(key, (shown = showLanguage(points, language)));
    return shown;
  }

  /** Gives the user a name, as programs expect. */
  async function nameUser(user: number, directory: string): Promise<string[]> {
    if (usersFile === undefined || !points.isShown(usersFile)) return [];
    const file = join(directory, 'passwd');
    const line = `${USER_NAME}:x:${user}:${user}::/tmp:/sbin/nologin\n`;
    await writeFile(file, users.endsWith('\n') || users === '' ? users + line : `${users}\n${line}`);
    await chmod(file, 0o644);
    return [coverLine({ source: file, target: usersFile })];
  }

  /** Mounts a file of the environment over one that all functions see. */
  const coverLine = ({ source, target }: Mount): string =>
    tableLine(source, join(points.root, target), 'none', `bind,ro,${points.flagsAt(points.root)}`);

  async function prepareTemporary(directory: string, user: number | undefined): Promise<string[]> {
    const temporary = join(directory, 'tmp');
    await mkdir(temporary, { mode: 0o700, recursive: true });
    if (user !== undefined) await chown(temporary, user, user);
    return [tableLine(temporary, join(points.root, 'tmp'), 'none', 'bind,nosuid,nodev')];
  }

  return {
    async prepare(drop, hasProc, directory, { codeDirectory, layerDirectories, language, mounts = [] }) {
      const { root } = points;
      const user = drop.isOtherUser ? nextUser() : undefined;
      if (user !== undefined) await Promise.all([codeDirectory, ...layerDirectories].map(openToAll));
      const [name, layers, code, temporary, shown] = await Promise.all([
        user === undefined ? [] : nameUser(user, directory),
        layerLines(points, directory, layerDirectories),
        points.show(codeDirectory, '/var/task'),
        prepareTemporary(directory, user),
        shownFor(language),
      ]);
      if (!code) throw new Error(`the code in ${codeDirectory} is gone`);
      const proc = hasProc ? [tableLine('millpond', join(root, 'proc'), 'proc', 'nosuid,nodev,noexec')] : [];
      const table = [
        ...[...points.lines, ...name, ...mounts.map(coverLine), ...layers],
        ...[...shown, code].flatMap(({ lines }) => lines),
        ...[...temporary, ...proc],
        // Last, since they are inside of the mounts above.
        ...points.cover(shown),
      ];
      await writeFile(join(directory, TABLE), table.join(''));
      const limits = hasProc ? [largestPid(), userNamespaces] : ['', ''];
      return {
        user,
        place: {
          ...{
            task: '/var/task',
            layers: [LAYERS],
            runtime: '/var/runtime',
            sdkFrom: '/var/provided/from.js',
          },
          ...{ bin: language.directory && '/var/lang/bin', temporary: '/tmp' },
        },
        launch(command, variables, waits = false) {
          const { environment, shell } = handOver(variables, LAST, waits);
          const build = ['/bin/sh', '-c', SCRIPT, 'millpond-root', directory, root, ...limits];
          const line = [
            ...endingWithParent(drop),
            ...ENTER[mounter],
            ...build,
            ...drop.command(user ?? 0),
            ...shell,
            ...command,
          ];
          return { environment, hasOwnProcesses: true, line: line as [string, ...string[]] };
        },
      };
    },
  };
}

/** Makes the interpreter visible, with the directories that it needs at their own paths. */
async function showLanguage(points: MountPoints, language: Contents['language']): Promise<Shown[]> {
  const { directory, visible = [] } = language;
  const paths = new Set<string>();
  for (const path of visible) paths.add(path).add(await realpath(path).catch(() => path));
  const shown = [...paths]
    .filter((path) => !points.isShown(path) && !isWithin(path, '/tmp'))
    .map((path) => points.show(path, path));
  const own = directory === undefined ? [] : [points.show(directory, '/var/lang')];
  return (await Promise.all([...shown, ...own])).filter((each) => each !== undefined);
}

/** Overlay gets simple names that cannot be confused with its options; they are links to the layers. */
async function layerLines(
  { root, belowLayers }: MountPoints,
  directory: string,
  layerDirectories: readonly string[],
): Promise<string[]> {
  if (layerDirectories.length === 0) return [];
  const lower = [...layerDirectories.toReversed(), belowLayers];
  const names = lower.map((_, index) => `layer${index}`);
  await Promise.all(names.map((name, index) => symlink(lower[index]!, join(directory, name)).catch(ifThere)));
  const options = `ro,nosuid,nodev,lowerdir=${names.join(':')}`;
  return [tableLine('millpond', join(root, LAYERS), 'overlay', options)];
}

/** Before Linux 6.14 the limit is the whole machine's and must not be changed. */
function largestPid(): string {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major > 6 || (major === 6 && minor >= 14) ? `${MOST_PROCESSES}` : '';
}

/** The user of the function must be able to read the code; the parent directories keep other users out. */
async function openToAll(directory: string): Promise<void> {
  const { mode } = await stat(directory);
  const program = await stat(join(directory, 'bootstrap')).catch(() => undefined);
  const isOpen = (mode & 0o005) === 0o005 && (!program || isForAll(program.mode));
  if (!isOpen) await promisify(execFile)('chmod', ['-R', 'a+rX', '--', directory]);
}

/** Whether others may execute it if its owner may. */
const isForAll = (mode: number): boolean => (mode & 0o100) === 0 || (mode & 0o001) !== 0;

function ifThere(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
