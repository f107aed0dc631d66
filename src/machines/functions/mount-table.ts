// Writes fstab lines for one namespace, and reads the host's mounts from /proc/self/mountinfo. Pure.

/** A mount of the host. */
export interface HostMount {
  point: string;
  /** The flags that a user namespace may not remove when it mounts the same again: `nosuid`, `noexec`… */
  locked: readonly string[];
}

const LOCKED = new Set(['nosuid', 'nodev', 'noexec', 'noatime', 'nodiratime', 'relatime']);

/** Renders one line. Paths may contain any character; special ones are escaped in octal. */
export const tableLine = (source: string, target: string, type: string, options: string): string =>
  `${escaped(source)} ${escaped(target)} ${type} ${options} 0 0\n`;

const escaped = (path: string): string =>
  path.replace(/[^\w./@+=~:,-]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x80 ? `\\${code.toString(8).padStart(3, '0')}` : character;
  });

/** Parses /proc/self/mountinfo in its order: later mounts cover earlier ones. */
export function readMounts(mountInfo: string): HostMount[] {
  return mountInfo.split('\n').flatMap((line) => {
    const [, , , , point, options] = line.split(' ');
    if (point === undefined || options === undefined) return [];
    const locked = options.split(',').filter((option) => LOCKED.has(option));
    return [{ point: unescaped(point), locked }];
  });
}

/** The flags that another mount of `path` must keep; the path contains no links. */
export function lockedAt(mounts: readonly HostMount[], path: string): readonly string[] {
  let found: HostMount | undefined;
  for (const mount of mounts) {
    if (isWithin(path, mount.point) && mount.point.length >= (found?.point.length ?? 0)) found = mount;
  }
  return found?.locked ?? [];
}

/** The mounts below `path`, which a recursive mount includes. */
export const mountsBelow = (mounts: readonly HostMount[], path: string): HostMount[] => [
  ...new Map(
    mounts
      .filter(({ point }) => point !== path && isWithin(point, path))
      .map((mount) => [mount.point, mount] as const),
  ).values(),
];

/** Also true when they are equal. */
export const isWithin = (path: string, directory: string): boolean =>
  path === directory || path.startsWith(directory === '/' ? '/' : `${directory}/`);

const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
