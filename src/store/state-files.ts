// The files next to the state: its backups, and damaged states that were renamed. Knows their names, order and number,
// not their contents.

import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** A backup or a damaged state. */
export interface StateFile {
  path: string;
  /** Milliseconds since the epoch, from its name. */
  at: number;
}

const HOUR_MS = 60 * 60 * 1000;
/** The newest backup is kept, and for each of these spans the oldest backup within it. */
const KEPT_OF_LAST_MS = [HOUR_MS, 24 * HOUR_MS, 7 * 24 * HOUR_MS];
const MOST_DAMAGED = 3;
/** The suffixes of SQLite's files next to a database. */
const COMPANIONS = ['-wal', '-shm'];

/** The path of the backup made at `at` (milliseconds since the epoch). */
export const backupPath = (file: string, at: number): string => `${file}.backup-${timestamp(at)}`;

/** The backups, newest first. */
export const backupsOf = (file: string): StateFile[] => filesOf(file, 'backup');

/** The backups to delete. The rest is few and reaches back some days. */
export function superfluous(backups: readonly StateFile[], now: number): StateFile[] {
  const kept = new Set(backups.slice(0, 1));
  for (const span of KEPT_OF_LAST_MS) {
    const oldest = backups.findLast(({ at }) => now - at <= span);
    if (oldest) kept.add(oldest);
  }
  return backups.filter((backup) => !kept.has(backup));
}

/** Renames the state and SQLite's files next to it, and returns the new path. Keeps the last three damaged states. */
export function setStateAside(file: string, now: number): string {
  const aside = `${file}.damaged-${timestamp(now)}`;
  for (const suffix of ['', ...COMPANIONS]) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  for (const { path } of filesOf(file, 'damaged').slice(MOST_DAMAGED)) removeState(path);
  return aside;
}

/** Deletes a database and SQLite's files next to it. */
export function removeState(path: string): void {
  rmSync(path, { force: true });
  removeCompanions(path);
}

/** Deletes SQLite's `-wal` and `-shm` files of a database. */
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
