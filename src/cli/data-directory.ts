// The data directory as the command line sees it: which process holds it, how to reach that process, and how to purge
// the directory. Does not know the content of the state, the nodes or the secret.
//
// A process holds the directory by an exclusive lock on a file, which the system releases when the process ends in
// any way. The record next to it says how to reach the holder, and remains when the holder crashed.

import {
  accessSync,
  chmodSync,
  constants,
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
import { removeContainerFiles } from '../machines/containers/places.ts';

const LOCK = 'millpond.lock';
const RECORD = 'millpond.json';
/** The file name of Millpond's log. */
export const LOG = 'millpond.log';

/** The content of `<dataDir>/millpond.json`. */
export interface InstanceRecord {
  pid: number;
  /** Distinguishes the process from a later one with the same pid. */
  startTick: string;
  /** Notices from the start for the user. */
  notices?: readonly string[];
  /** Absent until Millpond is ready. */
  listening?: { url: string; port: number; dns: { address: string; port: number } };
}

/** Without a reference, the garbage collector would release a lock. */
const heldLocks = new Set<DatabaseSync>();

/** The right to use the directory. */
export interface Claim {
  /** Releases the directory; the end of the process does so, too. */
  release(): void;
}

/** Creates the directory when missing, accessible to its owner only. Throws DiskFull or StateUnreadable. */
export function makeDataDirectory(dataDir: string): void {
  try {
    makeWithParents(dataDir);
  } catch (error) {
    throw cannotUse(dataDir, error);
  }
}

// One level at a time: Node's recursive mkdir never returns where a parent cannot contain directories, as in /proc.
function makeWithParents(directory: string): void {
  if (isDirectory(directory)) return;
  const parent = dirname(directory);
  if (parent !== directory) makeWithParents(parent);
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    // Another process may have created it meanwhile.
    if (!isDirectory(directory)) throw error;
  }
}

const isDirectory = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/**
 * Claims the directory for this process. Throws AlreadyRunning when another process still holds it after `waitMs`
 * (waiting blocks this process).
 */
export function claimDataDirectory(dataDir: string, waitMs: number): Claim {
  makeDataDirectory(dataDir);
  const lock = openLock(dataDir, waitMs);
  try {
    // The journal is in memory: a file could not be created on a full disk, and nothing is ever written.
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

/** True when a Millpond was ever started on this directory. Throws StateUnreadable when it is another user's. */
export function isDataDirectory(dataDir: string): boolean {
  try {
    accessSync(dataDir, constants.X_OK);
  } catch (error) {
    if (systemCode(error) !== 'EACCES') return false;
    throw new OperationalError('StateUnreadable', `The data directory ${dataDir} is another user's.`, error);
  }
  return existsSync(join(dataDir, LOCK));
}

/** The record; `undefined` when it is missing or incomplete. */
export function readRecord(dataDir: string): InstanceRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(dataDir, RECORD), 'utf8')) as InstanceRecord;
  } catch {
    return undefined;
  }
}

/** Replaces the record atomically. Throws DiskFull or StateUnreadable. */
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

/** Deletes the record, if any. */
export function deleteRecord(dataDir: string): void {
  rmSync(join(dataDir, RECORD), { force: true });
}

/** What a purge could not delete. */
export interface Purged {
  /** Files that Millpond did not create and kept, as paths below the directory; only some if there are very many. */
  others: string[];
  /** The system's error code when the empty directory itself could not be removed. */
  staysFor?: string;
}

/**
 * The parent directory does not allow changes, as with a service manager's state directories (EACCES; EPERM in a
 * sticky one; EROFS), or the directory is a mount point, as with a container's volume (EBUSY).
 */
const KEPT_BY_PARENT = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY']);

/**
 * Deletes everything that Millpond created (kernel/data-layout.ts), and the directory if it is then empty. The caller
 * holds the claim.
 */
export async function purgeDataDirectory(dataDir: string): Promise<Purged> {
  try {
    for (const machines of ['containers', 'instances']) await removeContainerFiles(join(dataDir, machines));
    // The lock is deleted last: while it exists, an interrupted purge can be repeated.
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
