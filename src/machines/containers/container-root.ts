// Lays out the root of a container before it starts: its own layer over the image, the files and directories that
// mounts need, and the mount table. Nothing of the container runs yet, so nothing changes the image meanwhile.

import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { OperationalError } from '../../kernel/errors.ts';
import { SYSTEM_PATH } from '../../kernel/programs.ts';
import { DEVICE_LINKS, DEVICES } from '../devices.ts';
import { isWithin, tableLine } from '../functions/mount-table.ts';
import type { ContainerSpec } from './containers.ts';
import { asContainerRoot, type Identities } from './identities.ts';
import { followInside } from './images/inside-root.ts';
import { makeOpen, type Places } from './places.ts';

/** What programs read of /sys: the number of processors. */
const SYSTEM = 'sys/devices/system';
const OWN_DIRECTORIES = ['proc', 'dev/shm', 'dev/pts', 'dev/mqueue', SYSTEM];
/** Replaced as a whole: what an image has there means nothing. */
const REPLACED = ['proc', 'dev', 'sys'];

/** What the root is made of. */
export interface RootParts {
  places: Places;
  identities: Identities;
  /** The image's directory. */
  image: string;
  /** Whether the image lies below as a layer; else it is copied. */
  isLayered: boolean;
}

/** Makes `roots/ID`. Rejects with an OperationalError or an error of the system. */
export async function layOutRoot(spec: ContainerSpec, parts: RootParts): Promise<void> {
  const { places, identities, image, isLayered } = parts;
  const own = join(places.roots, spec.id);
  const imageRoot = join(image, 'root');
  const give = (path: string, mode: number) => {
    chmodSync(path, mode);
    if (identities.firstId !== undefined) chownSync(path, identities.firstId, identities.firstId);
  };
  makeOpen(own);
  for (const name of ['upper', 'work', 'root', 'covers']) {
    mkdirSync(join(own, name));
    give(join(own, name), 0o755);
  }
  if (!isLayered) await copyTree(imageRoot, join(own, 'root'), identities);
  const layer = join(own, isLayered ? 'upper' : 'root');
  makeOwnDirectories(layer, give);
  // The image's root directory gives its mode to the merged one.
  const points: string[] = [];
  const lines = [...deviceLines(own, places), ...ownLines(own, places)];
  const at = (path: string) => relative(places.files, join(own, 'root', path));
  const claim = (kind: 'd' | 'f', path: string): string => {
    const real = pathIn(imageRoot, path);
    points.push(kind, real);
    return real;
  };
  // Docker: it is made where the image has none.
  if (!isThere(imageRoot, spec.workingDirectory)) claim('d', spec.workingDirectory);
  for (const { name, containerPath, isReadOnly } of orderedVolumes(spec)) {
    const path = claim('d', containerPath);
    const volume = join(places.volumes, name);
    if (!existsSync(volume)) {
      // Docker: a new volume begins with what the image has there.
      mkdirSync(volume);
      give(volume, 0o755);
      if (existsSync(join(imageRoot, path))) await copyTree(join(imageRoot, path), volume, identities);
    }
    const options = `bind,nosuid,nodev${isReadOnly ? ',ro' : ''}`;
    lines.push(tableLine(relative(places.files, volume), at(path), 'none', options));
  }
  spec.covers.forEach(({ targets, text }, index) => {
    const file = join(own, 'covers', `${index}`);
    writeFileSync(file, text);
    give(file, 0o644);
    for (const target of targets) {
      const path = claim('f', target);
      lines.push(tableLine(relative(places.files, file), at(path), 'none', 'bind,ro,nosuid,nodev,noexec'));
    }
  });
  // It knows every path without links, and reads them as lines.
  for (const [file, text] of [
    ['points', `${points.join('\n')}\n`],
    ['table', lines.join('')],
  ] as const) {
    writeFileSync(join(own, file), text);
    give(join(own, file), 0o644);
  }
}

function makeOwnDirectories(layer: string, give: (path: string, mode: number) => void): void {
  for (const name of REPLACED) rmSync(join(layer, name), { recursive: true, force: true });
  const made = new Set<string>();
  const make = (path: string) => {
    if (path === '.' || made.has(path)) return;
    make(dirname(path));
    mkdirSync(join(layer, path));
    give(join(layer, path), 0o755);
    made.add(path);
  };
  for (const path of OWN_DIRECTORIES) make(path);
  for (const device of DEVICES) {
    writeFileSync(join(layer, 'dev', device), '');
    give(join(layer, 'dev', device), 0o666);
  }
  for (const [name, target] of Object.entries(DEVICE_LINKS)) symlinkSync(target, join(layer, 'dev', name));
}

const deviceLines = (own: string, places: Places): string[] =>
  DEVICES.map((name) =>
    tableLine(`/dev/${name}`, relative(places.files, join(own, 'root/dev', name)), 'none', 'bind'),
  );

function ownLines(own: string, places: Places): string[] {
  const line = (type: string, path: string, options: string, source = 'millpond') =>
    tableLine(source, relative(places.files, join(own, 'root', path)), type, options);
  const known = readFileSync('/proc/filesystems', 'latin1');
  return [
    line('proc', 'proc', 'nosuid,nodev,noexec'),
    // Docker: 64 MiB.
    line('tmpfs', 'dev/shm', 'nosuid,nodev,noexec,size=64m,mode=1777'),
    line('devpts', 'dev/pts', 'newinstance,nosuid,noexec,ptmxmode=0666,mode=620'),
    ...(known.includes('\tmqueue\n') ? [line('mqueue', 'dev/mqueue', 'nosuid,nodev,noexec')] : []),
    line('none', SYSTEM, 'bind,ro,nosuid,nodev,noexec', '/sys/devices/system'),
  ];
}

/** The outer ones first. Throws an OperationalError for one inside of another one: its contents are not Millpond's. */
function orderedVolumes(spec: ContainerSpec): ContainerSpec['volumes'] {
  const volumes = [...spec.volumes].sort((a, b) => (a.containerPath < b.containerPath ? -1 : 1));
  for (const [index, { containerPath }] of volumes.entries()) {
    const outer = volumes.slice(0, index).find((other) => isWithin(containerPath, other.containerPath));
    if (outer) {
      throw refusal(`its volume at ${containerPath} is inside of the one at ${outer.containerPath}`);
    }
  }
  return volumes;
}

/** The path without links, relative to the root. Throws an OperationalError. */
function pathIn(imageRoot: string, path: string): string {
  if (!path.startsWith('/') || /[\n\0]/.test(path)) throw refusal(`${path} is no absolute path`);
  let real: string;
  try {
    real = followInside(imageRoot, path).path;
  } catch (error) {
    throw refusal((error as Error).message);
  }
  if (real === '') throw refusal('its root cannot be replaced');
  if (['proc', 'sys'].some((directory) => isWithin(real, directory)) || real === 'dev') {
    throw refusal(`/${real} cannot be replaced`);
  }
  return real;
}

function isThere(imageRoot: string, path: string): boolean {
  try {
    return followInside(imageRoot, path).found !== undefined;
  } catch {
    return false;
  }
}

async function copyTree(from: string, to: string, identities: Identities): Promise<void> {
  const environment = { PATH: SYSTEM_PATH, LC_ALL: 'C' };
  const copy = ['cp', '-a', '--reflink=auto', '--', `${from}/.`, `${to}/`] as const;
  const [program, ...args] = asContainerRoot(identities, copy);
  await promisify(execFile)(program, args, { env: environment });
}

const refusal = (what: string) =>
  new OperationalError('ContainersUnavailable', `The container cannot be started: ${what}.`);
