// Packages of code on disk, each under the hash of its bytes: the package as it came and what it holds. Knows nothing of
// functions and layers, which share it; when a package may be deleted is decided by LeasedContent.
//
// `HASH/package.zip` is a whole package that can be opened, always. `HASH/content/` is what it holds, all of it; a package
// of many files is opened after it was put, and again by the next process if this one ends meanwhile. `HASH.RANDOM/` is
// what is being made or deleted; after the end of the process it is garbage.

import { randomUUID, webcrypto } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostFailure, systemCode } from '../../../kernel/errors.ts';
import type { Log } from '../../../kernel/log.ts';
import { LeasedContent, type Release } from '../../../store/leased-content.ts';
import { createOpener } from './opener.ts';
import { Stopped } from './refusals.ts';

export interface StoredCode {
  /** SHA-256, hexadecimal. */
  hash: string;
  /** As it came. */
  bytes: number;
  /** To be called when it is recorded, or will not be. */
  release: Release;
}

export interface CodeStore {
  /**
   * Rejects with NotAPackage, TooLargeOpened or an OperationalError, keeping nothing. A package of many files has been
   * read by then, and is opened in the background.
   */
  put(zip: Buffer): Promise<StoredCode>;
  /** Whether a package is known to be opened: without a look at the disk, so that an invocation may ask. */
  isOpened(hash: string): boolean;
  /** Resolves when it is opened. Rejects with the same as `put`; a later call tries again. */
  opened(hash: string): Promise<void>;
  /** Keeps packages while they are used; to be called in the turn of the event loop that read their record. */
  hold(hashes: readonly string[]): Release;
  /** No record refers to it any more. */
  abandon(hash: string): void;
  /** What the package holds, once it is opened. */
  directoryOf(hash: string): string;
  /** Rejects when there is none. */
  readPackage(hash: string): Promise<Buffer>;
  /** Deletes what no record refers to and what an earlier end left half done. Nothing may be put before it resolves. */
  start(): Promise<void>;
  /** Waits for deletions that are under way; a package that is being opened is left to the next start. */
  stop(): Promise<void>;
}

export interface CodeStoreOptions {
  /** Its own; made when it is missing. */
  root: string;
  isReferenced(hash: string): boolean;
  log: Log;
  /** A package of more entries is put before it is opened; 2,000 by default. */
  openedAtOnce?: number;
  /** For tests: called between any two changes on disk; the next one waits for it. */
  between?(step: Step): Promise<void>;
}

export type Step = 'begun' | 'written' | 'read' | 'placed' | 'opened' | 'in place' | 'taken away';

const HASH = /^[0-9a-f]{64}$/;

/** Takes about a tenth of a second to open. */
const OPENED_AT_ONCE = 2_000;
const CANNOT_STORE = 'The code of functions cannot be stored';

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

  /** For those who need it later; they try again where this failed. */
  const openLater = (hash: string): void =>
    void open(hash).catch((error) => {
      if (!(error instanceof Stopped))
        log.warn({ err: error, hash }, 'a package of code could not be opened');
    });

  async function failed(error: unknown, partial: string): Promise<unknown> {
    if (!(error instanceof Stopped)) await discard(partial);
    return hostFailure(error, CANNOT_STORE) ?? error;
  }

  /** Out of its place in one step, so that a package is there whole or not at all. */
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

  /** Never rejects: what stays goes at the next start. */
  const discard = (path: string): Promise<void> =>
    opener
      .delete(path)
      .catch((error) => log.warn({ err: error, path }, 'code that is not needed could not be deleted'));

  return {
    async put(zip) {
      // Off the event loop: a package may have 50 MB.
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
      // Of what was deleted while it was opened.
      await leases.settled();
      await opener.stop();
    },
  };
}

/** As the API shows it. */
export const asBase64 = (hash: string): string => Buffer.from(hash, 'hex').toString('base64');
