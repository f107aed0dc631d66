// The aggregates of `stats`: each collects the values of one group and results in one value. Pure.

import { compareValues, numberOf, textOf, type Value } from './values.ts';

/** Collects values. `at` is the event's time, in milliseconds since the epoch. */
export interface Aggregate {
  add(value: Value, at: number): void;
  result(): Value;
}

type Make = (...parameters: Value[]) => Aggregate;

/** Of numbers: calls `add` with each value that is one. */
const ofNumbers = (add: (value: number) => void, result: () => Value): Aggregate => ({
  add(value) {
    const number = typeof value === 'number' ? value : numberOf(value);
    if (!Number.isNaN(number)) add(number);
  },
  result,
});

/** Keeps one of the values. `isBetter` compares a value with the kept one. */
function kept(isBetter: (value: Value, at: number, best: Value, bestAt: number) => boolean): Aggregate {
  let best: Value;
  let bestAt = 0;
  return {
    add(value, at) {
      if (value === undefined || (best !== undefined && !isBetter(value, at, best, bestAt))) return;
      [best, bestAt] = [value, at];
    },
    result: () => best,
  };
}

/** By the name of the function. */
const AGGREGATES: Readonly<Record<string, Make>> = {
  count() {
    let count = 0;
    return {
      add(value) {
        if (value !== undefined) count++;
      },
      result: () => count,
    };
  },
  count_distinct() {
    const found = new Set<number | string>();
    return {
      add(value) {
        if (value !== undefined) found.add(typeof value === 'number' ? value : textOf(value));
      },
      result: () => found.size,
    };
  },
  sum() {
    let [sum, count] = [0, 0];
    return ofNumbers(
      (value) => {
        sum += value;
        count++;
      },
      () => (count === 0 ? undefined : sum),
    );
  },
  avg() {
    let [sum, count] = [0, 0];
    return ofNumbers(
      (value) => {
        sum += value;
        count++;
      },
      () => (count === 0 ? undefined : sum / count),
    );
  },
  // The deviation of the values themselves, by Welford's method. AWS does not say which one it means.
  stddev() {
    let [count, mean, squares] = [0, 0, 0];
    return ofNumbers(
      (value) => {
        count++;
        const distance = value - mean;
        mean += distance / count;
        squares += distance * (value - mean);
      },
      () => (count === 0 ? undefined : Math.sqrt(squares / count)),
    );
  },
  min: () => kept((value, _at, best) => compareValues(value, best) < 0),
  max: () => kept((value, _at, best) => compareValues(value, best) > 0),
  sortsFirst: () => kept((value, _at, best) => compareValues(value, best) < 0),
  sortsLast: () => kept((value, _at, best) => compareValues(value, best) > 0),
  earliest: () => kept((_value, at, _best, bestAt) => at < bestAt),
  latest: () => kept((_value, at, _best, bestAt) => at >= bestAt),
};

/** A new aggregate. `pct` is made by `Percentiles`. */
export const aggregateOf = (name: string): Aggregate => AGGREGATES[name]!();

/** The numbers of one group, for any number of percentiles of them. */
export class Percentiles {
  #values = new Float64Array(16);
  #count = 0;
  #isSorted = false;

  add(value: Value): void {
    const number = typeof value === 'number' ? value : numberOf(value);
    if (Number.isNaN(number)) return;
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(2 * this.#count);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#count++] = number;
    this.#isSorted = false;
  }

  /**
   * Exact, with linear interpolation between the two nearest values. AWS's percentiles are approximations, and their
   * method is not documented.
   */
  at(percent: number): Value {
    if (this.#count === 0) return undefined;
    const values = this.#values.subarray(0, this.#count);
    if (!this.#isSorted) values.sort();
    this.#isSorted = true;
    const place = (Math.min(100, Math.max(0, percent)) / 100) * (this.#count - 1);
    const below = Math.floor(place);
    const [low, high] = [values[below]!, values[Math.min(below + 1, this.#count - 1)]!];
    return low + (high - low) * (place - below);
  }
}
