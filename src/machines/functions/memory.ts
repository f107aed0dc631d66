// The private memory of a process and its children on Linux; 0 where the kernel does not tell. File pages are left
// out: mapped programs and libraries are shared, and the kernel can drop them.

import { readFileSync } from 'node:fs';

const MOST_PROCESSES = 64;
const OWN_PAGES = /^Rss(?:Anon|Shmem):\s+(\d+) kB$/gm;

/** In bytes. */
export function residentBytes(pid: number): number {
  let bytes = 0;
  const pids = [pid];
  for (let index = 0; index < pids.length && index < MOST_PROCESSES; index++) {
    const own = `/proc/${pids[index]}`;
    for (const [, kibibytes] of read(`${own}/status`).matchAll(OWN_PAGES)) bytes += Number(kibibytes) * 1024;
    pids.push(...childrenOf(pids[index]!));
  }
  return bytes;
}

/** The child processes; empty where the kernel does not tell. */
export const childrenOf = (pid: number): number[] =>
  read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
