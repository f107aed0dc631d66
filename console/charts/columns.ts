// Series as columns over common times, as uPlot takes them; stacked ones on top of each other. Pure.

import type { Series } from '../../src/console/contract.ts';

/** Times, and for each series a value or null at each of them. */
export interface Columns {
  times: number[];
  values: (number | null)[][];
}

/** The columns of series that may have different times. */
export function columnsOf(series: readonly Series[]): Columns {
  const times = [...new Set(series.flatMap((one) => one.times))].sort((a, b) => a - b);
  const places = new Map(times.map((time, index) => [time, index]));
  const values = series.map((one) => {
    const column = Array<number | null>(times.length).fill(null);
    for (const [index, time] of one.times.entries()) column[places.get(time)!] = one.values[index] ?? null;
    return column;
  });
  return { times, values };
}

/**
 * Each series on top of those before it. Hidden ones and missing values add nothing, and a series is drawn from its first
 * value to its last: a node that does not exist yet has no line on top of the others.
 */
export function stacked({ times, values }: Columns, isShown: readonly boolean[]): Columns {
  const total = Array<number>(times.length).fill(0);
  return {
    times,
    values: values.map((column, index) => {
      if (!isShown[index]) return column.map(() => null);
      const first = column.findIndex((value) => value !== null);
      const last = column.findLastIndex((value) => value !== null);
      return column.map((value, place) => {
        if (place < first || place > last) return null;
        total[place] = total[place]! + (value ?? 0);
        return total[place]!;
      });
    }),
  };
}

/** The numbers of a series; `undefined` for one without values. */
export interface Summary {
  last: number;
  min: number;
  max: number;
  mean: number;
  sum: number;
}

export function summaryOf(values: readonly number[]): Summary | undefined {
  if (values.length === 0) return undefined;
  let [min, max, sum] = [values[0]!, values[0]!, 0];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  return { last: values.at(-1)!, min, max, sum, mean: sum / values.length };
}

/** The limits of an axis: those given, else around the values and lines; from zero where that costs little. */
export function limitsOf(
  found: readonly [min: number, max: number] | undefined,
  lines: readonly number[],
  given: { min?: number; max?: number },
): [min: number, max: number] {
  const all = [...(found ?? []), ...lines];
  let min = all.length > 0 ? Math.min(...all) : 0;
  let max = all.length > 0 ? Math.max(...all) : 1;
  if (min > 0 && min < max * 0.6) min = 0;
  if (min === max) {
    const margin = min === 0 ? 1 : Math.abs(min) * 0.1;
    if (min !== 0) min -= margin;
    max += margin;
  } else {
    const margin = (max - min) * 0.08;
    if (min !== 0) min -= margin;
    if (max !== 0) max += margin;
  }
  min = given.min ?? min;
  max = given.max ?? max;
  return max > min ? [min, max] : [min, min + 1];
}
