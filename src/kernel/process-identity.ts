// The identity of a process: the system reuses a pid, but not a pid with its start time.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The start of the process as an opaque text; `undefined` when there is no such process or it is a zombie. */
export function startTickOf(pid: number): string | undefined {
  try {
    if (process.platform !== 'linux') {
      return (
        execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined
      );
    }
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command, in parentheses, may contain any character; the fields after it do not.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
