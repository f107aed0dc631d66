// Control groups for containers: how much memory, processor time and how many processes one may have. Version 2 where
// Millpond may write below a group that hands its controllers on, version 1 where root mounted it. Elsewhere none: the
// memory is watched instead.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemCode } from '../../kernel/errors.ts';

/** What a container may have. */
export interface Quota {
  memoryBytes?: number | undefined;
  cpuShares?: number | undefined;
  processes: number;
}

/** Where this host lets containers have groups. */
export interface Cgroups {
  /** Whether memory is limited by the kernel. */
  readonly hasMemory: boolean;
  readonly hasCpu: boolean;
  readonly hasProcesses: boolean;
  /** The directories that `make` makes. */
  placesOf(name: string): string[];
  /** Makes the groups of a container. Throws the system's errors. */
  make(name: string, quota: Quota): void;
}

/** A name for the groups of a container that no other data directory on this host has. */
export const groupName = (directory: string, id: string): string =>
  `${createHash('sha256').update(directory).digest('hex').slice(0, 8)}-${id}`;

/** Moves a process, with the children that it will have, into the groups. */
export function enterGroups(groups: readonly string[], pid: number): void {
  for (const group of groups) writeFileSync(join(group, 'cgroup.procs'), `${pid}`);
}

const EMPTY_WITHIN_MS = 2_000;

/** Deletes groups whose processes have ended. Never rejects. */
export async function removeGroups(groups: readonly string[]): Promise<void> {
  const deadline = performance.now() + EMPTY_WITHIN_MS;
  let left = groups.filter((group) => !isRemoved(group));
  while (left.length > 0 && performance.now() < deadline) {
    // A process that has ended is in its group until its parent knows.
    await new Promise((resolve) => setTimeout(resolve, 5));
    left = left.filter((group) => !isRemoved(group));
  }
  // The next container makes it again. Not so in version 2, where it hands controllers on.
  for (const parent of new Set(groups.map((group) => dirname(group)))) {
    if (!existsSync(join(parent, 'cgroup.subtree_control'))) isRemoved(parent);
  }
}

function isRemoved(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch (error) {
    return systemCode(error) === 'ENOENT';
  }
}

const PARENT = 'millpond';
const CONTROLLERS = ['memory', 'cpu', 'pids'] as const;
type Controller = (typeof CONTROLLERS)[number];

/** Looks at what is mounted and writable. Never throws. */
export function findCgroups(): Cgroups {
  const parents = new Map<string, { version: 1 | 2; controllers: Controller[] }>();
  for (const [controller, directory, version] of places()) {
    const at = parents.get(directory) ?? { version, controllers: [] };
    at.controllers.push(controller);
    parents.set(directory, at);
  }
  const has = (controller: Controller) =>
    [...parents.values()].some(({ controllers }) => controllers.includes(controller));
  return {
    ...{ hasMemory: has('memory'), hasCpu: has('cpu'), hasProcesses: has('pids') },
    placesOf: (name) => [...parents.keys()].map((parent) => join(parent, name)),
    make(name, quota) {
      for (const [parent, { version, controllers }] of parents) {
        const group = join(parent, name);
        mkdirSync(group, { recursive: true });
        for (const controller of controllers) setQuota(group, version, controller, quota);
      }
    },
  };
}

function setQuota(group: string, version: 1 | 2, controller: Controller, quota: Quota): void {
  for (const [file, value] of filesOf[controller](quota, version)) {
    // Not every kernel counts what is swapped.
    if (/swap|memsw/.test(file) && !existsSync(join(group, file))) continue;
    writeFileSync(join(group, file), `${value}`);
  }
}

/** The files that set a quota. In this order: the limit with swapping must not be below the one without. */
const filesOf: Record<Controller, (quota: Quota, version: 1 | 2) => [string, number][]> = {
  pids: ({ processes }) => [['pids.max', processes]],
  memory({ memoryBytes }, version) {
    if (memoryBytes === undefined) return [];
    if (version === 1) {
      return [
        ['memory.limit_in_bytes', memoryBytes],
        ['memory.memsw.limit_in_bytes', memoryBytes],
      ];
    }
    return [
      ['memory.max', memoryBytes],
      ['memory.swap.max', 0],
      ['memory.oom.group', 1],
    ];
  },
  cpu({ cpuShares }, version) {
    if (cpuShares === undefined) return [];
    if (version === 1) return [['cpu.shares', Math.max(2, cpuShares)]];
    // The same conversion as runc's.
    const shares = Math.min(Math.max(cpuShares, 2), 262_144);
    return [['cpu.weight', 1 + Math.floor(((shares - 2) * 9999) / 262_142)]];
  },
};

/** For each controller a directory for the groups of containers, which was tried out. */
function places(): [Controller, string, 1 | 2][] {
  const mounts = read('/proc/self/mountinfo').split('\n').map(cgroupMount);
  const own = read('/proc/self/cgroup')
    .split('\n')
    .map((line) => line.split(':'));
  const second = mounts.find((mount) => mount?.version === 2);
  const unified = second && unifiedParent(second.point, own.find(([id]) => id === '0')?.[2] ?? '/');
  return CONTROLLERS.flatMap((controller): [Controller, string, 1 | 2][] => {
    if (unified?.controllers.includes(controller)) return [[controller, unified.directory, 2]];
    const first = mounts.find((mount) => mount?.version === 1 && mount.options.includes(controller));
    if (!first) return [];
    const directory = join(first.point, PARENT);
    return canMake(directory) ? [[controller, directory, 1]] : [];
  });
}

function cgroupMount(line: string) {
  const [before, after] = line.split(' - ');
  const point = before?.split(' ')[4];
  const [type, , options] = after?.split(' ') ?? [];
  if (point === undefined || (type !== 'cgroup' && type !== 'cgroup2')) return undefined;
  return { point, version: type === 'cgroup2' ? 2 : 1, options: options?.split(',') ?? [] };
}

/** The nearest group above this process that hands controllers on and may be written. */
function unifiedParent(point: string, own: string) {
  for (let at = join(point, own); at.length >= point.length; at = dirname(at)) {
    const controllers = read(join(at, 'cgroup.subtree_control')).trim().split(' ').filter(Boolean);
    const directory = join(at, PARENT);
    if (!controllers.includes('memory') || !canMake(directory)) continue;
    try {
      writeFileSync(
        join(directory, 'cgroup.subtree_control'),
        controllers.map((each) => `+${each}`).join(' '),
      );
      return { directory, controllers };
    } catch {
      // Another one may do.
    }
  }
  return undefined;
}

function canMake(directory: string): boolean {
  const probe = join(directory, `probe-${process.pid}`);
  try {
    mkdirSync(probe, { recursive: true });
    const canMove = readdirSync(probe).includes('cgroup.procs');
    rmdirSync(probe);
    return canMove;
  } catch {
    return false;
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
