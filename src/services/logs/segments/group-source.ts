// What a reader must know of a log group: its segments, and the streams whose events count.

import type { SegmentPlace } from './paths.ts';

/** The segments of one log group, as they were when the request was made. */
export interface GroupSource {
  name: string;
  /** As in the field `@log`: account and name. */
  log: string;
  isLambda: boolean;
  /** Name by number. The events of any other stream are deleted. */
  streams: ReadonlyMap<number, string>;
  /** The oldest first. */
  places: readonly SegmentPlace[];
  /** Older events have expired. Milliseconds since the epoch. */
  least: number;
}
