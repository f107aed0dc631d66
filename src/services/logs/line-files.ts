// The files to which events are appended, one for each log group that is written to, and the deletion of a segment's
// files. The record of a group says how many bytes of its file are committed, and an append writes from there on: what
// a rolled back transaction or a crash left behind is overwritten.

import { closeSync, constants, mkdirSync, openSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { entriesOf } from '../../kernel/entries.ts';
import { hostFailure } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import { columnsPath, linesPath } from './segments/paths.ts';

/** Writes and deletes the files of segments. Deletions go on in the background; a failed one is logged. */
export interface LineFiles {
  /** The path of a segment's files without their endings. */
  base(directory: string, number: number): string;
  /** Writes the bytes at the offset. Throws an OperationalError (DiskFull…) when the host refuses it. */
  append(base: string, offset: number, bytes: Buffer): void;
  /** Deletes the lines of a segment that has columns. */
  removeLines(base: string): void;
  /** Deletes all files of a segment. */
  remove(base: string): void;
  /** Deletes a group's directory with all its files. */
  removeDirectory(directory: string): void;
  /** Deletes every directory and every segment that is not known: what a crash left behind. */
  removeAllBut(isKnown: (directory: string, number?: number) => boolean): Promise<void>;
  /** Closes the files, and resolves when nothing is being deleted any more. */
  close(): Promise<void>;
}

/** More files than that are closed and opened again when needed. */
const MOST_OPEN = 32;

/** The files are below `root`, which is created with the first append. */
export function createLineFiles(root: string, log: Log): LineFiles {
  /** Path -> descriptor, the least recently used first. */
  const open = new Map<string, number>();
  const removals = new Set<Promise<void>>();

  function descriptor(path: string): number {
    const known = open.get(path);
    if (known !== undefined) {
      open.delete(path);
      open.set(path, known);
      return known;
    }
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    open.set(path, file);
    if (open.size > MOST_OPEN) close(open.keys().next().value!);
    return file;
  }

  function close(path: string): void {
    const file = open.get(path);
    open.delete(path);
    if (file !== undefined) closeSync(file);
  }

  function removePath(path: string): void {
    const removal = rm(path, { recursive: true, force: true })
      .catch((error: unknown) => log.warn({ path, error }, 'a file of log events cannot be deleted'))
      .then(() => void removals.delete(removal));
    removals.add(removal);
  }

  const files: LineFiles = {
    base: (directory, number) => join(root, directory, String(number)),
    append(base, offset, bytes) {
      try {
        const file = descriptor(linesPath(base));
        for (let done = 0; done < bytes.length; ) {
          done += writeSync(file, bytes, done, bytes.length - done, offset + done);
        }
      } catch (error) {
        throw hostFailure(error, 'Log events cannot be stored') ?? error;
      }
    },
    removeLines(base) {
      close(linesPath(base));
      removePath(linesPath(base));
    },
    remove(base) {
      files.removeLines(base);
      removePath(columnsPath(base));
    },
    removeDirectory(directory) {
      for (const path of [...open.keys()]) if (dirname(path) === join(root, directory)) close(path);
      removePath(join(root, directory));
    },
    async removeAllBut(isKnown) {
      for (const directory of await entriesOf(root)) {
        if (!isKnown(directory)) files.removeDirectory(directory);
        else {
          for (const name of await entriesOf(join(root, directory))) {
            const number = /^(\d+)\.(?:lines|columns)$/.exec(name)?.[1];
            if (number === undefined || !isKnown(directory, Number(number))) {
              removePath(join(root, directory, name));
            }
          }
        }
      }
    },
    async close() {
      for (const path of [...open.keys()]) close(path);
      await Promise.all(removals);
    },
  };
  return files;
}
