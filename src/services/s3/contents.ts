// The bytes of objects: large ones in files, small ones in the database. Which, only this file knows; to all others
// they are segments.

import type { Readable } from 'node:stream';
import type { Blobs, ByteRange } from './blobs.ts';
import type { Content, Segment } from './domain/records.ts';
import { SMALL_BYTES, type SmallContents } from './small-contents.ts';

/** Bytes that came, before a record refers to them: in a file already, or here. */
export type Received = Content & { bytes?: Uint8Array };

export class Contents {
  readonly #blobs: Blobs;
  readonly #small: SmallContents;

  constructor(blobs: Blobs, small: SmallContents) {
    this.#blobs = blobs;
    this.#small = small;
  }

  /** `observe` sees each piece, and may throw; then, as on any failure, nothing is left. */
  async write(
    source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    observe: (piece: Uint8Array, sizeSoFar: number) => void,
  ): Promise<Pick<Received, 'segments' | 'size' | 'bytes'>> {
    const written = await this.#blobs.write(source, observe, SMALL_BYTES);
    const { blob, bytes, size } = written;
    return { size, segments: blob === undefined ? [] : [{ blob, size }], ...(bytes && { bytes }) };
  }

  /** What is to be recorded of it. To be called in the transaction that records it. */
  keep({ bytes, ...content }: Received): Content {
    if (!bytes || bytes.length === 0) return content;
    return { ...content, segments: [{ row: this.#small.add(bytes), size: bytes.length }] };
  }

  /** All bytes in order, or a range of them. Files are kept until the stream is closed; small ones come at once. */
  read(segments: readonly Segment[], range?: ByteRange): Uint8Array | Readable {
    const { row, blob } = segments[0] ?? {};
    if (segments.length > 1 || blob !== undefined) {
      return this.#blobs.read(segments, range, (small) => this.#small.get(small));
    }
    if (row === undefined) return NOTHING;
    const bytes = this.#small.get(row);
    return range ? bytes.subarray(range.first, range.last + 1) : bytes;
  }

  /** Deletes rows, and returns the names of the files for the caller to delete. To be called in a transaction. */
  release(segments: readonly Segment[]): string[] {
    const files: string[] = [];
    for (const { row, blob } of segments) {
      if (row !== undefined) this.#small.delete(row);
      if (blob !== undefined) files.push(blob);
    }
    return files;
  }

  /** For bytes of which nothing is recorded, and for files that were released. Never fails. */
  discard(files: readonly string[]): void {
    this.#blobs.discard(files);
  }
}

const NOTHING = new Uint8Array();
