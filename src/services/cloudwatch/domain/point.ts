// What is kept of one metric at one time: a count, a sum, the extremes, and, where percentiles can be told, which
// values there were. Pure.

/** A time of one metric in one unit. */
export interface Point {
  /** Seconds since the epoch: the beginning of the second, minute… that it sums up. */
  at: number;
  /** Its place in UNITS. */
  unit: number;
  count: number;
  sum: number;
  minimum: number;
  maximum: number;
  /** The distinct values, each followed by how often it came. Absent where it is one value, or was never told. */
  values?: readonly number[];
}

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

export type Unit = (typeof UNITS)[number];

export const NO_UNIT = UNITS.indexOf('None');

/** As many distinct values as one call may bring for a metric are kept as they are; more are kept to 2 %. */
const MOST_VALUES = 150;
const STEP = Math.log(1.02);

export const pointOfValue = (at: number, unit: number, value: number): Point => ({
  ...{ at, unit, count: 1, sum: value },
  ...{ minimum: value, maximum: value },
});

/** Values each with how often it came; there is at least one. */
export function pointOfValues(at: number, unit: number, pairs: readonly number[]): Point {
  const aggregate = new Aggregate();
  aggregate.addValues(pairs);
  return aggregate.point(at, unit);
}

/** The values of a point, each followed by how often it came; `undefined` when they cannot be told. */
export function valuesOf(point: Omit<Point, 'at' | 'unit'>): readonly number[] | undefined {
  // AWS: of a statistic set too, when all its values must have been the same.
  return point.values ?? (point.minimum === point.maximum ? [point.minimum, point.count] : undefined);
}

/** Sums up points. */
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

  /** In order of value. */
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

/** To the nearest of steps of 2 %; twice is as once. */
function rounded(value: number): number {
  if (value === 0) return 0;
  const size = Math.exp(Math.round(Math.log(Math.abs(value)) / STEP) * STEP);
  return Math.sign(value) * size;
}
