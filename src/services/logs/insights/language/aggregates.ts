// The aggregates of `stats`: each collects the values of all groups, which are numbered from 0, and results in one value
// for each group. What they hold of a group is a few numbers. Pure.

import { ownText } from '../../segments/own-text.ts';
import { compareValues, keyOf, numberOf, ownValue, type Value } from './values.ts';

/** Collects values by group. `at` is the event's time, in milliseconds since the epoch. */
export interface Aggregate {
  add(group: number, value: Value, at: number): void;
  result(group: number): Value;
}

/** Numbers by group, 0 at first. */
class Numbers {
  #values = new Float64Array(16);

  get(group: number): number {
    return group < this.#values.length ? this.#values[group]! : 0;
  }

  add(group: number, value: number): void {
    if (group >= this.#values.length) {
      const larger = new Float64Array(2 * group);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[group] = this.#values[group]! + value;
  }
}

/** Keeps one value of each group. `isBetter` compares a value with the kept one. */
function kept(isBetter: (value: Value, best: Value, at: number, bestAt: number) => boolean): Aggregate {
  const best: Value[] = [];
  const bestAt: number[] = [];
  return {
    add(group, value, at) {
      if (value === undefined) return;
      if (best[group] !== undefined && !isBetter(value, best[group], at, bestAt[group]!)) return;
      best[group] = ownValue(value);
      bestAt[group] = at;
    },
    result: (group) => best[group],
  };
}

/** Sums and counts the values that are numbers. */
function summed(result: (sum: number, count: number) => Value): Aggregate {
  const [sums, counts] = [new Numbers(), new Numbers()];
  return {
    add(group, value) {
      const number = numberOf(value);
      if (Number.isNaN(number)) return;
      sums.add(group, number);
      counts.add(group, 1);
    },
    // AWS: without a number there is no result.
    result: (group) => (counts.get(group) === 0 ? undefined : result(sums.get(group), counts.get(group))),
  };
}

/** By the name of the function. */
const AGGREGATES: Readonly<Record<string, () => Aggregate>> = {
  count() {
    const counts = new Numbers();
    return {
      add(group, value) {
        if (value !== undefined) counts.add(group, 1);
      },
      result: (group) => counts.get(group),
    };
  },
  count_distinct() {
    const found: (Set<number | string> | undefined)[] = [];
    return {
      add(group, value) {
        if (value === undefined) return;
        const values = (found[group] ??= new Set());
        const key = keyOf(value)!;
        if (!values.has(key)) values.add(typeof key === 'number' ? key : ownText(key));
      },
      result: (group) => found[group]?.size ?? 0,
    };
  },
  sum: () => summed((sum) => sum),
  avg: () => summed((sum, count) => sum / count),
  // Of all values, not of a sample, by Welford's method. AWS does not say which one it means.
  stddev() {
    const [counts, means, squares] = [new Numbers(), new Numbers(), new Numbers()];
    return {
      add(group, value) {
        const number = numberOf(value);
        if (Number.isNaN(number)) return;
        counts.add(group, 1);
        const distance = number - means.get(group);
        means.add(group, distance / counts.get(group));
        squares.add(group, distance * (number - means.get(group)));
      },
      result: (group) =>
        counts.get(group) === 0 ? undefined : Math.sqrt(squares.get(group) / counts.get(group)),
    };
  },
  min: () => kept((value, best) => compareValues(value, best) < 0),
  max: () => kept((value, best) => compareValues(value, best) > 0),
  sortsFirst: () => kept((value, best) => compareValues(value, best) < 0),
  sortsLast: () => kept((value, best) => compareValues(value, best) > 0),
  earliest: () => kept((_value, _best, at, bestAt) => at < bestAt),
  latest: () => kept((_value, _best, at, bestAt) => at >= bestAt),
};

/** A new aggregate. `pct` is made by `Percentiles`. */
export const aggregateOf = (name: string): Aggregate => AGGREGATES[name]!();

/** The numbers of each group, for any number of percentiles of them. */
export class Percentiles {
  readonly #groups: (Samples | undefined)[] = [];

  add(group: number, value: Value): void {
    const number = numberOf(value);
    if (!Number.isNaN(number)) (this.#groups[group] ??= new Samples()).add(number);
  }

  /** `percent` is from 0 to 100. */
  at(group: number, percent: number): Value {
    return this.#groups[group]?.percentile(percent);
  }
}

class Samples {
  #values = new Float64Array(4);
  #count = 0;
  #isSorted = false;

  add(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(2 * this.#count);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count++] = value;
  }

  /**
   * Exact, with linear interpolation between the two nearest values. AWS's percentiles are approximations, and their
   * method is not documented. No value may be added afterwards.
   */
  percentile(percent: number): number {
    const values = this.#values.subarray(0, this.#count);
    if (!this.#isSorted) values.sort();
    this.#isSorted = true;
    const place = (percent / 100) * (this.#count - 1);
    const below = Math.floor(place);
    const [low, high] = [values[below]!, values[Math.min(below + 1, this.#count - 1)]!];
    return low + (high - low) * (place - below);
  }
}
