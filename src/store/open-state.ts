// Opens the state at a start. When the state is lost or damaged, the newest backup replaces it and the user is told. A
// damaged state is renamed, never deleted. Without a backup the start fails with what the user can do.

import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  openSync,
  renameSync,
  statSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { OperationalError } from '../kernel/errors.ts';
import { backupsOf, removeCompanions, removeState, type StateFile, setStateAside } from './state-files.ts';
import { openStore, type Store } from './store.ts';

/** The opened store. */
export interface OpenedState {
  store: Store;
  /** What the user must know; absent when the state was intact. */
  notice?: string;
}

/** Throws StateUnreadable with what the user can do, or DiskFull. */
export function openState(file: string, now: number): OpenedState {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size) {
    try {
      return { store: openStore(file, verify) };
    } catch (error) {
      const damage = damageOf(error);
      if (damage === undefined) throw error;
      return openBackup(file, `is damaged (${damage})`, now);
    }
  }
  if (backupsOf(file).length === 0) return { store: openStore(file) };
  return openBackup(file, size === undefined ? 'is gone' : 'is empty', now);
}

function openBackup(file: string, what: string, now: number): OpenedState {
  const backup = backupsOf(file).find(isWhole);
  if (!backup) {
    throw new OperationalError(
      'StateUnreadable',
      `The state ${file} ${what}, and there is no backup of it that can be read. Put a copy of it in its place; or move ` +
        'it away to begin without: nodes that run and data of nodes are then left as they are, and named.',
    );
  }
  const aside = statSync(file, { throwIfNoEntry: false })?.size ? setStateAside(file, now) : undefined;
  removeState(file);
  putInPlace(backup.path, file);
  const kept = aside ? ` What was there is kept as ${aside}.` : '';
  return {
    store: openStore(file, verify),
    notice:
      `The state ${file} ${what}. Millpond goes on with its backup of ${new Date(backup.at).toISOString()}; what was ` +
      `created, changed or deleted since is not in it.${kept}`,
  };
}

/** Copies the backup into place atomically, even if the machine stops at any time. */
function putInPlace(from: string, file: string): void {
  const draft = `${file}.restored-draft`;
  copyFileSync(from, draft, constants.COPYFILE_FICLONE);
  chmodSync(draft, 0o600);
  const handle = openSync(draft, 'r+');
  fsyncSync(handle);
  closeSync(handle);
  renameSync(draft, file);
}

class DamagedState extends Error {}

/** A complete check of a larger state would slow down every start. Most of a large state is metrics. */
const CHECKED_WHOLLY_BYTES = 16 * 1024 * 1024;
const INDISPENSABLE = ['documents', 'events'];

/** Throws when the database cannot be read. Of a large one, only the records and events are checked. */
function verify(database: DatabaseSync): void {
  const numberOf = (sql: string) => Number(Object.values(database.prepare(sql).get() ?? {})[0] ?? 0);
  if (numberOf("SELECT count(*) FROM sqlite_schema WHERE name = 'documents'") === 0) return;
  const bytes = numberOf('PRAGMA page_count') * numberOf('PRAGMA page_size');
  for (const part of bytes > CHECKED_WHOLLY_BYTES ? INDISPENSABLE : ['1']) {
    const said = String(database.prepare(`PRAGMA quick_check(${part})`).get()?.quick_check);
    if (said !== 'ok') throw new DamagedState(said.split('\n').at(-1));
  }
  const broken = numberOf('SELECT count(*) FROM documents WHERE NOT json_valid(value)');
  if (broken > 0) throw new DamagedState(`${broken} records cannot be read`);
}

function isWhole({ path }: StateFile): boolean {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    verify(database);
    return true;
  } catch {
    return false;
  } finally {
    database?.close();
    removeCompanions(path);
  }
}

const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;
const SQLITE_IOERR_SHORT_READ = 522;

/** How the file is damaged; `undefined` when the error has another cause. */
function damageOf(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof DamagedState) return cause.message;
    const code = Number((cause as { errcode?: unknown }).errcode);
    if ([SQLITE_CORRUPT, SQLITE_NOTADB].includes(code & 0xff) || code === SQLITE_IOERR_SHORT_READ) {
      return cause.message;
    }
  }
  return undefined;
}
