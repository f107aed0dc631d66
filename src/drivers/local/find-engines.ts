// Finding the engine processes that run below the directory of all nodes, whoever started them.

import { realpathSync } from 'node:fs';
import { basename, relative } from 'node:path';
import type { InstalledEngine } from './binaries.ts';
import { NodeDirectory, type NodeRecord } from './node-directory.ts';
import type { ProcessLook, ProcessTable } from './process-table.ts';

/** Engine processes that share a group: one node's, or what is left of it. */
export interface EngineGroup {
  groupId: number;
  key: string;
  directory: string;
  /** The engine itself; absent when only what it forked is left. */
  leader: ProcessLook | undefined;
  executable: string;
  /** What was written down when the node was last started; absent where nothing can be read. */
  record: NodeRecord | undefined;
}

/** By working directory: start ticks are shared, command lines blanked, and a record may never have been written. */
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
    const record = isKey(key) ? await new NodeDirectory(root, key).readRecord() : undefined;
    const fresh = { groupId, key, directory, executable, leader: undefined, record };
    const group: EngineGroup = groups.get(groupId) ?? fresh;
    if (pid === look.groupId) group.leader = look;
    groups.set(look.groupId, group);
  }
  // Should two work in one directory, the recorded one is adopted first and the other one ended.
  const isRecorded = (group: EngineGroup): boolean =>
    group.record?.process?.pid === group.groupId &&
    group.record.process.startTick === group.leader?.startTick;
  return [...groups.values()].sort((a, b) => Number(isRecorded(b)) - Number(isRecorded(a)));
}

// Debian's server is a link to its checker. Somebody's shell or pager may stand in the directory too.
const isEngine = (executable: string, programs: ReadonlySet<string>): boolean =>
  programs.has(basename(executable)) || /^(redis|valkey)-/.test(basename(executable));

export function programNames(binaries: readonly InstalledEngine[]): Set<string> {
  return new Set(binaries.map(({ path }) => basename(resolved(path) ?? path)));
}

export function resolved(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

export const isKey = (key: string): boolean => key !== '' && !key.startsWith('..');
