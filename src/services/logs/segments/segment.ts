// A segment in memory: some ten thousand events of one log group as columns. Rows are ordered by stream, and within a
// stream by sequence number. Pure.

import { type Column, ColumnBuilder } from './columns.ts';
import { discover } from './discover.ts';
import type { Batch } from './lines.ts';

/** A segment. Times are in milliseconds since the epoch. */
export interface Segment {
  rows: number;
  /** Where each stream's rows are. */
  streams: readonly StreamRows[];
  at: Float64Array;
  ingestedAt(): Float64Array;
  sequence(): Float64Array;
  message(row: number): string;
  /** The fields that occur in the segment, with the number of rows that have them. */
  fields(): ReadonlyMap<string, number>;
  /** `undefined` when no row has the field. */
  column(name: string): Column | undefined;
}

/** The rows from `first` on, `count` of them. */
export interface StreamRows {
  stream: number;
  first: number;
  count: number;
}

/** Events with more different fields together: the fields that come later are not discovered. */
const MOST_FIELDS = 1_000;

interface Row {
  stream: number;
  sequence: number;
  at: number;
  ingestedAt: number;
  message: string;
}

/** What stays in a segment. */
export interface Keeping {
  /** Streams that still exist. When absent, all do. */
  streams?: ReadonlySet<number> | undefined;
  /** Whether the log group is a function's. */
  isLambda: boolean;
}

/** Builds a segment of batches. `message` and the columns are complete; nothing refers to the batches any more. */
export function segmentOf(batches: Iterable<Batch>, { streams: kept, isLambda }: Keeping): Segment {
  const rows: Row[] = [];
  for (const { stream, ingestedAt, firstSequence, events } of batches) {
    if (kept && !kept.has(stream)) continue;
    for (const [index, { at, message }] of events.entries()) {
      rows.push({ stream, sequence: firstSequence + index, at, ingestedAt, message });
    }
  }
  rows.sort((a, b) => a.stream - b.stream || a.sequence - b.sequence);
  const builders = new Map<string, ColumnBuilder>();
  for (const [row, { message }] of rows.entries()) {
    discover(message, isLambda, (name, value) => {
      let builder = builders.get(name);
      if (!builder) {
        if (builders.size >= MOST_FIELDS) return;
        builders.set(name, (builder = new ColumnBuilder()));
      }
      builder.add(row, value);
    });
  }
  const fields = new Map([...builders].map(([name, builder]) => [name, builder.rows.length]));
  const columns = new Map<string, Column>();
  const ingestedAt = Float64Array.from(rows, (row) => row.ingestedAt);
  const sequence = Float64Array.from(rows, (row) => row.sequence);
  return {
    rows: rows.length,
    streams: streamRows(rows),
    at: Float64Array.from(rows, (row) => row.at),
    ingestedAt: () => ingestedAt,
    sequence: () => sequence,
    message: (row) => rows[row]!.message,
    fields: () => fields,
    column(name) {
      const builder = builders.get(name);
      let column = columns.get(name);
      if (!column && builder) columns.set(name, (column = builder.build(rows.length)));
      return column;
    },
  };
}

function streamRows(rows: readonly Row[]): StreamRows[] {
  const found: StreamRows[] = [];
  for (const [row, { stream }] of rows.entries()) {
    const last = found.at(-1);
    if (last?.stream === stream) last.count++;
    else found.push({ stream, first: row, count: 1 });
  }
  return found;
}

/** The batches that make the same segment again: one a run of rows that arrived together. */
export function* batchesOf(segment: Segment): Generator<Batch> {
  const [ingestedAt, sequence] = [segment.ingestedAt(), segment.sequence()];
  for (const { stream, first, count } of segment.streams) {
    for (let row = first; row < first + count; row++) {
      yield {
        ...{ stream, ingestedAt: ingestedAt[row]!, firstSequence: sequence[row]! },
        events: [{ at: segment.at[row]!, message: segment.message(row) }],
      };
    }
  }
}
