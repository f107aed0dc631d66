// When the processes of this host, or of this container, began: what ran before has ended with them.

import { readFileSync } from 'node:fs';

/** Linux: ticks of a second in /proc. */
const TICKS = 100;
const START_FIELD = 19;

/** Milliseconds since the epoch; 0 where the system does not tell. */
export function hostBeganAt(): number {
  try {
    const bootedAt = Number(/^btime (\d+)/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]);
    const fields = readFileSync('/proc/1/stat', 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (bootedAt + Number(fields[START_FIELD]) / TICKS) * 1_000 || 0;
  } catch {
    return 0;
  }
}
