// Walks the files that Millpond created in a data directory, to restrict their modes or to delete them. Never follows
// links.

import type { Dirent } from 'node:fs';
import { chmod, lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Own, ownAt } from './data-layout.ts';
import { systemCode } from './errors.ts';

const FOR_OTHERS = 0o077;
/** How many paths are listed to the user. */
const MOST_NAMED = 20;

/**
 * Removes the permissions of group and others from everything that Millpond created. Returns what could not be changed:
 * paths relative to the data directory, each with the reason.
 */
export async function narrowModes(dataDir: string): Promise<string[]> {
  const failures: string[] = [];
  await visit('');
  return failures;

  async function visit(path: string): Promise<void> {
    for (const entry of await entriesOf(join(dataDir, path))) {
      const inner = path === '' ? entry.name : `${path}/${entry.name}`;
      const own = ownEntry(inner, entry);
      if (!own || own.isSeenByFunctions) continue;
      const isNarrow = await narrow(inner);
      // There may be a hundred thousand objects, and each was created with narrow modes.
      if (entry.isDirectory() && !(isNarrow && /^s3\/blobs\/./.test(inner))) await visit(inner);
    }
  }

  /** Returns whether the mode was narrow already. */
  async function narrow(path: string): Promise<boolean> {
    const whole = join(dataDir, path);
    try {
      const { mode } = await lstat(whole);
      if ((mode & FOR_OTHERS) === 0) return true;
      await chmod(whole, mode & 0o7777 & ~FOR_OTHERS);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') failures.push(`${path}: ${(error as Error).message}`);
    }
    return false;
  }
}

/** What `deleteOwn` treats specially. */
export interface DeleteOptions {
  /** Where the directory lies in a data directory, as a relative path; by default it is the data directory itself. */
  as?: string;
  /** Names in it that are not deleted yet. */
  later?: ReadonlySet<string>;
}

/** Deletes what Millpond created in the directory. Returns up to 20 relative paths of other files, which it leaves. */
export async function deleteOwn(
  directory: string,
  { as = '', later = new Set() }: DeleteOptions = {},
): Promise<string[]> {
  const left: string[] = [];
  await empty('');
  return left;

  /** Returns whether nothing is left in it. */
  async function empty(path: string): Promise<boolean> {
    let isEmpty = true;
    for (const entry of await entriesOf(join(directory, path))) {
      const inner = path === '' ? entry.name : `${path}/${entry.name}`;
      if (later.has(inner)) continue;
      if (!(await remove(inner, entry))) isEmpty = false;
    }
    return isEmpty;
  }

  async function remove(path: string, entry: Dirent): Promise<boolean> {
    const whole = join(directory, path);
    const kind = ownEntry(as === '' ? path : `${as}/${path}`, entry)?.kind;
    if (kind === undefined) {
      if (left.length < MOST_NAMED) left.push(path);
      return false;
    }
    if (kind !== 'directory') {
      await removeAll(whole, kind === 'tree');
      return true;
    }
    if (!(await empty(path))) return false;
    await rmdir(whole);
    return true;
  }
}

/** Programs may have made directories in a tree that even their owner may not change. */
async function removeAll(path: string, recursive: boolean): Promise<void> {
  const remove = () => rm(path, { recursive, force: true, maxRetries: 3 });
  await remove().catch(async (error) => {
    if (!recursive || systemCode(error) !== 'EACCES') throw error;
    await openDirectories(path);
    await remove();
  });
}

async function openDirectories(path: string): Promise<void> {
  await chmod(path, 0o700);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await openDirectories(join(path, entry.name));
  }
}

function ownEntry(path: string, entry: Dirent): Own | undefined {
  const own = ownAt(path);
  return own && isOfKind(entry, own.kind) ? own : undefined;
}

function isOfKind(entry: Dirent, kind: Own['kind']): boolean {
  if (kind === 'file') return entry.isFile();
  return kind === 'socket' ? entry.isSocket() : entry.isDirectory();
}

/** Empty when the directory does not exist. */
async function entriesOf(directory: string): Promise<Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
