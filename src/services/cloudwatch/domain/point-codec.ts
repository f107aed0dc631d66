// Encodes points as bytes, in two forms: the journal's entries, each with its metric, and the blocks' series, all
// points of a metric in order of time. Pure.

import { ByteReader, ByteWriter } from './bytes.ts';
import { type Point, pointOfValue, pointOfValues } from './point.ts';

/** A point of the journal. `metric` is its number in the index, `resolution` is in seconds. */
export interface Entry {
  metric: number;
  resolution: number;
  point: Point;
}

const ONE_VALUE = 0;
const VALUES = 1;
const SET = 2;
const SET_WITH_VALUES = 3;
const KINDS = 4;

/** The journal's form. */
export function encodeEntries(entries: readonly Entry[]): Uint8Array {
  const writer = new ByteWriter();
  for (const { metric, resolution, point } of entries) {
    writer.whole(metric);
    writer.whole(resolution);
    writer.whole(point.at);
    writeContent(writer, point);
  }
  return writer.finish();
}

/** Throws RangeError for truncated bytes. */
export function decodeEntries(bytes: Uint8Array): Entry[] {
  const reader = new ByteReader(bytes);
  const entries: Entry[] = [];
  while (!reader.isAtEnd) {
    const entry = { metric: reader.whole(), resolution: reader.whole() };
    const point = readContent(reader, reader.whole());
    entries.push({ ...entry, point });
  }
  return entries;
}

/** Metric -> its points, sorted by time. */
export type Series = Map<number, Point[]>;

/** The blocks' form. `start` is at most the time of the first point, in seconds. */
export function encodeSeries(series: Series, start: number): Uint8Array {
  const writer = new ByteWriter();
  for (const [metric, points] of series) {
    const content = new ByteWriter();
    let before = start;
    for (const point of points) {
      content.whole(point.at - before);
      before = point.at;
      writeContent(content, point);
    }
    const bytes = content.finish();
    writer.whole(metric);
    writer.whole(bytes.length);
    writer.bytes(bytes);
  }
  return writer.finish();
}

/** `start` as for `encodeSeries`. With `wanted`, decodes only those metrics. Throws RangeError for truncated bytes. */
export function decodeSeries(bytes: Uint8Array, start: number, wanted?: ReadonlySet<number>): Series {
  const reader = new ByteReader(bytes);
  const series: Series = new Map();
  while (!reader.isAtEnd) {
    const metric = reader.whole();
    const content = reader.bytes(reader.whole());
    if (!wanted || wanted.has(metric)) series.set(metric, decodePoints(content, start));
  }
  return series;
}

function decodePoints(bytes: Uint8Array, start: number): Point[] {
  const reader = new ByteReader(bytes);
  const points: Point[] = [];
  let at = start;
  while (!reader.isAtEnd) {
    at += reader.whole();
    points.push(readContent(reader, at));
  }
  return points;
}

function writeContent(writer: ByteWriter, point: Point): void {
  const kind = kindOf(point);
  writer.byte(point.unit * KINDS + kind);
  if (kind === ONE_VALUE) {
    writer.number(point.minimum);
    return;
  }
  if (kind !== VALUES) {
    for (const number of [point.count, point.sum, point.minimum, point.maximum]) writer.number(number);
    if (kind === SET) return;
  }
  writer.whole(point.values!.length);
  for (const number of point.values!) writer.number(number);
}

/** Count, sum and extremes are not stored if they follow from the values. */
function kindOf(point: Point): number {
  const { count, sum, minimum, maximum, values } = point;
  if (!values) return count === 1 && minimum === maximum && sum === minimum ? ONE_VALUE : SET;
  const derived = pointOfValues(point.at, point.unit, values);
  const isDerived =
    derived.count === count &&
    derived.sum === sum &&
    derived.minimum === minimum &&
    derived.maximum === maximum &&
    derived.values?.length === values.length;
  return isDerived ? VALUES : SET_WITH_VALUES;
}

function readContent(reader: ByteReader, at: number): Point {
  const head = reader.byte();
  const unit = Math.floor(head / KINDS);
  const kind = head % KINDS;
  if (kind === ONE_VALUE) return pointOfValue(at, unit, reader.number());
  if (kind === VALUES) return pointOfValues(at, unit, readValues(reader));
  const [count, sum] = [reader.number(), reader.number()];
  const [minimum, maximum] = [reader.number(), reader.number()];
  const point = { at, unit, count, sum, minimum, maximum };
  return kind === SET ? point : { ...point, values: readValues(reader) };
}

function readValues(reader: ByteReader): number[] {
  const length = reader.whole();
  const values: number[] = [];
  for (let index = 0; index < length; index++) values.push(reader.number());
  return values;
}
