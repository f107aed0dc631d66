// The stand-in's record, `stand-in.json` in the data directory: which process it is and what it needs to answer. Whoever
// replaces or deletes it thereby tells the process that it names to go.

import {
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { startTickOf } from '../../kernel/process-identity.ts';

export const STAND_IN_RECORD = 'stand-in.json';

/** What the names come from besides the records in the store. */
export interface StandInFacts {
  dns: { address: string; port: number };
  /** What endpoint names end in. */
  domain: string;
  dnsTtlSeconds: number;
  /** Of requests that are not signed. */
  region: string;
  /** AWS's own host names that lead to Millpond: the services, and where its HTTPS is served. */
  https?: { services: readonly string[]; address: string };
}

export interface StandInRecord extends StandInFacts {
  pid: number;
  startTick: string;
}

/** `undefined` when there is none that can be read. */
export function readStandIn(dataDir: string): StandInRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(dataDir, STAND_IN_RECORD), 'utf8')) as StandInRecord;
  } catch {
    return undefined;
  }
}

export function writeStandIn(dataDir: string, record: StandInRecord): void {
  const file = join(dataDir, STAND_IN_RECORD);
  writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export const deleteStandIn = (dataDir: string): void =>
  rmSync(join(dataDir, STAND_IN_RECORD), { force: true });

/** Known by pid, start tick and working directory, all three, as nodes are: pids return. */
export function isStandIn(
  { pid, startTick }: Pick<StandInRecord, 'pid' | 'startTick'>,
  dataDir: string,
): boolean {
  try {
    return startTickOf(pid) === startTick && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDir);
  } catch {
    return false;
  }
}

/** Whether the process may share its address with one of ours. */
export function isOurUsers({ pid }: StandInRecord): boolean {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === process.getuid?.();
}

/** The record, if its process lives. */
export function runningStandIn(dataDir: string): StandInRecord | undefined {
  const record = readStandIn(dataDir);
  return record && isStandIn(record, dataDir) ? record : undefined;
}

const LOOK_EVERY_MS = 5;
const GOES_WITHIN_MS = 10_000;

/** Resolves when the process is gone; one that does not go by itself is killed. Its record is replaced or deleted. */
export async function untilGone(record: StandInRecord, dataDir: string): Promise<void> {
  const deadline = performance.now() + GOES_WITHIN_MS;
  while (isStandIn(record, dataDir)) {
    if (performance.now() > deadline) process.kill(record.pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
