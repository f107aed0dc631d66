// The files beside the state: its backups, and damaged states that were set aside. Names, order and number; what is in
// them is nobody's business here.

import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

export interface StateFile {
  path: string;
  /** Milliseconds since the epoch, by its name. */
  at: number;
}

const HOUR_MS = 60 * 60 * 1000;
/** Of the backups younger than each of these the oldest is kept, and of all the newest. */
const KEPT_OF_LAST_MS = [HOUR_MS, 24 * HOUR_MS, 7 * 24 * HOUR_MS];
const MOST_DAMAGED = 3;
/** What SQLite keeps beside a database. */
const COMPANIONS = ['-wal', '-shm'];

export const backupPath = (file: string, at: number): string => `${file}.backup-${timestamp(at)}`;

/** The newest first. */
export const backupsOf = (file: string): StateFile[] => filesOf(file, 'backup');

/** Those that may go, so that what is kept is bounded in number and reaches back some days. */
export function superfluous(backups: readonly StateFile[], now: number): StateFile[] {
  const kept = new Set(backups.slice(0, 1));
  for (const span of KEPT_OF_LAST_MS) {
    const oldest = backups.findLast(({ at }) => now - at <= span);
    if (oldest) kept.add(oldest);
  }
  return backups.filter((backup) => !kept.has(backup));
}

/** Moves the state out of the way, with what SQLite keeps beside it. Returns where it is now. */
export function setStateAside(file: string, now: number): string {
  const aside = `${file}.damaged-${timestamp(now)}`;
  for (const suffix of ['', ...COMPANIONS]) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  for (const { path } of filesOf(file, 'damaged').slice(MOST_DAMAGED)) removeState(path);
  return aside;
}

export function removeState(path: string): void {
  rmSync(path, { force: true });
  removeCompanions(path);
}

export function removeCompanions(path: string): void {
  for (const suffix of COMPANIONS) rmSync(path + suffix, { force: true });
}

const timestamp = (at: number): string => new Date(at).toISOString().replaceAll(':', '-');

function filesOf(file: string, kind: 'backup' | 'damaged'): StateFile[] {
  const prefix = `${basename(file)}.${kind}-`;
  const directory = dirname(file);
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .flatMap((name) => {
      const [, day, hours, minutes, seconds] =
        /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{3})Z$/.exec(
          name.startsWith(prefix) ? name.slice(prefix.length) : '',
        ) ?? [];
      const at = day ? Date.parse(`${day}T${hours}:${minutes}:${seconds}Z`) : Number.NaN;
      return Number.isNaN(at) ? [] : [{ path: join(directory, name), at }];
    })
    .sort((a, b) => b.at - a.at);
}
