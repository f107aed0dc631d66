// A whole Millpond in a process of its own, and how long its event loop stands still: the process that measures is not
// the one that sends.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Target {
  pid: number;
  port: number;
  url: string;
  dns: { address: string; port: number };
  /** Absent where nothing could listen on port 443. */
  https?: { address: string; port: number };
}

/** Of the time since the last measurement, in milliseconds. */
export interface Stall {
  /** The longest time without a turn of the loop, without what the process waited for a processor. */
  longest: number;
  /** The longest delay that perf_hooks' monitorEventLoopDelay saw, with what the process waited for a processor. */
  delay: number;
}

export interface MeasuredMillpond extends Target {
  dataDir: string;
  /** Ends a measurement and begins the next. */
  stall(): Promise<Stall>;
  /** How long a fixed piece of work takes there now, in milliseconds: about 10 on an idle machine of 2025. */
  floor(): Promise<number>;
  /** Resident memory, in bytes. */
  memory(): Promise<number>;
  stop(): Promise<void>;
}

export type Question = 'stall' | 'floor' | 'memory' | 'stop';

const PROGRAM = fileURLToPath(new URL('measured-millpond-program.ts', import.meta.url));

/** On a data directory of its own, deleted by `stop`. */
export async function startMeasuredMillpond(logLevel = 'info'): Promise<MeasuredMillpond> {
  const dataDir = mkdtempSync(join(tmpdir(), 'millpond-hostile-'));
  const child = fork(PROGRAM, [dataDir, logLevel], { execArgv: ['--disable-warning=ExperimentalWarning'] });
  const ended = once(child, 'exit');
  const answer = async <T>(): Promise<T> => {
    const [value] = await Promise.race([
      once(child, 'message'),
      ended.then(([code, signal]) => {
        throw new Error(`the measured Millpond ended: ${code ?? signal}`);
      }),
    ]);
    return value as T;
  };
  const ask = <T>(question: Question): Promise<T> => {
    const answered = answer<T>();
    child.send(question);
    return answered;
  };
  const target = await answer<Target>();
  return {
    ...target,
    dataDir,
    stall: () => ask<Stall>('stall'),
    floor: () => ask<number>('floor'),
    memory: () => ask<number>('memory'),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.send('stop' satisfies Question);
      await ended;
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
