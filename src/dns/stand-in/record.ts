// The record of the stand-in, `stand-in.json` in the data directory: which process it is, and what it needs to answer.
// The process leaves when its record is replaced or deleted.

import { readFileSync, readlinkSync, realpathSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startTickOf } from '../../kernel/process-identity.ts';
import { replaceFile } from '../../kernel/replace-file.ts';

/** The file name in the data directory. */
export const STAND_IN_RECORD = 'stand-in.json';

/** What the stand-in needs besides the records in the store. */
export interface StandInFacts {
  dns: { address: string; port: number };
  /** The suffix of endpoint names. */
  domain: string;
  dnsTtlSeconds: number;
  /** The region of unsigned requests. */
  region: string;
  /** AWS's own host names that resolve to Millpond: the services, and the address of its HTTPS. */
  https?: { services: readonly string[]; address: string };
}

/** The facts, and the identity of the process. */
export interface StandInRecord extends StandInFacts {
  pid: number;
  startTick: string;
}

/** The record; `undefined` when there is none or it cannot be read. */
export function readStandIn(dataDir: string): StandInRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(dataDir, STAND_IN_RECORD), 'utf8')) as StandInRecord;
  } catch {
    return undefined;
  }
}

/** Replaces the record atomically. */
export function writeStandIn(dataDir: string, record: StandInRecord): void {
  replaceFile(join(dataDir, STAND_IN_RECORD), JSON.stringify(record));
}

/** Deletes the record, if there is one. */
export const deleteStandIn = (dataDir: string): void =>
  rmSync(join(dataDir, STAND_IN_RECORD), { force: true });

/** Whether the process runs. Pid, start tick and working directory must all match, because pids are reused. */
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

/** Whether the process belongs to our user, and so may share its address with us. */
export function isOfSameUser({ pid }: StandInRecord): boolean {
  return statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === process.getuid?.();
}

/** The record, if its process is running. */
export function runningStandIn(dataDir: string): StandInRecord | undefined {
  const record = readStandIn(dataDir);
  return record && isStandIn(record, dataDir) ? record : undefined;
}

const LOOK_EVERY_MS = 5;
const GOES_WITHIN_MS = 10_000;

/** Resolves when the process has ended; kills it after 10 s. Its record must be replaced or deleted before. */
export async function untilGone(record: StandInRecord, dataDir: string): Promise<void> {
  const deadline = performance.now() + GOES_WITHIN_MS;
  while (isStandIn(record, dataDir)) {
    if (performance.now() > deadline) process.kill(record.pid, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
