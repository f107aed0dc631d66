// Rolling backups of the state. SQLite writes each one on a worker thread, in a read transaction of its own connection.
// Writers do not wait, and a backup is a consistent snapshot.

import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../kernel/log.ts';
import { backupPath, backupsOf, removeState, superfluous } from './state-files.ts';

/** The running backups of one state. */
export interface StateBackups {
  /** Writes a backup now if the state has changed since the last one. Never rejects; a failure is logged. */
  save(): Promise<void>;
  /** Stops the backups and waits for a running one. */
  stop(): Promise<void>;
}

/** `file` is the path of the state. */
export interface StateBackupsOptions {
  file: string;
  clock: Clock;
  log: Log;
}

const FIRST_AFTER_MS = 5_000;
const EVERY_MS = 60_000;
/** The largest share of the time that backups may take: backups of a large state are less frequent. */
const LARGEST_PART = 0.02;
/** More pages than a database can have: everything in one step. */
const ALL_PAGES = 2 ** 31 - 1;

/** Backs the state up 5 s after the start and then at most once a minute, when it has changed. */
export function keepStateBackups({ file, clock, log }: StateBackupsOptions): StateBackups {
  let version: unknown;
  let source: DatabaseSync | undefined;
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  let stopped = false;

  async function saveIfChanged(): Promise<void> {
    try {
      source ??= new DatabaseSync(file, { readOnly: true, timeout: 2_000 });
      const seen = source.prepare('PRAGMA data_version').get()?.data_version;
      if (seen === version) return;
      await writeBackup(source, file, clock.now());
      version = seen;
    } catch (error) {
      log.warn({ err: error }, 'the state could not be backed up; the backups of before stay');
    }
  }

  function save(): Promise<void> {
    running = running.then(saveIfChanged);
    return running;
  }

  function schedule(afterMs: number): void {
    timer = setTimeout(async () => {
      const begun = performance.now();
      await save();
      if (!stopped) schedule(Math.max(EVERY_MS, (performance.now() - begun) / LARGEST_PART));
    }, afterMs);
    timer.unref();
  }

  schedule(FIRST_AFTER_MS);
  return {
    save,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
      source?.close();
      source = undefined;
    },
  };
}

/** Written to a temporary file and renamed, so that a crash leaves no partial backup. */
async function writeBackup(source: DatabaseSync, file: string, now: number): Promise<void> {
  const draft = `${file}.backup-draft`;
  try {
    removeState(draft);
    closeSync(openSync(draft, 'wx', 0o600));
    await backup(source, draft, { rate: ALL_PAGES });
    flush(draft);
    renameSync(draft, backupPath(file, now));
  } catch (error) {
    removeState(draft);
    throw error;
  }
  for (const { path } of superfluous(backupsOf(file), now)) rmSync(path, { force: true });
}

function flush(path: string): void {
  const handle = openSync(path, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
