// Files with the bytes of objects, each under a random name that is unrelated to its key. A file appears complete or
// not at all. The records say which files are in use; LeasedContent decides when a file can be deleted.
//
// Nothing is synced to disk: like the store, files survive the end of the process, but not a power failure.

import { mkdirSync } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { entriesOf } from '../../kernel/entries.ts';
import { hostFailure, OperationalError } from '../../kernel/errors.ts';
import { randomHex } from '../../kernel/ids.ts';
import type { Log } from '../../kernel/log.ts';
import { LeasedContent } from '../../store/leased-content.ts';
import type { Segment } from './domain/records.ts';

/** The result of a write. */
export interface WrittenBlob {
  /** The file's name; absent if none was written. */
  blob?: string;
  /** The bytes themselves, if there were too few for a file. */
  bytes?: Uint8Array;
  size: number;
}

/** A range of bytes with inclusive offsets. */
export interface ByteRange {
  first: number;
  last: number;
}

const NAME = /^[0-9a-f]{32}$/;
const CANNOT_STORE = 'Objects cannot be stored';
const READ_BYTES = 256 * 1024;
/** The most files that are deleted at a time. */
const MOST_AT_ONCE = 64;
const WRITE_BYTES = 1024 * 1024;

/** The files of one directory. Readers hold leases, so that a file stays until its last reader is done. */
export class Blobs {
  readonly #directory: string;
  readonly #leases: LeasedContent;
  readonly #discarding = new Set<Promise<void>>();

  constructor(directory: string, log: Log) {
    this.#directory = directory;
    this.#leases = new LeasedContent({
      // Names are never reused, so a file without a record never gets one again.
      isReferenced: () => false,
      remove: (blob) => rm(this.#path(blob), { force: true }),
      log,
    });
  }

  /** Deletes files of an earlier run that are unfinished or unused. */
  async start(isInUse: (blob: string) => boolean): Promise<void> {
    try {
      await rm(this.#incoming(''), { recursive: true, force: true });
      mkdirSync(this.#incoming(''), { recursive: true, mode: 0o700 });
      mkdirSync(join(this.#directory, 'blobs'), { recursive: true, mode: 0o700 });
    } catch (error) {
      throw hostFailure(error, CANNOT_STORE) ?? error;
    }
    for (const folder of await entriesOf(join(this.#directory, 'blobs'))) {
      for (const blob of await entriesOf(join(this.#directory, 'blobs', folder))) {
        if (NAME.test(blob) && !isInUse(blob)) this.#leases.abandon(blob);
      }
    }
  }

  /** Resolves once all deletions have ended. */
  async stop(): Promise<void> {
    await Promise.all(this.#discarding);
    await this.#leases.settled();
  }

  /**
   * Writes a file. `observe` receives each piece before it is written and may throw; after any failure no file is left.
   * Up to `small` bytes are returned instead of written. Throws OperationalError if the disk fails.
   */
  async write(
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    observe: (piece: Uint8Array, sizeSoFar: number) => void,
    small = 0,
  ): Promise<WrittenBlob> {
    let made: { blob: string; file: FileHandle } | undefined;
    const append = async (pieces: readonly Uint8Array[]): Promise<void> => {
      made ??= await this.#create();
      await writeAll(made.file, joined(pieces));
    };
    try {
      let size = 0;
      let pending: Uint8Array[] = [];
      let pendingBytes = 0;
      for await (const piece of source) {
        observe(piece, (size += piece.length));
        pending.push(piece);
        pendingBytes += piece.length;
        if (pendingBytes < WRITE_BYTES) continue;
        await append(pending);
        pending = [];
        pendingBytes = 0;
      }
      if (size === 0) return { size };
      if (size <= small) return { size, bytes: joined(pending) };
      await append(pending);
      const { blob, file } = made!;
      await file.close();
      mkdirSync(join(this.#directory, 'blobs', blob.slice(0, 2)), { recursive: true, mode: 0o700 });
      await rename(this.#incoming(blob), this.#path(blob));
      return { blob, size };
    } catch (error) {
      throw hostFailure(error, CANNOT_STORE) ?? error;
    } finally {
      if (made) {
        await made.file.close().catch(() => undefined);
        await rm(this.#incoming(made.blob), { force: true });
      }
    }
  }

  async #create(): Promise<{ blob: string; file: FileHandle }> {
    const blob = randomHex(32);
    return { blob, file: await open(this.#incoming(blob), 'wx', 0o600) };
  }

  /**
   * The bytes of all segments in order, or of a range of them. Files are held until the stream is closed; the bytes of
   * rows are read at once through `small`.
   */
  read(segments: readonly Segment[], range?: ByteRange, small?: (row: number) => Uint8Array): Readable {
    const wanted = partsWithin(segments, range);
    const leases = wanted.flatMap(({ blob }) => (blob === undefined ? [] : [this.#leases.hold(blob)]));
    const rows = new Map(wanted.flatMap(({ row }) => (row === undefined ? [] : [[row, small!(row)]])));
    const stream = Readable.from(this.#pieces(wanted, rows), {
      objectMode: false,
      highWaterMark: READ_BYTES,
    });
    stream.once('close', () => {
      for (const release of leases) release();
    });
    return stream;
  }

  /** Deletes files once nobody reads them. Never fails: the next start deletes what is left. */
  discard(blobs: readonly string[]): void {
    if (blobs.length > MOST_AT_ONCE) {
      const discarding = this.#discardInTurns(blobs).finally(() => this.#discarding.delete(discarding));
      this.#discarding.add(discarding);
    } else for (const blob of blobs) this.#leases.abandon(blob);
  }

  /** An object can have 10,000 files, so they are deleted in batches. */
  async #discardInTurns(blobs: readonly string[]): Promise<void> {
    for (let from = 0; from < blobs.length; from += MOST_AT_ONCE) {
      for (const blob of blobs.slice(from, from + MOST_AT_ONCE)) this.#leases.abandon(blob);
      await this.#leases.settled();
    }
  }

  async *#pieces(parts: readonly Part[], rows: ReadonlyMap<number, Uint8Array>): AsyncGenerator<Uint8Array> {
    for (const { blob, row, first, end } of parts) {
      if (blob !== undefined) yield* readFile(this.#path(blob), first, end);
      else if (row !== undefined) yield rows.get(row)!.subarray(first, end);
    }
  }

  readonly #path = (blob: string): string => join(this.#directory, 'blobs', blob.slice(0, 2), blob);
  readonly #incoming = (blob: string): string => join(this.#directory, 'incoming', blob);
}

/** The wanted bytes of a segment, from `first` on and before `end`. */
interface Part extends Pick<Segment, 'blob' | 'row'> {
  first: number;
  end: number;
}

/** Only segments with wanted bytes: a range of an upload in 10,000 parts opens few files. */
function partsWithin(segments: readonly Segment[], range: ByteRange | undefined): Part[] {
  const parts: Part[] = [];
  let offset = 0;
  for (const { blob, row, size } of segments) {
    const first = Math.max((range?.first ?? 0) - offset, 0);
    const end = Math.min((range?.last ?? Number.MAX_SAFE_INTEGER) + 1 - offset, size);
    offset += size;
    if (first < end) parts.push({ blob, row, first, end });
  }
  return parts;
}

const joined = (pieces: readonly Uint8Array[]): Uint8Array =>
  pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);

async function* readFile(path: string, first: number, end: number): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  try {
    for (let position = first; position < end; ) {
      const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, end - position));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) throw new OperationalError('StateUnreadable', `${path} is shorter than it was.`);
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let written = 0; written < piece.length; ) {
    written += (await file.write(piece, written)).bytesWritten;
  }
}
