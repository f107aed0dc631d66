// The file of a closed segment: the columns one after another, an index in JSON, the index's length and a mark. A reader
// reads the index and then only the columns that it needs.

import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import type { Column } from './columns.ts';
import type { Segment, StreamRows } from './segment.ts';

/** Where a column of bytes lies in the file. */
type Place = [offset: number, bytes: number];

interface FieldPlaces {
  kind: Column['kind'];
  /** The number of rows that have the field. */
  present: number;
  /** The rows that have the field, as Uint32; absent when there is a value for every row. */
  rows?: Place;
  /** Float64 numbers, or Uint32 codes. */
  values: Place;
  /** Of a text column: the texts after the first, one after another, and the ends of each, in UTF-16 units. */
  texts?: Place;
  ends?: Place;
}

interface Index {
  version: 1;
  rows: number;
  streams: [stream: number, first: number, count: number][];
  at: Place;
  ingestedAt: Place;
  sequence: Place;
  /** The messages one after another in UTF-8, and the end of each in UTF-16 units. */
  text: Place;
  ends: Place;
  fields: Record<string, FieldPlaces>;
}

const MARK = 0x4d4c5331;
const TAIL_BYTES = 8;
/** A field that fewer rows have is stored with the numbers of its rows. */
const DENSE_SHARE = 0.5;

/** Writes the segment beside `path` and renames it, so that the file is complete whenever it exists. */
export function writeSegment(path: string, segment: Segment): void {
  const partial = `${path}.new`;
  const file = openSync(partial, 'w', 0o600);
  try {
    writeParts(file, segment);
    // The lines are deleted afterwards.
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(partial, path);
}

function writeParts(file: number, segment: Segment): void {
  let offset = 0;
  const put = (data: NodeJS.ArrayBufferView): Place => {
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    const place: Place = [offset, bytes.length];
    offset += bytes.length;
    return place;
  };
  const { rows } = segment;
  const messages = Array.from({ length: rows }, (_, row) => segment.message(row));
  const fields: Record<string, FieldPlaces> = Object.create(null);
  for (const name of segment.fields().keys()) fields[name] = putField(put, segment.column(name)!, rows);
  const index: Index = {
    version: 1,
    rows,
    streams: segment.streams.map(({ stream, first, count }) => [stream, first, count]),
    at: put(segment.at),
    ingestedAt: put(segment.ingestedAt()),
    sequence: put(segment.sequence()),
    text: put(Buffer.from(messages.join(''))),
    ends: put(endsOf(messages)),
    fields,
  };
  const [, indexBytes] = put(Buffer.from(JSON.stringify(index)));
  const tail = Buffer.alloc(TAIL_BYTES);
  tail.writeUInt32LE(indexBytes, 0);
  tail.writeUInt32LE(MARK, 4);
  put(tail);
}

function putField(
  put: (data: NodeJS.ArrayBufferView) => Place,
  column: Column,
  rowCount: number,
): FieldPlaces {
  const all = column.kind === 'number' ? column.values : column.codes;
  const isPresent = (row: number) => (column.kind === 'number' ? !Number.isNaN(all[row]!) : all[row] !== 0);
  const rows: number[] = [];
  for (let row = 0; row < rowCount; row++) if (isPresent(row)) rows.push(row);
  const isDense = rows.length >= rowCount * DENSE_SHARE;
  const present = rows.length;
  const texts = column.kind === 'text' ? column.texts.slice(1) : undefined;
  return {
    kind: column.kind,
    present,
    ...(!isDense && { rows: put(Uint32Array.from(rows)) }),
    values: put(isDense ? all : (all.constructor as typeof Float64Array).from(rows, (row) => all[row]!)),
    ...(texts && { texts: put(Buffer.from(texts.join(''))), ends: put(endsOf(texts)) }),
  };
}

function endsOf(texts: readonly string[]): Uint32Array {
  let end = 0;
  return Uint32Array.from(texts, (text) => (end += text.length));
}

/** A segment whose columns are read from the file when they are asked for. Close it after use. */
export interface OpenSegment extends Segment {
  close(): void;
}

/** A file that is no segment: what a power failure can leave. */
export class DamagedSegment extends Error {
  override readonly name = 'DamagedSegment';
}

/** Throws the system's error (`ENOENT`), or DamagedSegment. */
export function openSegment(path: string): OpenSegment {
  const file = openSync(path, 'r');
  try {
    return segmentIn(file, readIndex(file, path));
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function readIndex(file: number, path: string): Index {
  const { size } = fstatSync(file);
  const tail = read(file, [Math.max(0, size - TAIL_BYTES), Math.min(size, TAIL_BYTES)]);
  if (tail.length < TAIL_BYTES || tail.readUInt32LE(4) !== MARK)
    throw new DamagedSegment(`${path} is no segment`);
  const bytes = tail.readUInt32LE(0);
  if (bytes > size - TAIL_BYTES) throw new DamagedSegment(`${path} is cut`);
  const index = JSON.parse(read(file, [size - TAIL_BYTES - bytes, bytes]).toString()) as Index;
  if (index.version !== 1) throw new DamagedSegment(`${path} is of a newer Millpond`);
  return index;
}

function read(file: number, [offset, bytes]: Place): Buffer<ArrayBuffer> {
  const buffer = Buffer.from(new ArrayBuffer(bytes));
  for (let done = 0; done < bytes; ) {
    const count = readSync(file, buffer, done, bytes - done, offset + done);
    if (count === 0) throw new DamagedSegment('A segment is cut.');
    done += count;
  }
  return buffer;
}

function segmentIn(file: number, index: Index): OpenSegment {
  const numbers = (place: Place) => new Float64Array(read(file, place).buffer);
  const integers = (place: Place) => new Uint32Array(read(file, place).buffer);
  const lazily = <T>(load: () => T) => {
    let loaded: T | undefined;
    return () => (loaded ??= load());
  };
  const text = lazily(() => read(file, index.text).toString());
  const ends = lazily(() => integers(index.ends));
  const columns = new Map<string, Column>();
  const fieldOf = (name: string) => (Object.hasOwn(index.fields, name) ? index.fields[name] : undefined);

  const load = (places: FieldPlaces): Column => {
    const rows = places.rows && integers(places.rows);
    if (places.kind === 'number') {
      const values = numbers(places.values);
      return {
        kind: 'number',
        values: rows ? spread(new Float64Array(index.rows).fill(Number.NaN), rows, values) : values,
      };
    }
    const codes = integers(places.values);
    return {
      kind: 'text',
      codes: rows ? spread(new Uint32Array(index.rows), rows, codes) : codes,
      texts: ['', ...cut(read(file, places.texts!).toString(), integers(places.ends!))],
    };
  };

  return {
    rows: index.rows,
    streams: index.streams.map(([stream, first, count]): StreamRows => ({ stream, first, count })),
    at: numbers(index.at),
    ingestedAt: lazily(() => numbers(index.ingestedAt)),
    sequence: lazily(() => numbers(index.sequence)),
    message: (row) => text().slice(row === 0 ? 0 : ends()[row - 1], ends()[row]),
    fields: lazily(() => new Map(Object.entries(index.fields).map(([name, { present }]) => [name, present]))),
    column(name) {
      const places = fieldOf(name);
      if (!places) return undefined;
      let column = columns.get(name);
      if (!column) columns.set(name, (column = load(places)));
      return column;
    },
    close: () => closeSync(file),
  };
}

function spread<T extends Float64Array | Uint32Array>(all: T, rows: Uint32Array, values: T): T {
  for (let index = 0; index < rows.length; index++) all[rows[index]!] = values[index]!;
  return all;
}

function cut(text: string, ends: Uint32Array): string[] {
  let start = 0;
  return Array.from(ends, (end) => {
    const one = text.slice(start, end);
    start = end;
    return one;
  });
}
