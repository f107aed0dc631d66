// What is stored of a metric at one time: a count, a sum, the extremes and, for percentiles, the distinct values.
// Pure.

/** The aggregate of a metric's values in one unit, for one period of time. */
export interface Point {
  /** The beginning of the aggregated second, minute…, in seconds since the epoch. */
  at: number;
  /** Index in UNITS. */
  unit: number;
  count: number;
  sum: number;
  minimum: number;
  maximum: number;
  /** The distinct values, each followed by its count. Absent if all values are equal, or if they are unknown. */
  values?: readonly number[];
}

/** AWS's units. Points store the index, so the order must not change. */
export const UNITS = [
  'Seconds',
  'Microseconds',
  'Milliseconds',
  'Bytes',
  'Kilobytes',
  'Megabytes',
  'Gigabytes',
  'Terabytes',
  'Bits',
  'Kilobits',
  'Megabits',
  'Gigabits',
  'Terabits',
  'Percent',
  'Count',
  'Bytes/Second',
  'Kilobytes/Second',
  'Megabytes/Second',
  'Gigabytes/Second',
  'Terabytes/Second',
  'Bits/Second',
  'Kilobits/Second',
  'Megabits/Second',
  'Gigabits/Second',
  'Terabits/Second',
  'Count/Second',
  'None',
] as const;

/** A unit of AWS. */
export type Unit = (typeof UNITS)[number];

/** The index of the default unit. */
export const NO_UNIT = UNITS.indexOf('None');

/** Up to this number of distinct values is kept exactly, as many as one call may put; more are rounded to 2 %. */
const MOST_VALUES = 150;
const STEP = Math.log(1.02);

/** A point of one value. */
export const pointOfValue = (at: number, unit: number, value: number): Point => ({
  ...{ at, unit, count: 1, sum: value },
  ...{ minimum: value, maximum: value },
});

/** `pairs`: each value followed by its count. There must be at least one. */
export function pointOfValues(at: number, unit: number, pairs: readonly number[]): Point {
  const aggregate = new Aggregate();
  aggregate.addValues(pairs);
  return aggregate.point(at, unit);
}

/** Each value followed by its count; `undefined` if the values are unknown. */
export function valuesOf(point: Omit<Point, 'at' | 'unit'>): readonly number[] | undefined {
  // AWS: the values of a statistic set are known if its minimum and maximum are equal.
  return point.values ?? (point.minimum === point.maximum ? [point.minimum, point.count] : undefined);
}

/** Aggregates points. */
export class Aggregate {
  count = 0;
  sum = 0;
  minimum = Number.POSITIVE_INFINITY;
  maximum = Number.NEGATIVE_INFINITY;
  #values: Map<number, number> | undefined = new Map();

  add(point: Point): void {
    const values = valuesOf(point);
    this.count += point.count;
    this.sum += point.sum;
    this.minimum = Math.min(this.minimum, point.minimum);
    this.maximum = Math.max(this.maximum, point.maximum);
    if (values) this.#remember(values);
    else this.#values = undefined;
  }

  addValues(pairs: readonly number[]): void {
    for (let index = 0; index < pairs.length; index += 2) {
      const [value, count] = [pairs[index]!, pairs[index + 1]!];
      this.count += count;
      this.sum += value * count;
      this.minimum = Math.min(this.minimum, value);
      this.maximum = Math.max(this.maximum, value);
    }
    this.#remember(pairs);
  }

  #remember(pairs: readonly number[]): void {
    const values = this.#values;
    if (!values) return;
    for (let index = 0; index < pairs.length; index += 2) {
      values.set(pairs[index]!, (values.get(pairs[index]!) ?? 0) + pairs[index + 1]!);
    }
    if (values.size > MOST_VALUES) this.#values = coarser(values);
  }

  /** In ascending order; `undefined` if the values of a point are unknown. */
  values(): (readonly [value: number, count: number])[] | undefined {
    return this.#values && [...this.#values].sort(([a], [b]) => a - b);
  }

  point(at: number, unit: number): Point {
    const { count, sum, minimum, maximum } = this;
    const base = { at, unit, count, sum, minimum, maximum };
    const values = minimum === maximum ? undefined : this.values();
    return values ? { ...base, values: values.flat() } : base;
  }
}

function coarser(values: ReadonlyMap<number, number>): Map<number, number> {
  const result = new Map<number, number>();
  for (const [value, count] of values) {
    const kept = rounded(value);
    result.set(kept, (result.get(kept) ?? 0) + count);
  }
  return result;
}

/** Rounds to the nearest step of 2 %. Idempotent. */
function rounded(value: number): number {
  if (value === 0) return 0;
  const size = Math.exp(Math.round(Math.log(Math.abs(value)) / STEP) * STEP);
  return Math.sign(value) * size;
}
