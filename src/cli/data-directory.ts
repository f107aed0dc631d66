// The data directory as the command line sees it: who holds it, what runs there, and how to leave nothing of it.
// What the state, the nodes and the secret hold is not known here.
//
// It is held by an exclusive lock on a file, which the system gives back when the process ends in whatever way.
// The record beside it says how to reach the holder, and stays behind when the holder did not end in order.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { commandOn } from '../kernel/command-name.ts';
import { OperationalError, systemCode } from '../kernel/errors.ts';
import { deleteOwn } from '../kernel/own-files.ts';

const LOCK = 'millpond.lock';
const RECORD = 'millpond.json';
export const LOG = 'millpond.log';

/** `<dataDir>/millpond.json`. */
export interface InstanceRecord {
  pid: number;
  /** Tells the process from a later one with the same pid. */
  startTick: string;
  /** What its user has to know of its start. */
  notices?: readonly string[];
  /** Absent until it is ready. */
  listening?: { url: string; port: number; dns: { address: string; port: number } };
}

/** A lock that nobody refers to would be given back by the garbage collector. */
const heldLocks = new Set<DatabaseSync>();

export interface Claim {
  /** Gives the directory back; the end of the process does so too. */
  release(): void;
}

/** Makes the directory, for its owner only, when it is missing. Throws a sentence when that cannot be done. */
export function makeDataDirectory(dataDir: string): void {
  try {
    makeWithParents(dataDir);
  } catch (error) {
    throw cannotUse(dataDir, error);
  }
}

// One by one: Node's recursive mkdir never returns where a parent exists and takes no directory, as in /proc.
function makeWithParents(directory: string): void {
  if (isDirectory(directory)) return;
  const parent = dirname(directory);
  if (parent !== directory) makeWithParents(parent);
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    // Somebody else may have made it by now.
    if (!isDirectory(directory)) throw error;
  }
}

const isDirectory = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/**
 * Takes the directory for this process. Throws AlreadyRunning when another one still has it after `waitMs`
 * (waiting blocks this process).
 */
export function claimDataDirectory(dataDir: string, waitMs: number): Claim {
  makeDataDirectory(dataDir);
  const lock = openLock(dataDir, waitMs);
  try {
    // In memory: a journal file could not be made on a full disk, and nothing is ever written.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    heldLocks.add(lock);
    return {
      release() {
        if (heldLocks.delete(lock)) lock.close();
      },
    };
  } catch (error) {
    lock.close();
    if (!isLocked(error)) throw cannotUse(dataDir, error);
    const pid = readRecord(dataDir)?.pid;
    const who = pid === undefined ? '' : ` (pid ${pid})`;
    throw new OperationalError(
      'AlreadyRunning',
      `Another Millpond${who} is running on ${dataDir}; use it, stop it with \`${commandOn(dataDir, 'down')}\`, or take another --data-dir.`,
    );
  }
}

/** True while a process holds the directory. */
export function isHeld(dataDir: string): boolean {
  if (!isDataDirectory(dataDir)) return false;
  const lock = openLock(dataDir, 0);
  try {
    lock.exec('BEGIN; SELECT 1 FROM sqlite_schema');
    return false;
  } catch (error) {
    if (isLocked(error)) return true;
    throw cannotUse(dataDir, error);
  } finally {
    lock.close();
  }
}

/** True when a Millpond was ever started there. */
export const isDataDirectory = (dataDir: string): boolean => existsSync(join(dataDir, LOCK));

/** `undefined` when there is none, or it is half written. */
export function readRecord(dataDir: string): InstanceRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(dataDir, RECORD), 'utf8')) as InstanceRecord;
  } catch {
    return undefined;
  }
}

export function writeRecord(dataDir: string, record: InstanceRecord): void {
  const file = join(dataDir, RECORD);
  const draft = `${file}.${record.pid}`;
  try {
    writeFileSync(draft, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(draft, file);
  } catch (error) {
    throw cannotUse(dataDir, error);
  }
}

export function deleteRecord(dataDir: string): void {
  rmSync(join(dataDir, RECORD), { force: true });
}

export interface Purged {
  /** What Millpond did not make and left there, as paths below the directory; of very much, some. */
  others: string[];
  /** Why the directory itself, though empty, could not be removed, as an error code of the system. */
  staysFor?: string;
}

/**
 * The parent takes no changes, as a service manager's state directories have it (EACCES; EPERM in a sticky one; EROFS),
 * or it is a mount point, as a container's volume (EBUSY).
 */
const KEPT_BY_PARENT = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY']);

/**
 * Deletes all that Millpond made there (kernel/data-layout.ts), and the directory when nothing else is in it. The caller
 * holds the claim.
 */
export async function purgeDataDirectory(dataDir: string): Promise<Purged> {
  try {
    // The lock last: as long as it is there a purge that was cut short can be repeated.
    const others = await deleteOwn(dataDir, { later: new Set([LOCK]) });
    rmSync(join(dataDir, LOCK), { force: true });
    if (others.length > 0) return { others };
    const staysFor = removeEmpty(dataDir);
    return { others, ...(staysFor !== undefined && { staysFor }) };
  } catch (error) {
    throw cannotUse(dataDir, error);
  }
}

function removeEmpty(directory: string): string | undefined {
  try {
    rmdirSync(directory);
    return undefined;
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined || !KEPT_BY_PARENT.has(code)) throw error;
    return code;
  }
}

function openLock(dataDir: string, timeout: number): DatabaseSync {
  const file = join(dataDir, LOCK);
  try {
    const lock = new DatabaseSync(file, { timeout });
    chmodSync(file, 0o600);
    return lock;
  } catch (error) {
    throw cannotUse(dataDir, error);
  }
}

const SQLITE_BUSY = 5;

const isLocked = (error: unknown) => (error as { errcode?: number }).errcode === SQLITE_BUSY;

function cannotUse(dataDir: string, error: unknown): OperationalError {
  if (error instanceof OperationalError) return error;
  const code = systemCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new OperationalError('DiskFull', `There is no space left for ${dataDir}.`, error);
  }
  const reason = (error as Error).message.replace(/\.$/, '');
  return new OperationalError(
    'StateUnreadable',
    `The data directory ${dataDir} cannot be used: ${reason}.`,
    error,
  );
}
