// The processor's time that a process has used. Linux only.

import { readdirSync, readFileSync } from 'node:fs';

/** Of all threads that it has, since they began, in microseconds. Finer than /proc/PID/stat, which counts in hundredths of a second. */
export function processorUs(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  const nanoseconds = readdirSync(tasks).map((task) => {
    const [running] = readFileSync(`${tasks}/${task}/schedstat`, 'latin1').split(' ');
    return Number(running);
  });
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1000;
}
