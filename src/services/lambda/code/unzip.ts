// Opens a package of code into a directory. Packages are hostile: names that leave the directory, links that do, and
// bombs are refused before they do anything.

import { createWriteStream } from 'node:fs';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { hostFailure } from '../../../kernel/errors.ts';

/** AWS: of a function's package, opened. */
export const MAX_UNZIPPED_BYTES = 262_144_000;
const MOST_ENTRIES = 100_000;
const LONGEST_LINK = 4096;
/** Functions may run as anybody, so what they see is open to all; who else gets there is up to the directories above. */
const SEEN_DIRECTORY = 0o755;

export class NotAPackage extends Error {
  override readonly name = 'NotAPackage';
}

export class TooLargeOpened extends Error {
  override readonly name = 'TooLargeOpened';
}

/** `directory` exists and is empty. Rejects with one of the above, having written no byte outside of it, or
 * with an OperationalError that says what the machine lacks. */
export async function unzip(zip: Buffer, directory: string): Promise<{ unzippedBytes: number }> {
  const links: { path: string; target: string }[] = [];
  const directories = new Set<string>();
  const make = async (path: string) => {
    await mkdir(path, { recursive: true });
    for (let each = path; each.startsWith(directory) && !directories.has(each); each = dirname(each)) {
      directories.add(each);
    }
  };
  let unzippedBytes = 0;
  try {
    const file = await yauzl.fromBufferPromise(zip, { strictFileNames: true });
    if (file.entryCount > MOST_ENTRIES) throw new TooLargeOpened();
    for await (const entry of file.eachEntry()) {
      unzippedBytes += entry.uncompressedSize;
      if (unzippedBytes > MAX_UNZIPPED_BYTES) throw new TooLargeOpened();
      const path = join(directory, entry.fileName);
      if (entry.fileName.endsWith('/')) await make(normalize(path).replace(/\/$/, ''));
      else if (isLink(entry)) links.push({ path, target: await readLink(file, entry) });
      else {
        await make(dirname(path));
        await writeEntry(file, entry, path);
      }
    }
    // Last, so that nothing is ever written through one.
    for (const { path, target } of links) {
      if (!isInside(directory, path, target)) throw new NotAPackage(`a link leaves the package: ${target}`);
      await make(dirname(path));
      await symlink(target, path);
    }
    await make(directory);
    for (const each of directories) await chmod(each, SEEN_DIRECTORY);
  } catch (error) {
    if (error instanceof TooLargeOpened || error instanceof NotAPackage) throw error;
    // What the machine lacks is not the package's fault.
    throw (
      hostFailure(error, 'The package cannot be opened') ?? new NotAPackage(String(error), { cause: error })
    );
  }
  return { unzippedBytes };
}

const modeOf = (entry: Entry): number => entry.externalFileAttributes >>> 16;

const isLink = (entry: Entry): boolean => (modeOf(entry) & 0o170000) === 0o120000;

async function writeEntry(file: ZipFile, entry: Entry, path: string): Promise<void> {
  let left = entry.uncompressedSize;
  // The size that an entry claims is what was counted; a byte more is a lie.
  const bounded = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      left -= chunk.length;
      done(left < 0 ? new NotAPackage('an entry is larger than it claims') : null, chunk);
    },
  });
  await pipeline(await file.openReadStreamPromise(entry), bounded, createWriteStream(path));
  // Packages made on Windows carry no modes. Everybody may read, as functions may run as anybody.
  await chmod(path, (modeOf(entry) & 0o777) | 0o444);
}

async function readLink(file: ZipFile, entry: Entry): Promise<string> {
  if (entry.uncompressedSize > LONGEST_LINK) throw new NotAPackage('a link is too long');
  return (await buffer(await file.openReadStreamPromise(entry))).toString();
}

function isInside(directory: string, path: string, target: string): boolean {
  if (target.startsWith('/') || target.includes('\0')) return false;
  return `${normalize(join(dirname(path), target))}/`.startsWith(`${directory}/`);
}
