// Opens a package of code into a directory. Packages are hostile: names that leave the directory, links that do, and
// bombs are refused before they do anything. Runs on the thread of packages (opening-thread.ts), so that it may write with
// calls that block: a package can have 100,000 small files, for which promises cost more than the files do.

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
/** What is inflated in one piece; more goes through a stream. */
const SMALL_BYTES = 1_048_576;
/** Functions may run as anybody, so what they see is open to all; who else gets there is up to the directories above. */
const SEEN_DIRECTORY = 0o755;

export interface PackageSize {
  unzippedBytes: number;
}

/** What is done with the parts of a package, in their order; links come last. */
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
 * `directory` exists and is empty. Rejects with NotAPackage or TooLargeOpened, having written no byte outside of it, or
 * with an OperationalError that says what the machine lacks.
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
      for (const each of directories) chmodSync(each, SEEN_DIRECTORY);
    },
  );
}

/** Reads all of a package as `unzip` does, and writes nothing: what this resolves for can be opened. */
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

/** As the package claims: no more are read. Rejects with NotAPackage. */
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
    // Last, so that nothing is ever written through one.
    for (const { name, target } of links) {
      if (!isInside(name, target)) throw new NotAPackage(`a link leaves the package: ${target}`);
      parts.link(name, target);
    }
    last?.();
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

const isSmall = (entry: Entry): boolean =>
  entry.compressedSize <= SMALL_BYTES && entry.uncompressedSize <= SMALL_BYTES;

/** What the process takes from the modes of files that it makes; reading its own would set it for a moment. */
function umaskIn(directory: string): number {
  const probe = `${directory}.mode`;
  writeFileSync(probe, '', { mode: 0o777 });
  const { mode } = lstatSync(probe);
  rmSync(probe);
  return ~mode & 0o777;
}

async function writeEntry(source: Source, entry: Entry, to: { path: string; umask: number }): Promise<void> {
  // Packages made on Windows carry no modes. Everybody may read, as functions may run as anybody.
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

/** Whether a link of this name stays in the package. */
function isInside(name: string, target: string): boolean {
  if (target.startsWith('/') || target.includes('\0')) return false;
  return !`${normalize(join(dirname(name), target))}/`.startsWith('../');
}
