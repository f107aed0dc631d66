// Statistics: their names, and their values for points summed up. Pure.

import type { Aggregate } from './point.ts';

/** `undefined` when it cannot be told of these points. */
export type Statistic = (aggregate: Aggregate) => number | undefined;

export const BASIC: Record<string, Statistic> = {
  SampleCount: ({ count }) => count,
  Average: ({ sum, count }) => sum / count,
  Sum: ({ sum }) => sum,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
};

const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,10})?|100(?:\.0{1,10})?)$/;
/** AWS has them; Millpond does not compute them. */
const TRIMMED = /^(?:(?:tm|tc|ts|wm)\d{1,2}(?:\.\d{1,10})?|IQM|(?:TM|TC|TS|WM|PR)\([\d.%:]{1,40}\))$/;

export type Named = { kind: 'known'; of: Statistic } | { kind: 'uncomputed' } | { kind: 'unknown' };

export function basicStatistic(name: string): Named {
  return Object.hasOwn(BASIC, name) ? { kind: 'known', of: BASIC[name]! } : { kind: 'unknown' };
}

export function extendedStatistic(name: string): Named {
  const percent = PERCENTILE.exec(name)?.[1];
  if (percent !== undefined)
    return { kind: 'known', of: (aggregate) => percentile(aggregate, Number(percent)) };
  return { kind: TRIMMED.test(name) ? 'uncomputed' : 'unknown' };
}

export function anyStatistic(name: string): Named {
  const basic = basicStatistic(name);
  return basic.kind === 'known' ? basic : extendedStatistic(name);
}

/** The least value that so many per cent of all are not above. */
function percentile(aggregate: Aggregate, percent: number): number | undefined {
  const values = aggregate.values();
  // AWS: there are no percentiles where a value is negative.
  if (!values || aggregate.minimum < 0) return undefined;
  if (percent === 0) return aggregate.minimum;
  const wanted = (aggregate.count * percent) / 100;
  let reached = 0;
  for (const [value, count] of values) {
    reached += count;
    // Shares of a hundred are no binary fractions.
    if (reached >= wanted - 1e-9) return within(value, aggregate);
  }
  return aggregate.maximum;
}

/** Values that were rounded lie no further out than the true ones. */
const within = (value: number, { minimum, maximum }: Aggregate): number =>
  Math.min(Math.max(value, minimum), maximum);
