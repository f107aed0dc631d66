// Engine processes as the system sees them: whose directory they work in, whether they can still act.

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface FoundProcess {
  pid: number;
  directory: string;
  /** Started by our own process tree or not, whatever it is: its name. */
  name: string;
}

/** Every process that works in `folder` or below it and has not ended. */
export function processesBelow(folder: string): FoundProcess[] {
  const found: FoundProcess[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const directory = readlinkSync(`/proc/${entry}/cwd`);
      if (directory !== folder && !directory.startsWith(`${folder}/`)) continue;
      if (!isAlive(Number(entry))) continue;
      const name = readFileSync(`/proc/${entry}/comm`, 'utf8').trim();
      found.push({ pid: Number(entry), directory, name });
    } catch {
      // It ended while it was looked at.
    }
  }
  return found;
}

/** False once nothing of it can run any more. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const state = stat.slice(stat.lastIndexOf(')') + 2)[0];
    return state !== 'Z' && state !== 'X';
  } catch {
    return false;
  }
}

/** False when it had ended already. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}
