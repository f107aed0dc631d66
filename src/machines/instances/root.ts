// Lays out the root of an instance before it boots: at its first boot what it begins with, at each boot what is made anew
// and the mount tables. Nothing of the instance runs meanwhile.

import { execFile } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { SYSTEM_PATH } from '../../kernel/programs.ts';
import { asContainerRoot, type Identities } from '../containers/identities.ts';
import { followInside } from '../containers/images/inside-root.ts';
import { makeOpen, type Places, removeTree } from '../containers/places.ts';
import { DEVICE_LINKS, DEVICES } from '../devices.ts';
import { isWithin, lockedAt, readMounts, tableLine } from '../functions/mount-table.ts';
import type { Cover } from '../machine.ts';
import { type HostFiles, STICKY, secretsOf } from './host-files.ts';
import { INSIDE, OWN } from './places.ts';
import { prepare, type Wanted } from './prepare.ts';

/** What the root of an instance is made of. */
export interface RootPlan {
  id: string;
  places: Places;
  identities: Identities;
  /** The directory of an image, or the files of this host. */
  base: { image: string } | { host: HostFiles };
  /** Whether its users are this host's own, or it is root there: it may change all that it sees. */
  ownsHostFiles: boolean;
  isLayered: boolean;
  /** Files of its first boot, by absolute path. */
  seeds: readonly Seed[];
  covers: readonly Cover[];
  programs: readonly Seed[];
  userData: readonly Buffer[];
  /** Its processes may make namespaces of users. */
  nests: boolean;
}

/** A file, or a link. */
export type Seed = { path: string; mode?: number } & (
  | { text: string }
  | { target: string }
  | { isGone: true }
);

/** What programs read of /sys: the number of processors. */
const SYSTEM = 'devices/system';

/** How a directory of this host is below the root. */
type Base = 'layer' | 'copy' | 'read-only';

const isCopied = (path: string): boolean => path === 'etc';
const layerName = (path: string): string => path.replaceAll('/', '-');

/** Makes what `roots/ID` lacks. Rejects with an error of the system or a program's first line. */
export async function layOutInstance(plan: RootPlan): Promise<void> {
  const own = join(plan.places.roots, plan.id);
  if (!existsSync(join(own, OWN.begun))) {
    await removeTree(own);
    makeOpen(own);
    await begin(plan, own);
    writeFileSync(join(own, OWN.begun), '');
  }
  const parts = [OWN.run, OWN.devices, OWN.system, OWN.programs, OWN.covers, OWN.userData, OWN.status];
  for (const part of parts) await removeTree(join(own, part));
  const give = giver(plan.identities);
  for (const part of parts) makeGiven(join(own, part), 0o755, give);
  makeDevices(join(own, OWN.devices), give);
  makeGiven(join(own, OWN.system, 'devices'), 0o755, give);
  makeGiven(join(own, OWN.system, SYSTEM), 0o755, give);
  for (const name of [
    '',
    'lock',
    'sshd',
    'millpond',
    ...Object.values(INSIDE).map((path) => path.slice('/run/'.length)),
  ])
    if (name !== '') makeGiven(join(own, OWN.run, name), name === 'lock' ? 0o1777 : 0o755, give);
  for (const program of plan.programs) writeSeed(join(own, OWN.programs), program, give);
  plan.userData.forEach((content, index) => {
    const file = join(own, OWN.userData, `part-${String(index + 1).padStart(3, '0')}`);
    writeFileSync(file, content);
    give(file, 0o700);
  });
  await writeTables(plan, own, give);
}

type Give = (path: string, mode: number) => void;

const giver =
  ({ firstId }: Identities): Give =>
  (path, mode) => {
    chmodSync(path, mode);
    if (firstId !== undefined) chownSync(path, firstId, firstId);
  };

function makeGiven(path: string, mode: number, give: Give): void {
  if (!existsSync(path)) mkdirSync(path);
  give(path, mode);
}

function makeDevices(directory: string, give: Give): void {
  for (const name of ['shm', 'pts', 'mqueue']) makeGiven(join(directory, name), 0o755, give);
  for (const name of DEVICES) {
    writeFileSync(join(directory, name), '');
    give(join(directory, name), 0o666);
  }
  for (const [name, target] of Object.entries(DEVICE_LINKS)) symlinkSync(target, join(directory, name));
}

const baseOf = ({ isLayered, ownsHostFiles }: RootPlan, path: string): Base => {
  if (isCopied(path) && !(isLayered && ownsHostFiles)) return 'copy';
  return isLayered ? 'layer' : 'read-only';
};

/** What is there before the first boot. The tree is new, so nobody else has written to it. */
async function begin(plan: RootPlan, own: string): Promise<void> {
  const { base, identities } = plan;
  const give = giver(identities);
  makeGiven(join(own, OWN.root), 0o755, give);
  makeGiven(join(own, OWN.layers), 0o711, () => {});
  if ('image' in base) {
    for (const name of ['upper', 'work']) makeGiven(join(own, name), 0o755, give);
    if (!plan.isLayered) await copyTree(join(base.image, 'root'), join(own, OWN.root), identities, true);
    return;
  }
  const { layered, empty, links } = base.host;
  for (const path of [...empty, ...layered]) {
    mkdirSync(join(own, OWN.root, path), { recursive: true });
    give(join(own, OWN.root, path), STICKY.includes(path) ? 0o1777 : path === 'root' ? 0o700 : 0o755);
  }
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(own, OWN.root, path));
  for (const path of layered) {
    const kind = baseOf(plan, path);
    if (kind === 'copy') await copyTree(`/${path}`, join(own, OWN.root, path), identities, false);
    if (kind === 'layer') makeLayer(plan, own, path, give);
  }
  const hidden = [...(await secretsOf(layered)), ...plan.seeds.map(({ path }) => path)];
  const wanted: Wanted[] = [];
  for (const path of hidden) {
    const layer = layerOf(plan, path);
    if (layer?.kind === 'layer' && existsSync(path)) wanted.push({ kind: 'w', path: layer.path });
    if (layer?.kind === 'copy') wanted.push({ kind: 'r', path: layer.path });
  }
  const written = plan.seeds.flatMap((seed) => {
    const layer = layerOf(plan, seed.path);
    if ('isGone' in seed || layer?.kind === 'read-only') return [];
    return [{ ...seed, path: layer?.path ?? join(OWN.root, seed.path) }];
  });
  for (const { path } of written) wanted.push({ kind: 'd', path: dirname(path) }, { kind: 'r', path });
  await prepare(own, wanted, identities);
  for (const seed of written) writeSeed(own, seed, give);
}

function writeSeed(root: string, seed: Seed, give: Give): void {
  const at = join(root, seed.path);
  if ('target' in seed) symlinkSync(seed.target, at);
  if (!('text' in seed)) return;
  writeFileSync(at, seed.text);
  give(at, seed.mode ?? 0o644);
}

/** Its own layer over a directory of this host. */
function makeLayer({ ownsHostFiles }: RootPlan, own: string, path: string, give: Give): void {
  const layer = join(own, OWN.layers, layerName(path));
  makeGiven(layer, 0o711, () => {});
  for (const name of ['upper', 'work']) makeGiven(join(layer, name), 0o755, give);
  if (ownsHostFiles) return;
  // Directories of this host belong to nobody there. Those that are in its own layer, too, are its own, and what is in
  // them may be replaced.
  const deepest = 2;
  const visit = (at: string, depth: number) => {
    for (const entry of readdirSync(join('/', path, at), { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const inner = join(at, entry.name);
      const mode = statSync(join('/', path, inner)).mode & 0o777;
      if ((mode & 0o005) !== 0o005) continue;
      makeGiven(join(layer, 'upper', inner), mode | 0o700, give);
      if (depth < (inner.startsWith('local') ? deepest + 1 : deepest)) visit(inner, depth + 1);
    }
  };
  visit('', 1);
}

/** Where a file of the root is on this host, relative to `roots/ID`; the path has no links. */
function layerOf(plan: RootPlan, path: string): { kind: Base; path: string } | undefined {
  if ('image' in plan.base) {
    const at = plan.isLayered ? 'upper' : OWN.root;
    return { kind: plan.isLayered ? 'layer' : 'copy', path: join(at, path) };
  }
  const layer = plan.base.host.layered
    .filter((each) => isWithin(path, `/${each}`))
    .sort((a, b) => b.length - a.length)[0];
  if (layer === undefined) return undefined;
  const kind = baseOf(plan, layer);
  if (kind !== 'layer') return { kind, path: join(OWN.root, path) };
  return { kind, path: join(OWN.layers, layerName(layer), 'upper', path.slice(layer.length + 1)) };
}

async function copyTree(from: string, to: string, identities: Identities, isWhole: boolean): Promise<void> {
  const environment = { PATH: SYSTEM_PATH, LC_ALL: 'C' };
  const how = isWhole ? ['-a'] : ['-R', '--preserve=mode,timestamps,links'];
  const line = ['cp', ...how, '--reflink=auto', '--', `${from}/.`, `${to}/`] as [string, ...string[]];
  const [program, ...args] = asContainerRoot(identities, line);
  const copied = promisify(execFile)(program, args, { env: environment });
  // What may not be read is not copied.
  await (isWhole ? copied : copied.catch(() => {}));
}

async function writeTables(plan: RootPlan, own: string, give: Give): Promise<void> {
  const { places, base, identities } = plan;
  const at = (...path: string[]) => relative(places.files, join(own, ...path));
  const inRoot = (path: string) => at(OWN.root, path);
  const bound = (source: string, path: string, options = 'bind,nosuid,nodev') =>
    tableLine(source, inRoot(path), 'none', options);
  const wanted: Wanted[] = [];
  const layers: string[] = [];
  if ('host' in base) {
    const mounts = readMounts(readFileSync('/proc/self/mountinfo', 'utf8'));
    for (const path of base.host.layered) {
      const kind = baseOf(plan, path);
      wanted.push({ kind: 'd', path: join(OWN.root, path) });
      if (kind === 'read-only')
        layers.push(
          tableLine(
            `/${path}`,
            inRoot(path),
            'none',
            ['bind,ro,nodev', ...lockedAt(mounts, `/${path}`)].join(),
          ),
        );
      if (kind !== 'layer') continue;
      const layer = at(OWN.layers, layerName(path));
      const options = `lowerdir=/${path},upperdir=${layer}/upper,workdir=${layer}/work,userxattr,nodev`;
      layers.push(tableLine('overlay', inRoot(path), 'overlay', options));
    }
  }
  const top = 'image' in base && plan.isLayered ? 'upper' : OWN.root;
  for (const name of ['run', 'dev', 'proc', 'sys', 'tmp']) wanted.push({ kind: 'd', path: join(top, name) });
  const lines = [
    bound(at(OWN.run), 'run'),
    bound(at(OWN.devices), 'dev'),
    // They are this host's: their modes cannot be changed, but what reads and writes them can.
    ...DEVICES.map((name) => bound(`/dev/${name}`, `dev/${name}`, 'bind,ro,nosuid,noexec')),
    bound(at(OWN.system), 'sys', 'bind,ro,nosuid,nodev,noexec'),
    bound(`/sys/${SYSTEM}`, `sys/${SYSTEM}`, 'bind,ro,nosuid,nodev,noexec'),
    ...ownLines(inRoot),
    bound(at(OWN.programs), INSIDE.programs, 'bind,ro,nosuid,nodev'),
    bound(at(OWN.userData), INSIDE.userData, 'bind,ro,nosuid,nodev'),
    bound(at(OWN.status), INSIDE.status),
  ];
  const root = 'image' in base ? join(base.image, 'root') : '/';
  plan.covers.forEach(({ targets, text }, index) => {
    const file = join(own, OWN.covers, `${index}`);
    writeFileSync(file, text);
    give(file, 0o644);
    for (const target of targets) {
      const real = followed(root, target);
      if (real === undefined) continue;
      const layer = layerOf(plan, `/${real}`);
      if (layer?.kind === 'read-only') {
        if (!existsSync(`/${real}`)) continue;
      } else {
        const place = isWithin(real, 'run') ? real : (layer?.path ?? join(OWN.root, real));
        wanted.push({ kind: 'f', path: place });
      }
      lines.push(bound(at(OWN.covers, `${index}`), real, 'bind,ro,nosuid,nodev,noexec'));
    }
  });
  await prepare(own, wanted, identities);
  const files = { layers: layers, table: lines, masks: masks(inRoot) };
  for (const [name, text] of Object.entries(files)) {
    rmSync(join(own, name), { force: true });
    // Without an entry, mount would say that there is nothing to do.
    if (text.length > 0) writeFileSync(join(own, name), text.join(''));
    if (text.length > 0) chmodSync(join(own, name), 0o644);
  }
  if (plan.nests) writeFileSync(join(own, 'nests'), '');
}

/** The path without links, relative to the root; `undefined` where nothing can be put. */
function followed(root: string, path: string): string | undefined {
  try {
    const { path: real } = followInside(root, path);
    return real === '' || ['proc', 'sys', 'dev', 'tmp'].some((each) => isWithin(real, each))
      ? undefined
      : real;
  } catch {
    return undefined;
  }
}

function ownLines(inRoot: (path: string) => string): string[] {
  const line = (type: string, path: string, options: string) =>
    tableLine('millpond', inRoot(path), type, options);
  const known = readFileSync('/proc/filesystems', 'latin1');
  return [
    line('proc', 'proc', 'nosuid,nodev,noexec'),
    line('tmpfs', 'dev/shm', 'nosuid,nodev,noexec,size=64m,mode=1777'),
    line('devpts', 'dev/pts', 'newinstance,nosuid,noexec,ptmxmode=0666,mode=620'),
    ...(known.includes('\tmqueue\n') ? [line('mqueue', 'dev/mqueue', 'nosuid,nodev,noexec')] : []),
  ];
}

const PROCESS_ENTRIES = new Set(['self', 'thread-self', 'net', 'mounts']);

/**
 * Of /proc, what is the whole machine's. The root of an instance may have the number of this host's root, which may write
 * there without any capability: nothing of it can be written, and what only root may read is empty.
 */
function masks(inRoot: (path: string) => string): string[] {
  const lines: string[] = [];
  for (const entry of readdirSync('/proc', { withFileTypes: true })) {
    const { name } = entry;
    if (/^\d+$/.test(name) || PROCESS_ENTRIES.has(name) || entry.isSymbolicLink()) continue;
    const path = inRoot(`proc/${name}`);
    const mode = statSync(`/proc/${name}`, { throwIfNoEntry: false })?.mode;
    if (mode === undefined) continue;
    if (entry.isDirectory()) lines.push(tableLine(path, path, 'none', 'bind,ro,nosuid,nodev,noexec'));
    else if ((mode & 0o222) !== 0 || (mode & 0o004) === 0)
      lines.push(tableLine('/dev/null', path, 'none', 'bind,ro,nosuid,noexec'));
  }
  return lines;
}
