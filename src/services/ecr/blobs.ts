// The files of layers and manifests, each under its digest and shared by all repositories. A file appears complete or
// not at all. The records say which files are in use; LeasedContent decides when a file can be deleted.
//
// Nothing is synced to disk: like the store, files survive the end of the process, but not a power failure.

import { mkdirSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { entriesOf } from '../../kernel/entries.ts';
import { hostFailure, OperationalError, systemCode } from '../../kernel/errors.ts';
import { randomHex } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import { LeasedContent, type Release } from '../../store/leased-content.ts';
import { type Digest, parseDigest } from './domain/digests.ts';
import { sendFile } from './send-file.ts';

/** The files of content. All methods throw an OperationalError when the disk fails. */
export interface Blobs {
  /** Deletes files that no record refers to. Call it before the first request. */
  start(): Promise<void>;
  /** Resolves once all deletions have ended. */
  stop(): Promise<void>;
  /** Makes a file the content with this digest, and takes a lease. The file is gone afterwards. */
  adopt(digest: Digest, file: string): Promise<Release>;
  /** Stores bytes that have this digest, and takes a lease. */
  write(digest: Digest, bytes: Uint8Array): Promise<Release>;
  /** The path of the file. Keep it by `hold` while it is used. */
  file(digest: Digest): Promise<string>;
  /** All bytes. */
  bytes(digest: Digest): Promise<Buffer>;
  /** Writes bytes `first` to `last`, both included, to a connection. The file is kept until they are sent. */
  send(digest: Digest, first: number, last: number, sink: Writable): Promise<void>;
  /** Keeps the content from being deleted. Call it in the turn of the event loop that reads its record. */
  hold(digest: string): Release;
  /** Call it when a record that referred to the content is gone. Never throws. */
  abandon(digest: string): void;
}

/** What `openBlobs` needs. */
export interface BlobsOptions {
  /** Nothing else may use it. */
  directory: string;
  /** Whether a record refers to this content. */
  isReferenced(digest: string): boolean;
  log: Log;
}

const CANNOT_STORE = 'Images cannot be stored';
/** The most files that are deleted at a time. */
const MOST_AT_ONCE = 64;

/** Opens the directory of the files. */
export function openBlobs({ directory, isReferenced, log }: BlobsOptions): Blobs {
  const folderOf = ({ algorithm, hex }: Digest) => join(directory, algorithm, hex.slice(0, 2));
  const pathOf = (digest: Digest) => join(folderOf(digest), digest.hex);
  const leases = new LeasedContent({
    isReferenced,
    remove: (digest) => rm(pathOf(parseDigest(digest)!), { force: true }),
    log,
  });

  const obtain = (digest: Digest, make: () => Promise<void>): Promise<Release> =>
    leases.obtain(digest.text, async () => {
      if (await exists(pathOf(digest))) return;
      await mkdir(folderOf(digest), { recursive: true, mode: 0o700 });
      await make();
    });

  return {
    async start() {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      let abandoned = 0;
      for (const algorithm of ['sha256', 'sha512'] as const) {
        for (const folder of await entriesOf(join(directory, algorithm))) {
          for (const name of await entriesOf(join(directory, algorithm, folder))) {
            const digest = `${algorithm}:${name}`;
            if (!parseDigest(digest)) await rm(join(directory, algorithm, folder, name), { force: true });
            else if (!isReferenced(digest)) leases.abandon(digest);
            if (++abandoned % MOST_AT_ONCE === 0) await leases.settled();
          }
        }
      }
    },
    stop: () => leases.settled(),
    async adopt(digest, file) {
      try {
        const release = await obtain(digest, () => rename(file, pathOf(digest)));
        // The content existed already, or another upload of it was faster.
        await rm(file, { force: true });
        return release;
      } catch (error) {
        throw hostFailure(error, CANNOT_STORE) ?? error;
      }
    },
    async write(digest, bytes) {
      const partial = `${pathOf(digest)}.${randomHex(8)}`;
      try {
        return await obtain(digest, async () => {
          await writeFile(partial, bytes, { mode: 0o600 });
          await rename(partial, pathOf(digest));
        });
      } catch (error) {
        await rm(partial, { force: true }).catch(() => undefined);
        throw hostFailure(error, CANNOT_STORE) ?? error;
      }
    },
    async file(digest) {
      const path = pathOf(digest);
      await (await openToRead(path)).close();
      return path;
    },
    async bytes(digest) {
      const file = await openToRead(pathOf(digest));
      try {
        return await file.readFile();
      } finally {
        await file.close();
      }
    },
    async send(digest, first, last, sink) {
      const release = leases.hold(digest.text);
      try {
        const file = await openToRead(pathOf(digest));
        await sendFile(file, first, last, sink).finally(() => file.close());
      } finally {
        release();
      }
    },
    hold: (digest) => leases.hold(digest),
    abandon: (digest) => leases.abandon(digest),
  };
}

async function openToRead(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    const isLost = systemCode(error) === 'ENOENT';
    if (isLost)
      throw new OperationalError('StateUnreadable', `${path} is missing; push the image again.`, error);
    throw hostFailure(error, 'Images cannot be read') ?? error;
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}
