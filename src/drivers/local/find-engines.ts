// Finds the engine processes that work below the directory of all nodes, whatever started them.

import { realpathSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { InstalledEngine } from './binaries.ts';
import { isNodeKey, NodeDirectory, type NodeRecord } from './node-directory.ts';
import { createProcessTable, type ProcessLook, type ProcessTable } from './process-table.ts';

/** The pids of all processes that work in directories of nodes. Empty where there are none. */
export function enginePids(dataDir: string): number[] {
  const root = resolved(join(dataDir, 'nodes'));
  return root === undefined
    ? []
    : createProcessTable()
        .workingBelow(root)
        .map(({ pid }) => pid);
}

/** A process group of engine processes: a node's engine with its children, or only the children. */
export interface EngineGroup {
  groupId: number;
  key: string;
  directory: string;
  /** The engine itself; absent when only its children are left. */
  leader: ProcessLook | undefined;
  executable: string;
  /** The record of the node's last start; absent when it cannot be read. */
  record: NodeRecord | undefined;
}

/**
 * Finds processes by working directory: start ticks are not unique, command lines are overwritten, and a record may
 * be missing.
 */
export async function findEngines(
  table: ProcessTable,
  root: string,
  programs: ReadonlySet<string>,
): Promise<EngineGroup[]> {
  const groups = new Map<number, EngineGroup>();
  for (const { pid, directory, executable } of table.workingBelow(root)) {
    const look = table.look(pid);
    if (!look || look.state === 'dead' || !isEngine(executable, programs)) continue;
    const key = relative(root, directory);
    const { groupId } = look;
    const record = isNodeKey(key) ? await new NodeDirectory(root, key).readRecord() : undefined;
    const fresh = { groupId, key, directory, executable, leader: undefined, record };
    const group: EngineGroup = groups.get(groupId) ?? fresh;
    if (pid === look.groupId) group.leader = look;
    groups.set(look.groupId, group);
  }
  // If two engines work in one directory, the recorded one is adopted first and the other ended.
  const isRecorded = (group: EngineGroup): boolean =>
    group.record?.process?.pid === group.groupId &&
    group.record.process.startTick === group.leader?.startTick;
  return [...groups.values()].sort((a, b) => Number(isRecorded(b)) - Number(isRecorded(a)));
}

// On Debian the server is a link to the check program. Shells and pagers may also run in the directory.
const isEngine = (executable: string, programs: ReadonlySet<string>): boolean =>
  programs.has(basename(executable)) || /^(redis|valkey)-/.test(basename(executable));

/** The file names of these programs, with links resolved. */
export function programNames(binaries: readonly InstalledEngine[]): Set<string> {
  return new Set(binaries.map(({ path }) => basename(resolved(path) ?? path)));
}

/** The real path; `undefined` when there is none. */
export function resolved(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
