// A directory that becomes a function's root: what there is to mount on, and the lines that mount this machine's
// programs, Millpond's own files and devices there. All functions share it.

import { chmod, mkdir, readFile, readlink, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Mount } from '../names/view.ts';
import type { IsolationOptions } from './isolation-types.ts';
import { type HostMount, isWithin, lockedAt, mountsBelow, readMounts, tableLine } from './mount-table.ts';

/** A directory of the machine, and where functions see it. */
export interface Shown {
  source: string;
  target: string;
  /** Of the table of mounts. */
  lines: readonly string[];
}

export interface MountPoints {
  root: string;
  /** The table of what every function sees. */
  lines: readonly string[];
  /** What lies below the layers. */
  belowLayers: string;
  /** Undefined when `source` is no directory. */
  show(source: string, target: string): Promise<Shown | undefined>;
  /** Whether every function sees this path of the machine at the same path. */
  isShown(path: string): boolean;
  /** Lines that cover what is hidden where it lies within what is shown. */
  cover(also: readonly Shown[]): readonly string[];
  /** What a mount of `path`, which has no links, bears beside others. */
  flagsAt(path: string): string;
}

/** Of the machine: programs and their configuration. Links among them stay links. */
const PROGRAMS = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/etc', '/nix', '/gnu'];
/** The same deeper down: what tells of processors, and Homebrew's programs. */
const DEEPER = ['/sys/devices/system', '/home/linuxbrew/.linuxbrew'];
/** The machine's own lies below the layers: programs may live there. */
export const LAYERS = '/opt';
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom'];
/** Relative, so that outside of the function's root they lead nowhere. */
const DEVICE_LINKS = { fd: '../proc/self/fd', stdin: 'fd/0', stdout: 'fd/1', stderr: 'fd/2' };
const OWN = ['proc', 'tmp', 'opt', 'dev', 'var/task', 'var/runtime', 'var/lang', 'var/lent/node_modules'];
const SWITCH = '/etc/nsswitch.conf';
/** These are covered as a whole. */
const COVERED = ['/tmp', '/proc', '/dev'];

/** `keepsFlags`: a user namespace mounts, which may not take `noexec` and the like away. */
export async function makeMountPoints(options: IsolationOptions, keepsFlags: boolean): Promise<MountPoints> {
  const root = join(await realpath(options.directory), 'root');
  await rm(root, { recursive: true, force: true });
  const mounts = readMounts(await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')).map(
    ({ point, locked }): HostMount => ({ point, locked: keepsFlags ? locked : [] }),
  );
  const shown: Shown[] = [];
  const lines = [...readOnly(mounts, root, root)];
  const flagsAt = (path: string) => flags(lockedAt(mounts, path)).join(',');
  const isShown = (path: string) => shown.some(({ target }) => isWithin(path, target));
  const made = new Set<string>();

  /** One that anybody may pass. */
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

  async function show(source: string, target: string): Promise<Shown | undefined> {
    const real = await realpath(source).catch(() => undefined);
    if (real === undefined || !(await stat(real)).isDirectory()) return undefined;
    await makeDirectory(join(root, target));
    return { source: real, target, lines: readOnly(mounts, real, join(root, target)) };
  }

  async function showToAll(source: string, target: string): Promise<void> {
    const each = await show(source, target);
    if (!each) return;
    shown.push(each);
    lines.push(...each.lines);
  }

  await makeDirectory(root);
  for (const path of OWN) await makeDirectory(join(root, path));
  for (const path of PROGRAMS) {
    const link = await readlink(path).catch(() => undefined);
    if (link === undefined) await showToAll(path, path);
    else await symlink(link, join(root, path));
  }
  for (const path of DEEPER) await showToAll(path, path);
  // An overlay takes no directory that lies within another of its own.
  if (!isWithin(root, LAYERS)) await showToAll(LAYERS, LAYERS);
  for (const name of DEVICES) {
    if (!(await stat(`/dev/${name}`).catch(() => undefined))) continue;
    await makeFile(join(root, 'dev', name));
    lines.push(tableLine(`/dev/${name}`, join(root, 'dev', name), 'none', 'bind'));
  }
  for (const [name, link] of Object.entries(DEVICE_LINKS)) await symlink(link, join(root, 'dev', name));
  for (const { source, target } of [...options.mounts, ...(await switchOf(options))]) {
    // Sockets that are masked elsewhere are not to be seen in the first place.
    if (source === '/dev/null') continue;
    if (!isShown(target)) await makeFile(join(root, target));
    const flags = flagsAt(await realpath(dirname(source)));
    lines.push(tableLine(source, join(root, target), 'none', `bind,ro,${flags}`));
  }
  const machines = [...PROGRAMS, ...COVERED, ...shown.map(({ target }) => target)];
  await showToAll(options.runtimeDirectory, '/var/runtime');
  await showToAll(options.packageDirectory, '/var/lent/node_modules');
  const hidden = await Promise.all(options.hidden.map((path) => realpath(path).catch(() => undefined)));
  // What is not shown is hidden; an empty directory says that something is.
  for (const path of hidden) {
    if (path !== undefined && !machines.some((each) => isWithin(path, each)))
      await makeDirectory(join(root, path));
  }

  return {
    ...{ root, lines, show, isShown, flagsAt },
    belowLayers: shown.find(({ target }) => target === LAYERS)?.source ?? join(root, LAYERS),
    cover: (also) =>
      hidden.flatMap((path) =>
        path === undefined
          ? []
          : [...shown, ...also]
              .filter(({ source }) => isWithin(path, source))
              .map(({ source, target }) => emptyAt(join(root, target, relative(source, path)))),
      ),
  };
}

/**
 * Users, groups and the like by file alone: services that tell of others (systemd, sssd) are out of a function's reach,
 * and asking for them takes time.
 */
async function switchOf({ directory, mounts }: IsolationOptions): Promise<Mount[]> {
  const target = await realpath(SWITCH).catch(() => undefined);
  if (target === undefined) return [];
  const covering = mounts.findLast((mount) => mount.target === target);
  const text = await readFile(covering?.source ?? target, 'utf8');
  const source = join(directory, 'nsswitch.conf');
  await writeFile(
    source,
    text.replaceAll(/^(\s*(?:passwd|group|shadow|gshadow|initgroups)\s*:).*$/gm, '$1 files'),
  );
  await chmod(source, 0o644);
  return [{ source, target }];
}

const emptyAt = (path: string): string =>
  tableLine('millpond', path, 'tmpfs', 'ro,nosuid,nodev,noexec,size=4k,mode=0555');

/** `source`, which has no links, with all that is mounted in it, on `target`. */
function readOnly(mounts: readonly HostMount[], source: string, target: string): string[] {
  const options = (locked: readonly string[]) => flags(locked).join(',');
  return [
    tableLine(source, target, 'none', `rbind,ro,${options(lockedAt(mounts, source))}`),
    // Each of them has to be told by itself.
    ...mountsBelow(mounts, source).map(({ point, locked }) =>
      tableLine('none', join(target, relative(source, point)), 'none', `remount,bind,ro,${options(locked)}`),
    ),
  ];
}

const flags = (locked: readonly string[]): string[] => [...new Set(['nosuid', 'nodev', ...locked])];
