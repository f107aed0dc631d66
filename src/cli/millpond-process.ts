// A Millpond in this process, from the claim of the data directory to its end: its record and its signals. main.ts
// builds the Millpond itself.

import type { Config } from '../config.ts';
import { commandOn } from '../kernel/command-name.ts';
import { OperationalError } from '../kernel/errors.ts';
import { withoutYoungGrowth } from '../kernel/heap.ts';
import { startTickOf } from '../kernel/process-identity.ts';
import type { Millpond } from '../main.ts';
import { type CliContext, printError } from './context.ts';
import {
  claimDataDirectory,
  deleteRecord,
  type InstanceRecord,
  readRecord,
  writeRecord,
} from './data-directory.ts';

/** A running Millpond in this process. */
export interface MillpondProcess {
  readonly record: Required<InstanceRecord>;
  readonly millpond: Millpond;
  /** Stops the nodes gracefully, keeping their data. The data directory is released when the process ends. */
  stop(): Promise<void>;
}

// Long enough for another process's brief check of the lock.
const CLAIM_WAIT_MS = 300;

/** Claims the data directory and starts Millpond. Throws AlreadyRunning or the error of the start. */
export async function startInThisProcess(
  config: Config,
  startMillpond: CliContext['startMillpond'],
): Promise<MillpondProcess> {
  const claim = claimDataDirectory(config.dataDir, CLAIM_WAIT_MS);
  const nodesMayRun = readRecord(config.dataDir) !== undefined;
  try {
    // Written before anything starts: a record without its process means that nodes may still run.
    const identity = { pid: process.pid, startTick: startTickOf(process.pid) ?? '' };
    writeRecord(config.dataDir, identity);
    const millpond = await withoutYoungGrowth(() => startMillpond(config));
    const { port, dns, notices } = millpond;
    const listening = { url: `http://${config.address}:${port}`, port, dns };
    const record = { ...identity, notices, listening };
    writeRecord(config.dataDir, record);
    const stop = async () => {
      await millpond.stop({ nodes: 'stop' });
      deleteRecord(config.dataDir);
      // The claim ends with the process: a waiting `down` waits for the real end.
    };
    return { record, millpond, stop };
  } catch (error) {
    // A failed start has started no node, but an earlier run may have left one.
    if (!nodesMayRun) deleteRecord(config.dataDir);
    claim.release();
    throw error;
  }
}

/** Records signals from its creation, so that a signal during the start is not lost. */
export interface EndingSignal {
  readonly received: Promise<NodeJS.Signals>;
  readonly isReceived: boolean;
}

// A terminal and a parent may both deliver the same Ctrl-C.
const SAME_PRESS_MS = 1_000;

/** SIGINT, SIGTERM and SIGHUP request a graceful end. A second Ctrl-C exits at once; the nodes then keep running. */
export function listenForEnd(dataDir: string): EndingSignal {
  const ending = Promise.withResolvers<NodeJS.Signals>();
  let receivedAt: number | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    if (receivedAt === undefined) {
      receivedAt = performance.now();
      ending.resolve(signal);
    } else if (signal === 'SIGINT' && performance.now() - receivedAt > SAME_PRESS_MS) {
      printError(
        `left at once; nodes that still run are found again by the next \`${commandOn(dataDir, 'up')}\` or \`${commandOn(dataDir, 'down')}\`.`,
      );
      process.exit(130);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return {
    received: ending.promise,
    get isReceived() {
      return receivedAt !== undefined;
    },
  };
}

/** Whether the error is AlreadyRunning. */
export const isAlreadyRunning = (error: unknown): boolean =>
  error instanceof OperationalError && error.code === 'AlreadyRunning';
