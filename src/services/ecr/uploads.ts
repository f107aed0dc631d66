// Uploads of layers in progress: one file each, to which bytes are appended. The size of the file is what the client has
// sent, so that an upload continues after any end of Millpond.

import { createHash, type Hash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scope } from '../../aws/scope.ts';
import type { Clock } from '../../kernel/clock.ts';
import { hostFailure, systemCode } from '../../kernel/errors.ts';
import { newRequestId } from '../../kernel/ids.ts';
import type { Algorithm } from './domain/digests.ts';
import { tooManyUploads } from './faults.ts';
import type { Records, Upload } from './records.ts';

/** Uploads in progress. Methods of one upload run one after the other. */
export interface Uploads {
  /** Deletes files without a record. Call it before the first request. */
  start(): Promise<void>;
  /** Begins an upload. Throws a fault when too many are in progress. */
  begin(scope: Scope, repository: string): Upload;
  /** The upload with this id, if it is one of this repository. */
  find(scope: Scope, repository: string, id: string): Upload | undefined;
  /** The number of bytes that were received. */
  sizeOf(upload: Upload): Promise<number>;
  /**
   * Appends bytes at `offset`, or at the end when it is absent. What was received before a failure stays. Resolves to
   * the new size. Throws WrongOffset, TooLarge, OperationalError, and what `source` throws.
   */
  append(
    upload: Upload,
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    offset?: number,
  ): Promise<number>;
  /** The digest of all bytes, in hexadecimal digits. */
  hashOf(upload: Upload, algorithm: Algorithm): Promise<string>;
  /** The file of the upload, for `Blobs.adopt`. */
  fileOf(upload: Upload): string;
  /** Forgets an upload whose file was adopted, or cancels it. */
  end(scope: Scope, upload: Upload): Promise<void>;
  /** Cancels uploads that got no bytes for a day. */
  sweep(): Promise<void>;
  /** Resolves once nothing is written. The uploads continue after the next start. */
  stop(): Promise<void>;
}

/** The offset is not the end of what was received. */
export class WrongOffset extends Error {
  readonly size: number;

  constructor(size: number) {
    super(`the upload has ${size} bytes`);
    this.size = size;
  }
}

/** A layer has more bytes than ECR allows. */
export class TooLarge extends Error {}

/** AWS: the quota of a layer is 52,000 MiB. */
const MAX_LAYER_BYTES = 52_000 * 1024 * 1024;
const MOST_UPLOADS = 1_000;
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1_000;
const WRITE_BYTES = 512 * 1024;
const READ_BYTES = 1024 * 1024;
const CANNOT_STORE = 'Images cannot be stored';
const RUNNING: Algorithm = 'sha256';

/** The state of an upload that was used since the start. */
interface Running {
  size: number;
  hash: Hash;
}

/** What `openUploads` needs. */
export interface UploadsOptions {
  /** Nothing else may use it. */
  directory: string;
  records: Pick<Records, 'uploads'>;
  clock: Clock;
}

/** Opens the uploads of a directory. */
export function openUploads({ directory, records, clock }: UploadsOptions): Uploads {
  const running = new Map<string, Running>();
  const queues = new Map<string, Promise<unknown>>();
  const pathOf = (id: string) => join(directory, id);

  /** Runs the work after all work on this upload before it. */
  function inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
    const result = (queues.get(id) ?? Promise.resolve()).then(work, work).catch((error) => {
      throw hostFailure(error, CANNOT_STORE) ?? error;
    });
    const settled = result.then(
      () => undefined,
      () => undefined,
    );
    queues.set(id, settled);
    void settled.then(() => {
      if (queues.get(id) === settled) queues.delete(id);
    });
    return result;
  }

  /** Reads what an earlier run received, to continue its hash. */
  async function resume(id: string): Promise<Running> {
    const present = running.get(id);
    if (present) return present;
    const state = { size: 0, hash: createHash(RUNNING) };
    for await (const piece of piecesOf(pathOf(id))) {
      state.hash.update(piece);
      state.size += piece.length;
    }
    running.set(id, state);
    return state;
  }

  const end: Uploads['end'] = (scope, { id }) =>
    inTurn(id, async () => {
      records.uploads.delete(scope, id);
      running.delete(id);
      await rm(pathOf(id), { force: true });
    });

  async function write(
    file: FileHandle,
    state: Running,
    pieces: readonly Uint8Array[],
    size: number,
  ): Promise<void> {
    let { bytesWritten } = await file.writev(pieces);
    if (bytesWritten < size) {
      const bytes = Buffer.concat(pieces);
      while (bytesWritten < size) bytesWritten += (await file.write(bytes, bytesWritten)).bytesWritten;
    }
    state.size += size;
  }

  /** Writes what has arrived while more arrives. */
  async function appendAll(
    file: FileHandle,
    state: Running,
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<void> {
    let received = state.size;
    let pending: Uint8Array[] = [];
    let pendingBytes = 0;
    let writing = Promise.resolve();
    const flush = async () => {
      await writing;
      if (pendingBytes === 0) return;
      writing = write(file, state, pending, pendingBytes);
      // It is awaited before the next one; until then its failure is not unhandled.
      writing.catch(() => undefined);
      [pending, pendingBytes] = [[], 0];
    };
    try {
      for await (const piece of source) {
        received += piece.length;
        if (received > MAX_LAYER_BYTES) throw new TooLarge();
        state.hash.update(piece);
        pending.push(piece);
        pendingBytes += piece.length;
        if (pendingBytes >= WRITE_BYTES) await flush();
      }
    } finally {
      await flush();
      await writing;
    }
  }

  return {
    async start() {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      const known = new Set<string>();
      for await (const batch of records.uploads.everywhere()) for (const { id } of batch) known.add(id);
      for (const name of await readdir(directory))
        if (!known.has(name)) await rm(pathOf(name), { force: true });
    },
    begin(scope, repository) {
      if (records.uploads.count(scope) >= MOST_UPLOADS) throw tooManyUploads(MOST_UPLOADS);
      const upload: Upload = { id: newRequestId(), repository, startedAt: clock.now() };
      records.uploads.put(scope, upload.id, upload);
      return upload;
    },
    find(scope, repository, id) {
      const upload = records.uploads.get(scope, id);
      return upload?.repository === repository ? upload : undefined;
    },
    sizeOf: ({ id }) => inTurn(id, async () => (await resume(id)).size),
    append: ({ id }, source, offset) =>
      inTurn(id, async () => {
        const state = await resume(id);
        if (offset !== undefined && offset !== state.size) throw new WrongOffset(state.size);
        const file = await open(pathOf(id), 'a', 0o600);
        try {
          await appendAll(file, state, source);
        } catch (error) {
          // The file decides what was received.
          running.delete(id);
          throw error;
        } finally {
          await file.close();
        }
        return state.size;
      }),
    hashOf: ({ id }, algorithm) =>
      inTurn(id, async () => {
        const { hash } = await resume(id);
        if (algorithm === RUNNING) return hash.copy().digest('hex');
        const other = createHash(algorithm);
        for await (const piece of piecesOf(pathOf(id))) other.update(piece);
        return other.digest('hex');
      }),
    fileOf: ({ id }) => pathOf(id),
    async stop() {
      await Promise.all(queues.values());
    },
    end,
    async sweep() {
      for await (const batch of records.uploads.everywhere()) {
        for (const { scope, value } of batch) {
          const touchedAt = (await modifiedAt(pathOf(value.id))) ?? value.startedAt;
          if (clock.now() - touchedAt > ABANDONED_AFTER_MS) await end(scope, value);
        }
      }
    },
  };
}

/** Nothing where there is no file: nothing was received. */
async function* piecesOf(path: string): AsyncGenerator<Buffer> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  try {
    for (let position = 0; ; ) {
      const buffer = Buffer.allocUnsafe(READ_BYTES);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function modifiedAt(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
