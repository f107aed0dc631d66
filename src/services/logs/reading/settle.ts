// Settles a closed segment: writes its columns without the events of deleted streams.

import { columnsPath, type SegmentPlace, withSegment } from '../segments/paths.ts';
import { batchesOf, type Keeping, type Segment, segmentOf } from '../segments/segment.ts';
import { writeSegment } from '../segments/segment-file.ts';

/** Asks to settle a segment. */
export interface SettleRequest {
  kind: 'settle';
  place: SegmentPlace;
  keeping: Keeping;
}

/** What the settled segment has; bytes as AWS counts them. */
export interface Settled {
  events: number;
  bytes: number;
  firstAt: number;
  lastAt: number;
}

/** AWS: what CloudWatch Logs adds to the size of each message. */
const EVENT_OVERHEAD_BYTES = 26;

/** The columns exist afterwards, unless nothing is left. */
export function settle({ place, keeping }: SettleRequest): Settled {
  const settled = withSegment(place, keeping, (segment) => {
    const isClean = segment.streams.every(({ stream }) => keeping.streams?.has(stream) ?? true);
    const kept = isClean ? segment : segmentOf(batchesOf(segment), keeping);
    if (kept.rows > 0) writeSegment(columnsPath(place.base), kept);
    return measured(kept);
  });
  return settled ?? { events: 0, bytes: 0, firstAt: 0, lastAt: 0 };
}

function measured(segment: Segment): Settled {
  let bytes = segment.rows * EVENT_OVERHEAD_BYTES;
  let firstAt = Number.MAX_SAFE_INTEGER;
  let lastAt = 0;
  for (let row = 0; row < segment.rows; row++) {
    bytes += Buffer.byteLength(segment.message(row));
    firstAt = Math.min(firstAt, segment.at[row]!);
    lastAt = Math.max(lastAt, segment.at[row]!);
  }
  return { events: segment.rows, bytes, firstAt, lastAt };
}
