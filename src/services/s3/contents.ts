// The bytes of objects. Large contents are in files, small ones in the database; all other files see segments only.

import type { Readable } from 'node:stream';
import type { Blobs, ByteRange } from './blobs.ts';
import type { Content, Segment } from './domain/records.ts';
import { SMALL_BYTES, type SmallContents } from './small-contents.ts';

/** Received bytes that no record refers to yet: in a file already, or in `bytes`. */
export type Received = Content & { bytes?: Uint8Array };

/** Writes, reads and deletes the bytes of objects. */
export class Contents {
  readonly #blobs: Blobs;
  readonly #small: SmallContents;

  constructor(blobs: Blobs, small: SmallContents) {
    this.#blobs = blobs;
    this.#small = small;
  }

  /** Writes bytes. `observe` receives each piece and may throw; after any failure nothing is left. */
  async write(
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    observe: (piece: Uint8Array, sizeSoFar: number) => void,
  ): Promise<Pick<Received, 'segments' | 'size' | 'bytes'>> {
    const written = await this.#blobs.write(source, observe, SMALL_BYTES);
    const { blob, bytes, size } = written;
    return { size, segments: blob === undefined ? [] : [{ blob, size }], ...(bytes && { bytes }) };
  }

  /** Stores small bytes and returns the content to record. Call it in the transaction that records it. */
  keep({ bytes, ...content }: Received): Content {
    if (!bytes || bytes.length === 0) return content;
    return { ...content, segments: [{ row: this.#small.add(bytes), size: bytes.length }] };
  }

  /**
   * All bytes in order, or a range of them. Files are held until the stream is closed; small contents are returned at
   * once.
   */
  read(segments: readonly Segment[], range?: ByteRange): Uint8Array | Readable {
    const { row, blob } = segments[0] ?? {};
    if (segments.length > 1 || blob !== undefined) {
      return this.#blobs.read(segments, range, (small) => this.#small.get(small));
    }
    if (row === undefined) return NOTHING;
    const bytes = this.#small.get(row);
    return range ? bytes.subarray(range.first, range.last + 1) : bytes;
  }

  /** Deletes rows and returns the names of the files, for the caller to delete. Call it in a transaction. */
  release(segments: readonly Segment[]): string[] {
    const files: string[] = [];
    for (const { row, blob } of segments) {
      if (row !== undefined) this.#small.delete(row);
      if (blob !== undefined) files.push(blob);
    }
    return files;
  }

  /** Deletes files that were released or never recorded. Never fails. */
  discard(files: readonly string[]): void {
    this.#blobs.discard(files);
  }
}

const NOTHING = new Uint8Array();
