// Packages of code on disk, each under the hash of its bytes: the package as it came and what it holds. Knows nothing of
// functions and layers, which share it; when a package may be deleted is decided by LeasedContent.
//
// `HASH/` is a whole package, always. `HASH.RANDOM/` is one that is being made or deleted; after the end of the process
// it is garbage.

import { randomUUID, webcrypto } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostFailure, systemCode } from '../../../kernel/errors.ts';
import type { Log } from '../../../kernel/log.ts';
import { LeasedContent, type Release } from '../../../store/leased-content.ts';
import { unzip } from './unzip.ts';

export interface StoredCode {
  /** SHA-256, hexadecimal. */
  hash: string;
  /** As it came. */
  bytes: number;
  /** To be called when it is recorded, or will not be. */
  release: Release;
}

export interface CodeStore {
  /** Rejects with NotAPackage, TooLargeOpened or an OperationalError, keeping nothing. */
  put(zip: Buffer): Promise<StoredCode>;
  /** Keeps packages while they are used; to be called in the turn of the event loop that read their record. */
  hold(hashes: readonly string[]): Release;
  /** No record refers to it any more. */
  abandon(hash: string): void;
  /** What the package holds. */
  directoryOf(hash: string): string;
  /** Rejects when there is none. */
  readPackage(hash: string): Promise<Buffer>;
  /** Deletes what no record refers to and what an earlier end left half done. Nothing may be put before it resolves. */
  start(): Promise<void>;
  /** Waits for deletions that are under way. */
  stop(): Promise<void>;
}

export interface CodeStoreOptions {
  /** Its own; made when it is missing. */
  root: string;
  isReferenced(hash: string): boolean;
  log: Log;
  /** For tests: called between any two changes on disk; the next one waits for it. */
  between?(step: Step): Promise<void>;
}

export type Step = 'begun' | 'unzipped' | 'written' | 'placed' | 'taken away';

const HASH = /^[0-9a-f]{64}$/;

export function openCodeStore({ root, isReferenced, log, between }: CodeStoreOptions): CodeStore {
  const placeOf = (hash: string) => join(root, hash);
  const besides = (hash: string) => join(root, `${hash}.${randomUUID()}`);
  const leases = new LeasedContent({ isReferenced, remove, log });
  let collecting: Promise<unknown> = Promise.resolve();

  async function make(hash: string, zip: Buffer): Promise<void> {
    if (existsSync(placeOf(hash))) return;
    const partial = besides(hash);
    try {
      await mkdir(join(partial, 'content'), { recursive: true, mode: 0o700 });
      await between?.('begun');
      await unzip(zip, join(partial, 'content'));
      await between?.('unzipped');
      await writeFile(join(partial, 'package.zip'), zip, { mode: 0o600 });
      await between?.('written');
      await rename(partial, placeOf(hash));
      await between?.('placed');
    } catch (error) {
      await discard(partial);
      throw hostFailure(error, 'The code of functions cannot be stored') ?? error;
    }
  }

  /** Out of its place in one step, so that a package is there whole or not at all. */
  async function remove(hash: string): Promise<void> {
    const doomed = besides(hash);
    try {
      await rename(placeOf(hash), doomed);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return;
      throw error;
    }
    await between?.('taken away');
    await rm(doomed, { recursive: true, force: true });
  }

  /** Never rejects: what stays goes at the next start. */
  const discard = (path: string): Promise<void> =>
    rm(path, { recursive: true, force: true }).catch((error) =>
      log.warn({ err: error, path }, 'code that is not needed could not be deleted'),
    );

  return {
    async put(zip) {
      // Off the event loop: a package may have 50 MB.
      const hash = Buffer.from(await webcrypto.subtle.digest('SHA-256', zip)).toString('hex');
      const release = await leases.obtain(hash, () => make(hash, zip));
      return { hash, bytes: zip.length, release };
    },
    hold(hashes) {
      const releases = hashes.map((hash) => leases.hold(hash));
      return () => {
        for (const release of releases) release();
      };
    },
    abandon: (hash) => leases.abandon(hash),
    directoryOf: (hash) => join(placeOf(hash), 'content'),
    readPackage: (hash) => readFile(join(placeOf(hash), 'package.zip')),
    async start() {
      const names = await readdir(root).catch(() => []);
      for (const name of names) if (HASH.test(name)) leases.abandon(name);
      collecting = Promise.all(
        names.filter((name) => !HASH.test(name)).map((name) => discard(join(root, name))),
      );
    },
    async stop() {
      await Promise.all([leases.settled(), collecting]);
    },
  };
}

/** As the API shows it. */
export const asBase64 = (hash: string): string => Buffer.from(hash, 'hex').toString('base64');
