// Packages of code on disk, each under the hash of its bytes: the package as it came and what it holds. Knows nothing of
// functions and layers, which share it.

import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzip } from './unzip.ts';

export interface StoredCode {
  /** SHA-256, hexadecimal. */
  hash: string;
  /** As it came. */
  bytes: number;
  unzippedBytes: number;
}

export interface CodeStore {
  /** Rejects with NotAPackage or TooLargeOpened, keeping nothing. */
  put(zip: Buffer): Promise<StoredCode>;
  /** What the package holds. */
  directoryOf(hash: string): string;
  /** Rejects when there is none. */
  readPackage(hash: string): Promise<Buffer>;
  /** Deletes all but these, and what an interrupted `put` left; not what is being put. */
  keepOnly(used: ReadonlySet<string>): Promise<void>;
}

export function openCodeStore(root: string): CodeStore {
  /** Put, and perhaps in no record yet: kept in any case. */
  const fresh = new Map<string, number>();
  const placeOf = (hash: string) => join(root, hash);

  async function store(zip: Buffer, hash: string): Promise<number> {
    const place = placeOf(hash);
    if (existsSync(place)) return Number(await readFile(join(place, 'unzipped-bytes'), 'utf8'));
    const partial = join(root, `${hash}.${randomUUID()}`);
    fresh.set(partial, 1);
    try {
      await mkdir(join(partial, 'content'), { recursive: true, mode: 0o755 });
      const { unzippedBytes } = await unzip(zip, join(partial, 'content'));
      await writeFile(join(partial, 'package.zip'), zip);
      await writeFile(join(partial, 'unzipped-bytes'), `${unzippedBytes}`);
      // Somebody may have put the same meanwhile.
      await rename(partial, place).catch((error) => {
        if (!existsSync(place)) throw error;
      });
      return unzippedBytes;
    } finally {
      fresh.delete(partial);
      await rm(partial, { recursive: true, force: true });
    }
  }

  return {
    async put(zip) {
      const hash = createHash('sha256').update(zip).digest('hex');
      const place = placeOf(hash);
      fresh.set(place, (fresh.get(place) ?? 0) + 1);
      try {
        return { hash, bytes: zip.length, unzippedBytes: await store(zip, hash) };
      } finally {
        // Whoever put it records it at once, in the same turn of the loop or the next.
        setImmediate(() => {
          const holders = fresh.get(place)! - 1;
          if (holders > 0) fresh.set(place, holders);
          else fresh.delete(place);
        });
      }
    },
    directoryOf: (hash) => join(placeOf(hash), 'content'),
    readPackage: (hash) => readFile(join(placeOf(hash), 'package.zip')),
    async keepOnly(used) {
      for (const name of await readdir(root).catch(() => [])) {
        const place = join(root, name);
        if (!used.has(name) && !fresh.has(place)) await rm(place, { recursive: true, force: true });
      }
    },
  };
}

/** As the API shows it. */
export const asBase64 = (hash: string): string => Buffer.from(hash, 'hex').toString('base64');
