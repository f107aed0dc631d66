// The CPU time of a process. Linux only.

import { readdirSync, readFileSync } from 'node:fs';

/**
 * Microseconds of all its current threads since their start. More precise than /proc/PID/stat, which counts in
 * hundredths of a second.
 */
export function processorUs(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  const nanoseconds = readdirSync(tasks).map((task) => {
    const [running] = readFileSync(`${tasks}/${task}/schedstat`, 'latin1').split(' ');
    return Number(running);
  });
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1000;
}
