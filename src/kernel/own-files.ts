// Walks what Millpond made in a data directory: keeps it from other users, or deletes it. Links are never followed.

import type { Dirent } from 'node:fs';
import { chmod, lstat, readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Own, ownAt } from './data-layout.ts';
import { systemCode } from './errors.ts';

const FOR_OTHERS = 0o077;
/** Of what is named to people. */
const MOST_NAMED = 20;

/**
 * Takes from group and others whatever an earlier Millpond, or a copy, gave them. Returns what could not be changed:
 * paths from the data directory on, with the reason.
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
      // There may be a hundred thousand objects, and each was made narrow.
      if (entry.isDirectory() && !(isNarrow && /^s3\/blobs\/./.test(inner))) await visit(inner);
    }
  }

  /** Whether it was narrow already. */
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

export interface DeleteOptions {
  /** What the directory is, as a path from a data directory on; by default a data directory itself. */
  as?: string;
  /** Names in it that are left for now. */
  later?: ReadonlySet<string>;
}

/** Deletes what Millpond made in the directory. Returns some of what it left that is not Millpond's, as paths below it. */
export async function deleteOwn(
  directory: string,
  { as = '', later = new Set() }: DeleteOptions = {},
): Promise<string[]> {
  const left: string[] = [];
  await empty('');
  return left;

  /** Whether nothing is left in it. */
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
      await rm(whole, { recursive: kind === 'tree', force: true, maxRetries: 3 });
      return true;
    }
    if (!(await empty(path))) return false;
    await rmdir(whole);
    return true;
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

/** Empty where there is no such directory. */
async function entriesOf(directory: string): Promise<Dirent[]> {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
