// The rows of segments: the fields that CloudWatch Logs adds to each event, and the discovered ones.

import type { Column } from '../segments/columns.ts';
import type { GroupSource } from '../segments/group-source.ts';
import { withSegment } from '../segments/paths.ts';
import type { Segment } from '../segments/segment.ts';
import type { Compiled, Read } from './language/compile.ts';
import { pointerText } from './pointer.ts';
import type { Rows } from './rows.ts';

/** How far a query is. Bytes as AWS counts them. */
export interface Scanned {
  recordsScanned: number;
  bytesScanned: number;
}

/** Which events. Times are in milliseconds since the epoch. */
export interface EventsAsked {
  sources: readonly GroupSource[];
  /** Inclusive. */
  from: number;
  /** Exclusive. */
  to: number;
}

/** Reads one segment after another. `onProgress` is called after each. */
export function eventRows({ sources, from, to }: EventsAsked, onProgress: (scanned: Scanned) => void): Rows {
  const resets: (() => void)[] = [];
  let segment: Segment;
  let source: GroupSource;
  /** The stream of each row, as far as it was asked for. */
  let rowStreams: Uint32Array | undefined;
  const streamOf = (row: number): number => {
    rowStreams ??= streamsByRow(segment);
    return rowStreams[row]!;
  };

  const OWN: Readonly<Record<string, Compiled>> = {
    '@timestamp': { read: (row) => segment.at[row], isTime: true },
    '@ingestionTime': { read: (row) => segment.ingestedAt()[row], isTime: true },
    '@message': { read: (row) => segment.message(row) },
    '@logStream': { read: (row) => source.streams.get(streamOf(row)) },
    '@log': { read: () => source.log },
    '@ptr': {
      read: (row) =>
        pointerText({
          ...{ group: source.name, stream: source.streams.get(streamOf(row))! },
          ...{ at: segment.at[row]!, sequence: segment.sequence()[row]! },
        }),
    },
  };

  function discovered(name: string): Read {
    let column: Column | undefined;
    let isLoaded = false;
    resets.push(() => {
      isLoaded = false;
    });
    return (row) => {
      if (!isLoaded) {
        column = segment.column(name);
        isLoaded = true;
      }
      if (column === undefined) return undefined;
      if (column.kind === 'number') {
        const value = column.values[row]!;
        return Number.isNaN(value) ? undefined : value;
      }
      const code = column.codes[row]!;
      return code === 0 ? undefined : column.texts[code];
    };
  }

  const known = new Map<string, Compiled>();
  const rows: Rows = {
    field(name) {
      if (Object.hasOwn(OWN, name)) return OWN[name]!;
      let found = known.get(name);
      if (!found) known.set(name, (found = { read: discovered(name) }));
      return found;
    },
    named: () => undefined,
    scan(isAscending, visit, flush) {
      let [recordsScanned, bytesScanned] = [0, 0];
      for (const { place, source: group } of placesOf(sources, isAscending)) {
        withSegment(place, { isLambda: group.isLambda }, (opened) => {
          [segment, source, rowStreams] = [opened, group, undefined];
          for (const reset of resets) reset();
          recordsScanned += visitRows(opened, { source, from, to }, isAscending, visit);
          flush();
        });
        bytesScanned += place.bytes;
        onProgress({ recordsScanned, bytesScanned });
      }
    },
    onBatch: (reset) => void resets.push(reset),
    areEvents: true,
  };
  return rows;
}

function placesOf(sources: readonly GroupSource[], isAscending: boolean) {
  const places = sources.flatMap((source) => source.places.map((place) => ({ place, source })));
  places.sort((a, b) => a.place.lastAt - b.place.lastAt);
  return isAscending ? places : places.reverse();
}

/** Visits the rows of existing streams in the range, and returns their number. */
function visitRows(
  segment: Segment,
  { source, from, to }: { source: GroupSource; from: number; to: number },
  isAscending: boolean,
  visit: (row: number) => void,
): number {
  const least = Math.max(from, source.least);
  const { at } = segment;
  let count = 0;
  for (const { stream, first, count: length } of segment.streams) {
    if (!source.streams.has(stream)) continue;
    for (let index = 0; index < length; index++) {
      const row = isAscending ? first + index : first + length - 1 - index;
      if (at[row]! < least || at[row]! >= to) continue;
      count++;
      visit(row);
    }
  }
  return count;
}

function streamsByRow(segment: Segment): Uint32Array {
  const streams = new Uint32Array(segment.rows);
  for (const { stream, first, count } of segment.streams) streams.fill(stream, first, first + count);
  return streams;
}
