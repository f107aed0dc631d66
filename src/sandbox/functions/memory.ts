// How much memory a process and all that it started hold, as Linux tells; 0 where it does not.

import { readFileSync } from 'node:fs';

const PAGE_BYTES = 4096;
const MOST_PROCESSES = 64;

export function residentBytes(pid: number): number {
  let bytes = 0;
  const pids = [pid];
  for (let index = 0; index < pids.length && index < MOST_PROCESSES; index++) {
    const own = `/proc/${pids[index]}`;
    bytes += Number(read(`${own}/statm`).split(' ')[1] ?? 0) * PAGE_BYTES;
    pids.push(...read(`${own}/task/${pids[index]}/children`).split(' ').filter(Boolean).map(Number));
  }
  return bytes;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
