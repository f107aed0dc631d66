// What every writer does, whatever client it writes with: one key after another until a file tells it to stop, and a
// line for each, `ack N` once a replica has it too or `error TEXT`. Runs as a program of its own, where Millpond's
// names resolve.
//
// Arguments: `primary` or `configuration`, the endpoint's name, a prefix for keys, the file for lines, the file that
// says stop.

import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

export interface WriterArguments {
  mode: 'primary' | 'configuration';
  host: string;
}

const [mode, host, prefix, lines, stop] = process.argv.slice(2) as [WriterArguments['mode'], ...string[]];

export const writerArguments: WriterArguments = { mode, host: host! };

const REPLICATED_WITHIN_MS = 1_000;
/** Between writes: a load without pauses would show the limits of the test's machine, not of Millpond. */
const PAUSE_MS = 5;

/** Sets the key and resolves to how many replicas have it. */
export type Write = (key: string, value: string, withinMs: number) => Promise<number>;

export async function writeUntilStopped(write: Write): Promise<never> {
  for (let count = 1; !existsSync(stop!); count++) {
    try {
      const replicas = await write(`${prefix}:${count}`, String(count), REPLICATED_WITHIN_MS);
      appendFileSync(lines!, replicas > 0 ? `ack ${count}\n` : `alone ${count}\n`);
    } catch (error) {
      appendFileSync(lines!, `error ${(error as Error).message.split('\n')[0]}\n`);
    }
    await pause(PAUSE_MS);
  }
  process.exit(0);
}
