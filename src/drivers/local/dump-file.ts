// Reads the beginning and the end of an RDB file: enough to tell which of several dumps is the newest and whether one
// is cut off, without reading the middle. The engine checks the middle against the checksum when it loads it.

import { type FileHandle, open } from 'node:fs/promises';
import type { DumpFile } from '../../engine/fleet.ts';

/** The auxiliary fields take some 200 bytes; modules and functions follow them. */
const HEAD_BYTES = 1024;
const TRAILER_BYTES = 9;
const SHORTEST = 9 + TRAILER_BYTES;
const MAGIC = /^(REDIS\d{4}|VALKEY\d{3})$/;
const MAGIC_BYTES = 9;
const AUXILIARY = 0xfa;
const END = 0xff;

/** Describes a dump; `undefined` when there is no such file. Rejects as `open` and `read` do. */
export async function describeDump(path: string): Promise<DumpFile | undefined> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return undefined;
  try {
    const stats = await file.stat();
    const { size } = stats;
    if (!stats.isFile()) return { bytes: 0, damage: 'it is not a file' };
    if (size === 0) return { bytes: 0, damage: 'it is empty' };
    const head = await readAt(file, 0, Math.min(size, HEAD_BYTES));
    if (!MAGIC.test(head.toString('latin1', 0, MAGIC_BYTES))) {
      return { bytes: size, damage: 'it is not an RDB file' };
    }
    if (size < SHORTEST) return { bytes: size, damage: 'it is cut off' };
    const trailer = await readAt(file, size - TRAILER_BYTES, TRAILER_BYTES);
    const told = { bytes: size, ...readAuxiliary(head) };
    if (trailer[0] !== END) return { ...told, damage: 'it is cut off' };
    return { ...told, checksum: trailer.subarray(1).reverse().toString('hex') };
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/** Parses the pairs of strings at the start of the file. Stops at malformed ones; the engine will report them. */
function readAuxiliary(head: Buffer): Pick<DumpFile, 'savedAt' | 'replicationId' | 'offset'> {
  const fields = new Map<string, string>();
  let at = MAGIC_BYTES;
  while (head[at] === AUXILIARY) {
    const name = readText(head, at + 1);
    const value = name && readText(head, name.end);
    if (!value) break;
    fields.set(name.text, value.text);
    at = value.end;
  }
  const number = (name: string) =>
    /^\d+$/.test(fields.get(name) ?? '') ? Number(fields.get(name)) : undefined;
  const seconds = number('ctime');
  const replicationId = fields.get('repl-id');
  const offset = number('repl-offset');
  return {
    ...(seconds !== undefined && { savedAt: seconds * 1_000 }),
    ...(replicationId && /^[0-9a-f]{40}$/.test(replicationId) && { replicationId }),
    ...(offset !== undefined && { offset }),
  };
}

/** The format's strings: a length of 6, 14 or 32 bits and the bytes, or an integer of 8, 16 or 32 bits. */
function readText(head: Buffer, at: number): { text: string; end: number } | undefined {
  const first = head[at];
  if (first === undefined) return undefined;
  const bytesAt = (start: number, length: number) =>
    start + length <= head.length
      ? { text: head.toString('latin1', start, start + length), end: start + length }
      : undefined;
  const integerAt = (width: number) =>
    at + 1 + width <= head.length
      ? { text: String(head.readIntLE(at + 1, width)), end: at + 1 + width }
      : undefined;
  switch (first >> 6) {
    case 0:
      return bytesAt(at + 1, first & 0x3f);
    case 1:
      return head[at + 1] === undefined ? undefined : bytesAt(at + 2, ((first & 0x3f) << 8) | head[at + 1]!);
    case 3: {
      const width = [1, 2, 4][first & 0x3f];
      return width === undefined ? undefined : integerAt(width);
    }
    default:
      return undefined;
  }
}
