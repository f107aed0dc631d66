// Keeps code packages on disk by the hash of their bytes: the package as it was uploaded, and its unpacked content.
// Does not know functions or layers, which share packages; LeasedContent decides when a package may be deleted.
//
// `HASH/package.zip` is always a complete package that can be unpacked. `HASH/content/` is its complete content; a
// package with many files is unpacked after `put`, or by the next process if this one ends first. `HASH.RANDOM/` is a
// directory that is being made or deleted; after the process ends it is garbage.

import { randomUUID, webcrypto } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostFailure, systemCode } from '../../../kernel/errors.ts';
import type { Log } from '../../../kernel/log.ts';
import { LeasedContent, type Release } from '../../../store/leased-content.ts';
import { createOpener } from './opener.ts';
import { Stopped } from './refusals.ts';

/** A package that `put` has stored. */
export interface StoredCode {
  /** SHA-256, hexadecimal. */
  hash: string;
  /** The size of the package as it was uploaded. */
  bytes: number;
  /** Call this once a record refers to the package, or none will. */
  release: Release;
}

/** Code packages by hash. */
export interface CodeStore {
  /**
   * Stores a package. Rejects with NotAPackage, TooLargeOpened or an OperationalError, keeping nothing. A package
   * with many files is checked by then and unpacked in the background.
   */
  put(zip: Buffer): Promise<StoredCode>;
  /** Whether a package is known to be unpacked. Does not touch the disk, so invocations may call it. */
  isOpened(hash: string): boolean;
  /** Resolves when the package is unpacked. Rejects as `put` does; a later call tries again. */
  opened(hash: string): Promise<void>;
  /**
   * Keeps packages from deletion until the release is called. Call it in the same turn of the event loop that read
   * their record.
   */
  hold(hashes: readonly string[]): Release;
  /** Reports that no record refers to the package any more. */
  abandon(hash: string): void;
  /** The directory of the unpacked content. */
  directoryOf(hash: string): string;
  /** The package as it was uploaded. Rejects when there is none. */
  readPackage(hash: string): Promise<Buffer>;
  /** Deletes unreferenced packages and the remains of an earlier crash. Call `put` only after it resolves. */
  start(): Promise<void>;
  /** Waits for running deletions. Interrupts unpacking, which the next start repeats. */
  stop(): Promise<void>;
}

/** Where packages are kept, and which are in use. */
export interface CodeStoreOptions {
  /** The store's own directory; created when missing. */
  root: string;
  isReferenced(hash: string): boolean;
  log: Log;
  /** Packages with more entries are unpacked after `put`; 2,000 by default. */
  openedAtOnce?: number;
  /** For tests: awaited between any two changes on disk. */
  between?(step: Step): Promise<void>;
}

/** The changes on disk, in order; see `between`. */
export type Step = 'begun' | 'written' | 'read' | 'placed' | 'opened' | 'in place' | 'taken away';

const HASH = /^[0-9a-f]{64}$/;

/** This many take about a tenth of a second. */
const OPENED_AT_ONCE = 2_000;
const CANNOT_STORE = 'The code of functions cannot be stored';

/** Touches nothing on disk before `start`. */
export function openCodeStore(options: CodeStoreOptions): CodeStore {
  const { root, isReferenced, log, openedAtOnce = OPENED_AT_ONCE, between } = options;
  const placeOf = (hash: string) => join(root, hash);
  const contentOf = (hash: string) => join(placeOf(hash), 'content');
  const packageOf = (hash: string) => join(placeOf(hash), 'package.zip');
  const besides = (hash: string) => join(root, `${hash}.${randomUUID()}`);
  const leases = new LeasedContent({ isReferenced, remove, log });
  const opener = createOpener();
  const opened = new Set<string>();
  const opening = new Map<string, Promise<void>>();
  let collecting: Promise<unknown> = Promise.resolve();

  async function make(hash: string, zip: Buffer): Promise<void> {
    if (existsSync(placeOf(hash))) return;
    const partial = besides(hash);
    try {
      await mkdir(partial, { recursive: true, mode: 0o700 });
      await between?.('begun');
      await writeFile(join(partial, 'package.zip'), zip, { mode: 0o600 });
      await between?.('written');
      await opener.open(join(partial, 'package.zip'), join(partial, 'content'), openedAtOnce);
      await between?.('read');
      await rename(partial, placeOf(hash));
      await between?.('placed');
    } catch (error) {
      throw await failed(error, partial);
    }
  }

  function open(hash: string): Promise<void> {
    let running = opening.get(hash);
    if (!running) {
      const release = leases.hold(hash);
      running = openInPlace(hash).finally(() => {
        opening.delete(hash);
        release();
      });
      opening.set(hash, running);
    }
    return running;
  }

  async function openInPlace(hash: string): Promise<void> {
    if (!existsSync(contentOf(hash))) {
      const partial = besides(hash);
      try {
        await opener.open(packageOf(hash), partial);
        await between?.('opened');
        await rename(partial, contentOf(hash));
        await between?.('in place');
      } catch (error) {
        throw await failed(error, partial);
      }
    }
    opened.add(hash);
  }

  /** Unpacks in the background. Failures are logged, and the next call of `opened` tries again. */
  const openLater = (hash: string): void =>
    void open(hash).catch((error) => {
      if (!(error instanceof Stopped)) log.warn({ err: error, hash }, 'a code package could not be unpacked');
    });

  async function failed(error: unknown, partial: string): Promise<unknown> {
    if (!(error instanceof Stopped)) await discard(partial);
    return hostFailure(error, CANNOT_STORE) ?? error;
  }

  /** Renamed away in one step, so that a package is either complete or absent. */
  async function remove(hash: string): Promise<void> {
    const doomed = besides(hash);
    opened.delete(hash);
    try {
      await rename(placeOf(hash), doomed);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return;
      throw error;
    }
    await between?.('taken away');
    await opener.delete(doomed);
  }

  /** Never rejects: the next start deletes what remains. */
  const discard = (path: string): Promise<void> =>
    opener
      .delete(path)
      .catch((error) => log.warn({ err: error, path }, 'unneeded code could not be deleted'));

  return {
    async put(zip) {
      // Not on the event loop: a package may have 50 MB.
      const hash = Buffer.from(await webcrypto.subtle.digest('SHA-256', zip)).toString('hex');
      const release = await leases.obtain(hash, () => make(hash, zip));
      if (existsSync(contentOf(hash))) opened.add(hash);
      else openLater(hash);
      return { hash, bytes: zip.length, release };
    },
    isOpened: (hash) => opened.has(hash),
    opened: async (hash) => (opened.has(hash) ? undefined : open(hash)),
    hold(hashes) {
      const releases = hashes.map((hash) => leases.hold(hash));
      return () => {
        for (const release of releases) release();
      };
    },
    abandon: (hash) => leases.abandon(hash),
    directoryOf: contentOf,
    readPackage: (hash) => readFile(packageOf(hash)),
    async start() {
      const names = await readdir(root).catch(() => []);
      for (const name of names.filter((each) => HASH.test(each))) {
        if (isReferenced(name) && !existsSync(contentOf(name))) openLater(name);
        leases.abandon(name);
      }
      collecting = Promise.all(
        names.filter((name) => !HASH.test(name)).map((name) => discard(join(root, name))),
      );
    },
    async stop() {
      await Promise.all([leases.settled(), collecting]);
      await opener.stop();
      await Promise.allSettled(opening.values());
      // Wait for deletions of packages that were being unpacked.
      await leases.settled();
      await opener.stop();
    },
  };
}

/** A hash in the form of the API (`CodeSha256`). */
export const asBase64 = (hash: string): string => Buffer.from(hash, 'hex').toString('base64');
