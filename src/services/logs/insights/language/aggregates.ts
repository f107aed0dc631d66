// The aggregates of `stats`: each collects the values of all groups, which are numbered from 0, and results in one value
// for each group. What they hold of a group is a few numbers. Pure.

import { ownText } from '../../segments/own-text.ts';
import { type QueryMemory, sizeOf } from './query-memory.ts';
import { compareValues, keyOf, numberOf, ownValue, type Value } from './values.ts';

/** Collects values by group. `at` is the event's time, in milliseconds since the epoch. */
export interface Aggregate {
  add(group: number, value: Value, at: number): void;
  result(group: number): Value;
}

/** Numbers by group, 0 at first. */
class Numbers {
  #values = new Float64Array(16);
  readonly #memory: QueryMemory;

  constructor(memory: QueryMemory) {
    this.#memory = memory;
  }

  get(group: number): number {
    return group < this.#values.length ? this.#values[group]! : 0;
  }

  add(group: number, value: number): void {
    if (group >= this.#values.length) {
      this.#memory.take(8 * (2 * group - this.#values.length));
      const larger = new Float64Array(2 * group);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[group] = this.#values[group]! + value;
  }
}

/** The bytes of a kept value's places in lists and of its time. */
const KEPT = 32;
/** The bytes of an entry of a set, of an empty set, and of no samples. */
const ENTRY = 40;
const SET = 200;
const SAMPLES = 250;

/** Keeps one value of each group. `isBetter` compares a value with the kept one. */
function kept(
  memory: QueryMemory,
  isBetter: (value: Value, best: Value, at: number, bestAt: number) => boolean,
): Aggregate {
  const best: Value[] = [];
  const bestAt: number[] = [];
  return {
    add(group, value, at) {
      if (value === undefined) return;
      const before = best[group];
      if (before !== undefined && !isBetter(value, before, at, bestAt[group]!)) return;
      if (before !== undefined) memory.free(KEPT + sizeOf(before));
      memory.take(KEPT + sizeOf(value));
      best[group] = ownValue(value);
      bestAt[group] = at;
    },
    result: (group) => best[group],
  };
}

/** Sums and counts the values that are numbers. */
function summed(memory: QueryMemory, result: (sum: number, count: number) => Value): Aggregate {
  const [sums, counts] = [new Numbers(memory), new Numbers(memory)];
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
const AGGREGATES: Readonly<Record<string, (memory: QueryMemory) => Aggregate>> = {
  count(memory) {
    const counts = new Numbers(memory);
    return {
      add(group, value) {
        if (value !== undefined) counts.add(group, 1);
      },
      result: (group) => counts.get(group),
    };
  },
  count_distinct(memory) {
    const found: (Set<number | string> | undefined)[] = [];
    return {
      add(group, value) {
        if (value === undefined) return;
        let values = found[group];
        if (!values) {
          memory.take(SET);
          found[group] = values = new Set();
        }
        const key = keyOf(value)!;
        if (values.has(key)) return;
        memory.take(ENTRY + sizeOf(key));
        values.add(typeof key === 'number' ? key : ownText(key));
      },
      result: (group) => found[group]?.size ?? 0,
    };
  },
  sum: (memory) => summed(memory, (sum) => sum),
  avg: (memory) => summed(memory, (sum, count) => sum / count),
  // Of all values, not of a sample, by Welford's method. AWS does not say which one it means.
  stddev(memory) {
    const [counts, means, squares] = [new Numbers(memory), new Numbers(memory), new Numbers(memory)];
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
  min: (memory) => kept(memory, (value, best) => compareValues(value, best) < 0),
  max: (memory) => kept(memory, (value, best) => compareValues(value, best) > 0),
  sortsFirst: (memory) => kept(memory, (value, best) => compareValues(value, best) < 0),
  sortsLast: (memory) => kept(memory, (value, best) => compareValues(value, best) > 0),
  earliest: (memory) => kept(memory, (_value, _best, at, bestAt) => at < bestAt),
  latest: (memory) => kept(memory, (_value, _best, at, bestAt) => at >= bestAt),
};

/** A new aggregate. `pct` is made by `Percentiles`. */
export const aggregateOf = (name: string, memory: QueryMemory): Aggregate => AGGREGATES[name]!(memory);

/** The numbers of each group, for any number of percentiles of them. */
export class Percentiles {
  readonly #groups: (Samples | undefined)[] = [];
  readonly #memory: QueryMemory;

  constructor(memory: QueryMemory) {
    this.#memory = memory;
  }

  add(group: number, value: Value): void {
    const number = numberOf(value);
    if (!Number.isNaN(number)) (this.#groups[group] ??= new Samples(this.#memory)).add(number);
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
  readonly #memory: QueryMemory;

  constructor(memory: QueryMemory) {
    this.#memory = memory;
    memory.take(SAMPLES);
  }

  add(value: number): void {
    if (this.#count === this.#values.length) {
      this.#memory.take(8 * this.#count);
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
