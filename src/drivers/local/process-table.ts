// The process table of this system: which processes exist, in which group and directory, and whether they progress.
// Reads only; process-group.ts ends processes.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { ProcessLook, ProcessTable } from './process-look.ts';
import { createPsProcessTable } from './ps-process-table.ts';

export type { ProcessLook, ProcessTable };

/** Uses /proc on Linux, `ps` and `lsof` elsewhere. */
export function createProcessTable(): ProcessTable {
  return process.platform === 'linux' ? procProcessTable : createPsProcessTable();
}

const procProcessTable: ProcessTable = {
  look: (pid) => parseStat(read(`/proc/${pid}/stat`)),

  group: (groupId) =>
    allPids()
      .map((pid) => parseStat(read(`/proc/${pid}/stat`)))
      .filter((look) => look?.groupId === groupId) as ProcessLook[],

  workingBelow(directory) {
    const found = [];
    for (const pid of allPids()) {
      const at = procProcessTable.workingDirectory(pid);
      if (at === undefined || !(at === directory || at.startsWith(`${directory}/`))) continue;
      found.push({ pid, directory: at, executable: readLink(`/proc/${pid}/exe`) ?? '' });
    }
    return found;
  },

  workingDirectory: (pid) => readLink(`/proc/${pid}/cwd`),

  progress: (pid) => read(`/proc/${pid}/schedstat`),
};

/** Parses /proc/PID/stat. The second field, a name in brackets, may itself contain blanks and brackets. */
export function parseStat(line: string | undefined): ProcessLook | undefined {
  if (line === undefined) return undefined;
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [state, , groupId] = fields;
  const threads = Number(fields[17]);
  const startTick = fields[19];
  if (state === undefined || startTick === undefined) return undefined;
  return {
    pid: Number.parseInt(line, 10),
    groupId: Number(groupId),
    startTick,
    state: stateOf(state, threads),
  };
}

/** A zombie holds its sockets until the last of its threads has exited. */
function stateOf(letter: string, threads: number): ProcessLook['state'] {
  if ('ZXx'.includes(letter)) return threads <= 1 ? 'dead' : 'alive';
  return 'Tt'.includes(letter) ? 'stopped' : 'alive';
}

function allPids(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0);
}

// A process may end at any moment or belong to another user; then it counts as missing.
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path).replace(/ \(deleted\)$/, '');
  } catch {
    return undefined;
  }
}
