// Writes a zip archive of files in memory: the package of a function. Files are stored, not compressed. The same files
// give the same bytes, so a hash tells whether anything changed.

import { crc32 } from 'node:zlib';

/** A file with its permission to execute. */
export interface ZippedFile {
  contents: string | Buffer;
  isExecutable: boolean;
}

/** 1980-01-01, the earliest date that the format can express: day 1, month 1. */
const DOS_DATE = (1 << 5) | 1;
const FILE_MODE = 0o100644;
const PROGRAM_MODE = 0o100755;
/** Made on Unix, version 2.0. */
const MADE_BY = (3 << 8) | 20;

/** Contents by file name. The format allows at most 65,535 files and 4 GiB. */
export function zip(files: Readonly<Record<string, string | Buffer | ZippedFile>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [fileName, file] of Object.entries(files)) {
    const { contents, isExecutable } =
      typeof file === 'string' || Buffer.isBuffer(file) ? { contents: file, isExecutable: false } : file;
    const name = Buffer.from(fileName);
    const data = Buffer.isBuffer(contents) ? contents : Buffer.from(contents);
    const facts = entryFacts(name, data);
    const mode = isExecutable ? PROGRAM_MODE : FILE_MODE;
    const external = Buffer.concat([short(0, 0, 0), word((mode << 16) >>> 0), word(offset)]);
    directory.push(word(0x02014b50), short(MADE_BY), facts, external, name);
    const header = Buffer.concat([word(0x04034b50), facts, name]);
    parts.push(header, data);
    offset += header.length + data.length;
  }
  const central = Buffer.concat(directory);
  const count = Object.keys(files).length;
  const end = [word(0x06054b50), short(0, 0, count, count), word(central.length), word(offset), short(0)];
  return Buffer.concat([...parts, central, ...end]);
}

/**
 * The fields that both headers of an entry share: version needed, flags (names are UTF-8), method, time, date,
 * checksum, sizes.
 */
function entryFacts(name: Buffer, data: Buffer): Buffer {
  const sizes = [word(crc32(data)), word(data.length), word(data.length)];
  return Buffer.concat([short(20, 0x0800, 0, 0, DOS_DATE), ...sizes, short(name.length, 0)]);
}

function short(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16LE(value, index * 2);
  return bytes;
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
