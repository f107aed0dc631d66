// The process table for systems without /proc (macOS, the BSDs), from `ps` and `lsof`. Slower and coarser; a failover
// needs it only when something else has gone wrong.

import { execFileSync } from 'node:child_process';
import type { ProcessLook, ProcessTable } from './process-look.ts';

const TIME_LIMIT_MS = 2_000;

/** Runs the programs synchronously, each for at most two seconds. */
export function createPsProcessTable(): ProcessTable {
  const table: ProcessTable = {
    look: (pid) => parsePs(run('ps', ['-o', 'pid=,pgid=,stat=,lstart=', '-p', String(pid)]))[0],
    group: (groupId) =>
      parsePs(run('ps', ['-A', '-o', 'pid=,pgid=,stat=,lstart='])).filter((look) => look.groupId === groupId),
    workingBelow: (directory) =>
      parseLsof(run('lsof', ['-w', '-d', 'cwd', '-c', 'redis', '-c', 'valkey', '-F', 'pcn'])).filter(
        (found) => found.directory === directory || found.directory.startsWith(`${directory}/`),
      ),
    workingDirectory: (pid) =>
      parseLsof(run('lsof', ['-w', '-a', '-p', String(pid), '-d', 'cwd', '-F', 'pcn']))[0]?.directory,
    // CPU time is too coarse to show an idle engine's timer, so only a stopped process counts as stuck.
    progress(pid) {
      const look = table.look(pid);
      return look && (look.state === 'alive' ? String(performance.now()) : look.state);
    },
  };
  return table;
}

/** Parses `ps -o pid=,pgid=,stat=,lstart=`. */
export function parsePs(text: string): ProcessLook[] {
  const looks: ProcessLook[] = [];
  for (const line of text.split('\n')) {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
    if (!match) continue;
    const [, pid, groupId, state, startTick] = match as unknown as [string, string, string, string, string];
    looks.push({
      pid: Number(pid),
      groupId: Number(groupId),
      startTick,
      state: state.startsWith('Z') ? 'dead' : state.startsWith('T') ? 'stopped' : 'alive',
    });
  }
  return looks;
}

/** Parses `lsof -F pcn`: one field per line, named by its first letter. */
export function parseLsof(text: string): { pid: number; directory: string; executable: string }[] {
  const found = [];
  let pid = 0;
  let executable = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    else if (line.startsWith('c')) executable = line.slice(1);
    else if (line.startsWith('n')) found.push({ pid, directory: line.slice(1), executable });
  }
  return found;
}

// Both programs fail when nothing matches; their output (nothing) is then the answer.
function run(command: string, args: string[]): string {
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      timeout: TIME_LIMIT_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, LC_ALL: 'C' },
    });
  } catch (error) {
    const printed = (error as { stdout?: unknown }).stdout;
    return typeof printed === 'string' ? printed : '';
  }
}
