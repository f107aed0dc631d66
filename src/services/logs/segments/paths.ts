// Where the files of a segment are, and how a reader opens them while Millpond may replace one by the other. A segment
// begins as lines (`N.lines`); once closed, a thread writes its columns (`N.columns`), and then the lines are deleted.

import { closeSync, openSync, readSync } from 'node:fs';
import { type Batch, batchesIn } from './lines.ts';
import { type Keeping, type Segment, segmentOf } from './segment.ts';
import { DamagedSegment, openSegment } from './segment-file.ts';

/** What a reader must know of a segment. Times are in milliseconds since the epoch, both inclusive. */
export interface SegmentPlace {
  /** The path without its ending. */
  base: string;
  /** The bytes of the lines that are committed. The file may have more, which do not count. */
  lineBytes: number;
  firstAt: number;
  lastAt: number;
  /** As AWS counts them: of messages, and 26 an event. */
  bytes: number;
}

export const linesPath = (base: string): string => `${base}.lines`;
export const columnsPath = (base: string): string => `${base}.columns`;

/**
 * Opens a segment, calls `use` and closes it. Returns `undefined` for a segment that was deleted meanwhile, or that a
 * power failure destroyed.
 */
export function withSegment<T>(
  place: SegmentPlace,
  keeping: Keeping,
  use: (segment: Segment) => T,
): T | undefined {
  // The lines are deleted after the columns were written: who finds no lines finds columns at the second attempt.
  for (const attempt of [fromColumns, fromLines, fromColumns]) {
    const opened = unlessAbsent(() => attempt(place, keeping));
    if (!opened) continue;
    try {
      return use(opened.segment);
    } finally {
      opened.close();
    }
  }
  return undefined;
}

interface Opened {
  segment: Segment;
  close(): void;
}

function fromColumns({ base }: SegmentPlace): Opened {
  const segment = openSegment(columnsPath(base));
  return { segment, close: segment.close };
}

function fromLines(place: SegmentPlace, keeping: Keeping): Opened {
  return { segment: segmentOf(batchesOfLines(place), keeping), close: () => {} };
}

/** The batches of a segment's lines. */
export function batchesOfLines({ base, lineBytes }: SegmentPlace): Generator<Batch> {
  const file = openSync(linesPath(base), 'r');
  try {
    const bytes = Buffer.allocUnsafe(lineBytes);
    let done = 0;
    while (done < lineBytes) {
      const count = readSync(file, bytes, done, lineBytes - done, done);
      if (count === 0) break;
      done += count;
    }
    return batchesIn(bytes.subarray(0, done));
  } finally {
    closeSync(file);
  }
}

function unlessAbsent<T>(open: () => T): T | undefined {
  try {
    return open();
  } catch (error) {
    if (error instanceof DamagedSegment) return undefined;
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
