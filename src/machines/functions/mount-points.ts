// Builds the directory that becomes a function's root: mount points, and the mount table lines for this machine's
// programs, Millpond's own files and devices. All functions share it.

import { chmod, mkdir, readFile, readlink, realpath, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Mount } from '../machine.ts';
import type { IsolationOptions } from './isolation-types.ts';
import { type HostMount, isWithin, lockedAt, mountsBelow, readMounts, tableLine } from './mount-table.ts';

/** A directory of the machine that functions see at `target`. */
export interface Shown {
  source: string;
  target: string;
  /** Its lines of the mount table. */
  lines: readonly string[];
}

/** The shared root with its mount table. */
export interface MountPoints {
  root: string;
  /** The lines of the mount table for every function. */
  lines: readonly string[];
  /** The directory under the layers in the overlay. */
  belowLayers: string;
  /** Makes a mount point for a directory; undefined when `source` is not a directory. */
  show(source: string, target: string): Promise<Shown | undefined>;
  /** Whether every function sees this path of the machine at the same path. */
  isShown(path: string): boolean;
  /** Lines that cover hidden directories inside of visible ones. */
  cover(also: readonly Shown[]): readonly string[];
  /** The flags that a mount of `path` must have; the path contains no links. */
  flagsAt(path: string): string;
}

/** The machine's programs and their configuration. Links among them stay links. */
const PROGRAMS = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/etc', '/nix', '/gnu'];
/** Further directories below others: information on processors, and Homebrew's programs. */
const DEEPER = ['/sys/devices/system', '/home/linuxbrew/.linuxbrew'];
/** Layers are here, over the machine's own /opt, which may have programs. */
export const LAYERS = '/opt';
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom'];
/** Relative, so that outside of the function's root they lead nowhere. */
const DEVICE_LINKS = { fd: '../proc/self/fd', stdin: 'fd/0', stdout: 'fd/1', stderr: 'fd/2' };
const OWN = ['proc', 'tmp', 'opt', 'dev', 'var/task', 'var/runtime', 'var/lang', 'var/provided/node_modules'];
const SWITCH = '/etc/nsswitch.conf';
/** Directories that the private root replaces as a whole. */
const COVERED = ['/tmp', '/proc', '/dev'];

/** Builds the root. `keepsFlags`: a user namespace mounts it, which may not remove `noexec` and similar flags. */
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

  /** Creates a directory that all users may enter. */
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
  // An overlay cannot use a directory inside of another of its own.
  if (!isWithin(root, LAYERS)) await showToAll(LAYERS, LAYERS);
  for (const name of DEVICES) {
    if (!(await stat(`/dev/${name}`).catch(() => undefined))) continue;
    await makeFile(join(root, 'dev', name));
    lines.push(tableLine(`/dev/${name}`, join(root, 'dev', name), 'none', 'bind'));
  }
  for (const [name, link] of Object.entries(DEVICE_LINKS)) await symlink(link, join(root, 'dev', name));
  for (const { source, target } of [...options.mounts, ...(await switchOf(options))]) {
    // Sockets that are masked elsewhere are not visible here at all.
    if (source === '/dev/null') continue;
    if (!isShown(target)) await makeFile(join(root, target));
    const flags = flagsAt(await realpath(dirname(source)));
    lines.push(tableLine(source, join(root, target), 'none', `bind,ro,${flags}`));
  }
  const machines = [...PROGRAMS, ...COVERED, ...shown.map(({ target }) => target)];
  await showToAll(options.runtimeDirectory, '/var/runtime');
  await showToAll(options.packageDirectory, '/var/provided/node_modules');
  const hidden = await Promise.all(options.hidden.map((path) => realpath(path).catch(() => undefined)));
  // Directories outside of visible ones are hidden anyway; an empty directory shows that one exists.
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
 * Makes lookups of users and groups use files only: services for them (systemd, sssd) cannot be reached from a
 * function, and trying takes time.
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

/** Mounts `source`, which contains no links, with all mounts below it, read-only on `target`. */
function readOnly(mounts: readonly HostMount[], source: string, target: string): string[] {
  const options = (locked: readonly string[]) => flags(locked).join(',');
  return [
    tableLine(source, target, 'none', `rbind,ro,${options(lockedAt(mounts, source))}`),
    // Each of them must be remounted separately.
    ...mountsBelow(mounts, source).map(({ point, locked }) =>
      tableLine('none', join(target, relative(source, point)), 'none', `remount,bind,ro,${options(locked)}`),
    ),
  ];
}

const flags = (locked: readonly string[]): string[] => [...new Set(['nosuid', 'nodev', ...locked])];
