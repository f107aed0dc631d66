// Opens a package of code into a directory. Packages are hostile: names that leave the directory, links that do, and
// bombs are refused before they do anything.

import { createWriteStream } from 'node:fs';
import { chmod, lstat, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { inflateRawSync } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { hostFailure } from '../../../kernel/errors.ts';

/** AWS: of a function's package, opened. */
export const MAX_UNZIPPED_BYTES = 262_144_000;
const MOST_ENTRIES = 100_000;
const LONGEST_LINK = 4096;
/** Packages have many small files: they are written side by side. */
const AT_ONCE = 32;
/** What is inflated in one go, in a fraction of a millisecond; more goes through a stream. */
const SMALL_BYTES = 32_768;
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
    if (directories.has(path)) return;
    await mkdir(path, { recursive: true });
    for (let each = path; each.startsWith(directory) && !directories.has(each); each = dirname(each)) {
      directories.add(each);
    }
  };
  const writers = new Writers();
  const written = new Set<string>();
  let unzippedBytes = 0;
  try {
    const file = await yauzl.fromBufferPromise(zip, { strictFileNames: true });
    const umask = await umaskIn(directory);
    if (file.entryCount > MOST_ENTRIES) throw new TooLargeOpened();
    for await (const entry of file.eachEntry()) {
      unzippedBytes += entry.uncompressedSize;
      if (unzippedBytes > MAX_UNZIPPED_BYTES) throw new TooLargeOpened();
      const path = join(directory, entry.fileName);
      if (entry.fileName.endsWith('/')) await make(normalize(path).replace(/\/$/, ''));
      else if (isLink(entry)) links.push({ path, target: await readLink(file, entry) });
      else {
        await make(dirname(path));
        // Of two of one name the later one stays.
        if (written.has(path)) await writers.done();
        written.add(path);
        await writers.begin(() => writeEntry({ zip, file, umask }, entry, path));
      }
    }
    await writers.done();
    // Last, so that nothing is ever written through one.
    for (const { path, target } of links) {
      if (!isInside(directory, path, target)) throw new NotAPackage(`a link leaves the package: ${target}`);
      await make(dirname(path));
      await symlink(target, path);
    }
    await make(directory);
    for (const each of directories) await chmod(each, SEEN_DIRECTORY);
  } catch (error) {
    await writers.settled();
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

/** So many at the same time. */
class Writers {
  readonly #running = new Set<Promise<void>>();

  /** Resolves once the work has begun. Rejects with what earlier work failed with. */
  async begin(work: () => Promise<void>): Promise<void> {
    while (this.#running.size >= AT_ONCE) await Promise.race(this.#running);
    const running = work();
    this.#running.add(running);
    // One that failed stays, so that it is told.
    running.then(
      () => this.#running.delete(running),
      () => undefined,
    );
  }

  async done(): Promise<void> {
    await Promise.all(this.#running);
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#running);
  }
}

interface Source {
  zip: Buffer;
  file: ZipFile;
  /** What the process takes from the modes of files that it makes. */
  umask: number;
}

/** Asked of the file system: reading the process's own would set it for a moment. */
async function umaskIn(directory: string): Promise<number> {
  const probe = `${directory}.mode`;
  await writeFile(probe, '', { mode: 0o777 });
  const { mode } = await lstat(probe);
  await rm(probe);
  return ~mode & 0o777;
}

async function writeEntry({ zip, file, umask }: Source, entry: Entry, path: string): Promise<void> {
  // Packages made on Windows carry no modes. Everybody may read, as functions may run as anybody.
  const mode = (modeOf(entry) & 0o777) | 0o444;
  const isSmall = entry.compressedSize <= SMALL_BYTES && entry.uncompressedSize <= SMALL_BYTES;
  if (isSmall) await writeFile(path, contentOf(zip, entry), { mode });
  else
    await pipeline(
      await file.openReadStreamPromise(entry),
      bounded(entry),
      createWriteStream(path, { mode }),
    );
  if (mode & umask) await chmod(path, mode);
}

const LOCAL_HEADER = 0x04034b50;
const LOCAL_HEADER_BYTES = 30;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;

/** Of an entry that is small. */
function contentOf(zip: Buffer, entry: Entry): Buffer {
  const at = entry.relativeOffsetOfLocalHeader;
  if (at + LOCAL_HEADER_BYTES > zip.length || zip.readUInt32LE(at) !== LOCAL_HEADER) {
    throw new NotAPackage('an entry has no header');
  }
  if (entry.generalPurposeBitFlag & ENCRYPTED) throw new NotAPackage('an entry is encrypted');
  const from = at + LOCAL_HEADER_BYTES + zip.readUInt16LE(at + 26) + zip.readUInt16LE(at + 28);
  const data = zip.subarray(from, from + entry.compressedSize);
  const { compressionMethod, compressedSize, uncompressedSize } = entry;
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED) {
    throw new NotAPackage(`an entry is compressed by method ${compressionMethod}`);
  }
  const content =
    compressionMethod === STORED
      ? data
      : // At least 1: Node takes 0 for no bound.
        inflateRawSync(data, { maxOutputLength: Math.max(uncompressedSize, 1) });
  if (data.length < compressedSize || content.length !== uncompressedSize) {
    throw new NotAPackage('an entry is not as large as it claims');
  }
  return content;
}

function bounded(entry: Entry): Transform {
  let left = entry.uncompressedSize;
  // The size that an entry claims is what was counted; a byte more is a lie.
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      left -= chunk.length;
      done(left < 0 ? new NotAPackage('an entry is larger than it claims') : null, chunk);
    },
  });
}

async function readLink(file: ZipFile, entry: Entry): Promise<string> {
  if (entry.uncompressedSize > LONGEST_LINK) throw new NotAPackage('a link is too long');
  return (await buffer(await file.openReadStreamPromise(entry))).toString();
}

function isInside(directory: string, path: string, target: string): boolean {
  if (target.startsWith('/') || target.includes('\0')) return false;
  return `${normalize(join(dirname(path), target))}/`.startsWith(`${directory}/`);
}
