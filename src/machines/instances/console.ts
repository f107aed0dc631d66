// What an instance printed, from the files in which its shim keeps it.

import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FILES } from '../containers/scripts.ts';

/** AWS: GetConsoleOutput returns the last 64 KB. */
const MOST_BYTES = 64 * 1024;

/** `directory` is the instance's in `runs`. Empty when there is none. */
export async function readConsole(directory: string): Promise<Buffer> {
  const chunks = join(directory, FILES.output);
  const names = (await readdir(chunks).catch(() => [])).filter((name) => /^\d{6}$/.test(name)).sort();
  let tail = Buffer.alloc(0);
  for (const name of names.reverse()) {
    if (tail.length >= MOST_BYTES) break;
    tail = Buffer.concat([await lastBytes(join(chunks, name), MOST_BYTES - tail.length), tail]);
  }
  return tail;
}

async function lastBytes(path: string, most: number): Promise<Buffer> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return Buffer.alloc(0);
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.min(size, most));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, size - bytes.length);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
