// A Millpond in this process, from taking the data directory to its end: the record that tells others how to
// reach it, the signals that end it. What it consists of is main.ts's.

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

export interface MillpondProcess {
  readonly record: Required<InstanceRecord>;
  readonly millpond: Millpond;
  /** Stops the nodes in order, keeping their data. The data directory is given back when the process ends. */
  stop(): Promise<void>;
}

// Long enough to let somebody's glance at the lock pass.
const CLAIM_WAIT_MS = 300;

/** Throws AlreadyRunning, or whatever keeps Millpond from starting. */
export async function startInThisProcess(
  config: Config,
  startMillpond: CliContext['startMillpond'],
): Promise<MillpondProcess> {
  const claim = claimDataDirectory(config.dataDir, CLAIM_WAIT_MS);
  const nodesMayRun = readRecord(config.dataDir) !== undefined;
  try {
    // Written before anything starts: who finds it without its process knows that nodes may have been left.
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
      // The claim goes with the process: whoever waits for it waits for the very end.
    };
    return { record, millpond, stop };
  } catch (error) {
    // What cannot start has started no node; one may have been left by an earlier run.
    if (!nodesMayRun) deleteRecord(config.dataDir);
    claim.release();
    throw error;
  }
}

/** Counts from when it is made, so that a signal during the start is not lost. */
export interface EndingSignal {
  readonly received: Promise<NodeJS.Signals>;
  readonly isReceived: boolean;
}

// A terminal and a parent may both deliver the same Ctrl-C.
const SAME_PRESS_MS = 1_000;

/** SIGINT, SIGTERM and SIGHUP ask for an orderly end. A second Ctrl-C leaves at once; the nodes then run on. */
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

/** An AlreadyRunning among other errors. */
export const isAlreadyRunning = (error: unknown): boolean =>
  error instanceof OperationalError && error.code === 'AlreadyRunning';
