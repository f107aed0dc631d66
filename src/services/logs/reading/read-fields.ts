// Reads the fields of a group's events: how often each occurs, and all fields of one event.

import { readPointer } from '../insights/pointer.ts';
import { valueIn } from '../segments/columns.ts';
import type { GroupSource } from '../segments/group-source.ts';
import { withSegment } from '../segments/paths.ts';
import type { Segment } from '../segments/segment.ts';

/** Asks which fields the events of a range have. */
export interface FieldsRequest {
  kind: 'fields';
  source: GroupSource;
  /** Inclusive; milliseconds since the epoch. */
  from: number;
  /** Exclusive. */
  to: number;
}

/** Name -> the number of events that have it. */
export interface FieldCounts {
  events: number;
  fields: Map<string, number>;
}

/** Asks for the event that a pointer names, in a source of its stream only. */
export interface RecordRequest {
  kind: 'record';
  source: GroupSource;
  pointer: string;
}

/** Fields that every event has. AWS adds @log, @logStream and others, which have the same share. */
const OWN_FIELDS = ['@timestamp', '@message', '@logStream', '@log', '@ingestionTime'];

/** Counts the discovered fields of the events in the range. */
export function countFields({ source, from, to }: FieldsRequest): FieldCounts {
  const fields = new Map<string, number>();
  let events = 0;
  const least = Math.max(from, source.least);
  for (const place of source.places) {
    withSegment(place, { isLambda: source.isLambda }, (segment) => {
      const rows = rowsIn(segment, source, least, to);
      events += rows.length;
      for (const name of segment.fields().keys()) {
        const column = segment.column(name)!;
        const count = rows.reduce((sum, row) => sum + Number(valueIn(column, row) !== undefined), 0);
        if (count > 0) fields.set(name, (fields.get(name) ?? 0) + count);
      }
    });
  }
  if (events > 0) for (const name of OWN_FIELDS) fields.set(name, events);
  return { events, fields };
}

function rowsIn(segment: Segment, source: GroupSource, from: number, to: number): number[] {
  const rows: number[] = [];
  for (const { stream, first, count } of segment.streams) {
    if (!source.streams.has(stream)) continue;
    for (let row = first; row < first + count; row++) {
      if (segment.at[row]! >= from && segment.at[row]! < to) rows.push(row);
    }
  }
  return rows;
}

/** All fields of the event, as text; `undefined` when it is gone. */
export function readRecord({ source, pointer: text }: RecordRequest): Record<string, string> | undefined {
  const pointer = readPointer(text);
  if (!pointer || pointer.at < source.least) return undefined;
  for (const place of source.places) {
    const found = withSegment(place, { isLambda: source.isLambda }, (segment) => {
      for (const { stream, first, count } of segment.streams) {
        if (source.streams.get(stream) !== pointer.stream) continue;
        const row = rowOf(segment.sequence(), pointer.sequence, first, first + count);
        if (row !== undefined && segment.at[row] === pointer.at) return recordOf(segment, row, source, text);
      }
      return undefined;
    });
    if (found) return found;
  }
  return undefined;
}

/** The row with this sequence number among rows in ascending order. */
function rowOf(sequences: Float64Array, wanted: number, first: number, end: number): number | undefined {
  let [low, high] = [first, end];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sequences[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low < end && sequences[low] === wanted ? low : undefined;
}

function recordOf(
  segment: Segment,
  row: number,
  source: GroupSource,
  pointer: string,
): Record<string, string> {
  const record: Record<string, string> = {
    '@ptr': pointer,
    '@timestamp': String(segment.at[row]),
    '@ingestionTime': String(segment.ingestedAt()[row]),
    '@message': segment.message(row),
    '@log': source.log,
    '@logStream': readPointer(pointer)!.stream,
  };
  for (const name of segment.fields().keys()) {
    const value = valueIn(segment.column(name)!, row);
    if (value !== undefined && !Object.hasOwn(record, name)) {
      Object.defineProperty(record, name, { value: String(value), enumerable: true });
    }
  }
  return record;
}
