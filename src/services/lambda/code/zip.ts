// Makes a package of a few small files, as CloudFormation does of code that stands in a template. Stored, not
// compressed; the same files make the same bytes, so that their hash says whether anything changed.

import { crc32 } from 'node:zlib';

/** 1980-01-01, the earliest that the format knows: day 1, month 1. */
const DOS_DATE = (1 << 5) | 1;
const REGULAR_FILE_MODE = 0o100644;
/** Made on Unix, version 2.0. */
const MADE_BY = (3 << 8) | 20;

export function zip(files: Readonly<Record<string, string | Buffer>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [fileName, contents] of Object.entries(files)) {
    const name = Buffer.from(fileName);
    const data = Buffer.from(contents);
    const facts = entryFacts(name, data);
    const local = Buffer.concat([word(0x04034b50), facts, name, data]);
    const external = Buffer.concat([short(0, 0, 0), word((REGULAR_FILE_MODE << 16) >>> 0), word(offset)]);
    directory.push(word(0x02014b50), short(MADE_BY), facts, external, name);
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const count = Object.keys(files).length;
  const end = [word(0x06054b50), short(0, 0, count, count), word(central.length), word(offset), short(0)];
  return Buffer.concat([...parts, central, ...end]);
}

/** What both headers of an entry say: version needed, flags (names are UTF-8), method, time, date, sum, sizes. */
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
