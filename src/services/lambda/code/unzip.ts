// Unpacks a code package into a directory. Packages are hostile: names and links that leave the directory and zip
// bombs are refused before they have any effect. Runs on its own thread (opening-thread.ts), so it may block: for
// 100,000 small files, promises cost more than the files.

import {
  chmodSync,
  closeSync,
  createWriteStream,
  fchmodSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { Transform, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { inflateRawSync } from 'node:zlib';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { hostFailure } from '../../../kernel/errors.ts';
import { MAX_UNZIPPED_BYTES, NotAPackage, TooLargeOpened } from './refusals.ts';

const MOST_ENTRIES = 100_000;
const LONGEST_LINK = 4096;
/** Entries up to this size are inflated in memory; larger ones are streamed. */
const SMALL_BYTES = 1_048_576;
/**
 * Functions may run as any user, so their directories are readable by all. The parent directories restrict access.
 */
const DIRECTORY_MODE = 0o755;

/** The size of the unpacked content in bytes. */
export interface PackageSize {
  unzippedBytes: number;
}

/** Callbacks for the parts of a package, in order; links come last. */
interface Parts {
  directory(name: string): void;
  file(source: Source, entry: Entry): void | Promise<void>;
  link(name: string, target: string): void;
}

interface Source {
  zip: Buffer;
  file: ZipFile;
}

/**
 * Unpacks into `directory`, which exists and is empty. Rejects with NotAPackage or TooLargeOpened, or with an
 * OperationalError that says what the machine lacks. Never writes outside of the directory.
 */
export function unzip(zip: Buffer, directory: string): Promise<PackageSize> {
  const directories = new Set<string>();
  const make = (path: string) => {
    if (directories.has(path)) return;
    mkdirSync(path, { recursive: true });
    for (let each = path; each.startsWith(directory) && !directories.has(each); each = dirname(each)) {
      directories.add(each);
    }
  };
  let umask: number | undefined;
  return readParts(
    zip,
    {
      directory: (name) => make(normalize(join(directory, name)).replace(/\/$/, '')),
      async file(source, entry) {
        const path = join(directory, entry.fileName);
        make(dirname(path));
        umask ??= umaskIn(directory);
        await writeEntry(source, entry, { path, umask });
      },
      link(name, target) {
        const path = join(directory, name);
        make(dirname(path));
        symlinkSync(target, path);
      },
    },
    () => {
      make(directory);
      for (const each of directories) chmodSync(each, DIRECTORY_MODE);
    },
  );
}

/** Checks a whole package as `unzip` does without writing: a package that passes can be unpacked. */
export function inspect(zip: Buffer): Promise<PackageSize> {
  return readParts(zip, {
    directory() {},
    async file(source, entry) {
      if (isSmall(entry)) contentOf(source.zip, entry);
      else await copy(source, entry, new Writable({ write: (_chunk, _encoding, done) => done() }));
    },
    link() {},
  });
}

/** The number of entries in the package's directory; no more are read. Rejects with NotAPackage. */
export async function entryCountOf(zip: Buffer): Promise<number> {
  try {
    return (await yauzl.fromBufferPromise(zip)).entryCount;
  } catch (error) {
    throw new NotAPackage(String(error), { cause: error });
  }
}

async function readParts(zip: Buffer, parts: Parts, last?: () => void): Promise<PackageSize> {
  const links: { name: string; target: string }[] = [];
  let unzippedBytes = 0;
  try {
    const file = await yauzl.fromBufferPromise(zip, { strictFileNames: true });
    if (file.entryCount > MOST_ENTRIES) throw new TooLargeOpened();
    for await (const entry of file.eachEntry()) {
      unzippedBytes += entry.uncompressedSize;
      if (unzippedBytes > MAX_UNZIPPED_BYTES) throw new TooLargeOpened();
      const name = entry.fileName;
      if (name.endsWith('/')) parts.directory(name);
      else if (isLink(entry)) links.push({ name, target: await readLink(file, entry) });
      else await parts.file({ zip, file }, entry);
    }
    // Links come last, so that no file is ever written through one.
    for (const { name, target } of links) {
      if (!isInside(name, target)) throw new NotAPackage(`a link leaves the package: ${target}`);
      parts.link(name, target);
    }
    last?.();
  } catch (error) {
    if (error instanceof TooLargeOpened || error instanceof NotAPackage) throw error;
    // A full disk or the like is not the package's fault.
    throw (
      hostFailure(error, 'The package cannot be opened') ?? new NotAPackage(String(error), { cause: error })
    );
  }
  return { unzippedBytes };
}

const modeOf = (entry: Entry): number => entry.externalFileAttributes >>> 16;

const isLink = (entry: Entry): boolean => (modeOf(entry) & 0o170000) === 0o120000;

const isSmall = (entry: Entry): boolean =>
  entry.compressedSize <= SMALL_BYTES && entry.uncompressedSize <= SMALL_BYTES;

/** The process's umask, measured with a file: reading it directly would change it for a moment. */
function umaskIn(directory: string): number {
  const probe = `${directory}.mode`;
  writeFileSync(probe, '', { mode: 0o777 });
  const { mode } = lstatSync(probe);
  rmSync(probe);
  return ~mode & 0o777;
}

async function writeEntry(source: Source, entry: Entry, to: { path: string; umask: number }): Promise<void> {
  // Packages made on Windows have no modes. All users may read, as functions may run as any user.
  const mode = (modeOf(entry) & 0o777) | 0o444;
  if (!isSmall(entry)) {
    await copy(source, entry, createWriteStream(to.path, { mode }));
    if (mode & to.umask) chmodSync(to.path, mode);
    return;
  }
  const content = contentOf(source.zip, entry);
  const file = openSync(to.path, 'w', mode);
  try {
    writeFileSync(file, content);
    if (mode & to.umask) fchmodSync(file, mode);
  } finally {
    closeSync(file);
  }
}

const copy = async ({ file }: Source, entry: Entry, to: Writable): Promise<void> =>
  pipeline(await file.openReadStreamPromise(entry), bounded(entry), to);

const LOCAL_HEADER = 0x04034b50;
const LOCAL_HEADER_BYTES = 30;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;

/** The content of a small entry. */
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
      : // At least 1: Node reads 0 as unlimited.
        inflateRawSync(data, { maxOutputLength: Math.max(uncompressedSize, 1) });
  if (data.length < compressedSize || content.length !== uncompressedSize) {
    throw new NotAPackage('an entry is not as large as it claims');
  }
  return content;
}

function bounded(entry: Entry): Transform {
  let left = entry.uncompressedSize;
  // The limits counted the size that the entry claims, so one more byte is refused.
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

/** Whether a link with this name points into the package. */
function isInside(name: string, target: string): boolean {
  if (target.startsWith('/') || target.includes('\0')) return false;
  return !`${normalize(join(dirname(name), target))}/`.startsWith('../');
}
