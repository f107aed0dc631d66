// Statistics: their names, and their values for aggregated points. Pure.

import type { Aggregate } from './point.ts';

/** `undefined` if the aggregate does not have it, such as a percentile of unknown values. */
export type Statistic = (aggregate: Aggregate) => number | undefined;

/** AWS's basic statistics by name. */
export const BASIC: Record<string, Statistic> = {
  SampleCount: ({ count }) => count,
  Average: ({ sum, count }) => sum / count,
  Sum: ({ sum }) => sum,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
};

const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,10})?|100(?:\.0{1,10})?)$/;
/** Statistics that AWS has and Millpond does not compute. */
const TRIMMED = /^(?:(?:tm|tc|ts|wm)\d{1,2}(?:\.\d{1,10})?|IQM|(?:TM|TC|TS|WM|PR)\([\d.%:]{1,40}\))$/;

/** What a name stands for. `uncomputed`: AWS has the statistic and Millpond does not. */
export type Named = { kind: 'known'; of: Statistic } | { kind: 'uncomputed' } | { kind: 'unknown' };

/** For a member that takes only basic statistics. */
export function basicStatistic(name: string): Named {
  return Object.hasOwn(BASIC, name) ? { kind: 'known', of: BASIC[name]! } : { kind: 'unknown' };
}

/** For a member that takes only percentiles and the like. */
export function extendedStatistic(name: string): Named {
  const percent = PERCENTILE.exec(name)?.[1];
  if (percent !== undefined)
    return { kind: 'known', of: (aggregate) => percentile(aggregate, Number(percent)) };
  return { kind: TRIMMED.test(name) ? 'uncomputed' : 'unknown' };
}

/** For a member that takes both kinds. */
export function anyStatistic(name: string): Named {
  const basic = basicStatistic(name);
  return basic.kind === 'known' ? basic : extendedStatistic(name);
}

/** The least value that at least `percent` per cent of all values do not exceed. */
function percentile(aggregate: Aggregate, percent: number): number | undefined {
  const values = aggregate.values();
  // AWS: there are no percentiles if a value is negative.
  if (!values || aggregate.minimum < 0) return undefined;
  if (percent === 0) return aggregate.minimum;
  const wanted = (aggregate.count * percent) / 100;
  let reached = 0;
  for (const [value, count] of values) {
    reached += count;
    // The tolerance absorbs rounding errors of the division by 100.
    if (reached >= wanted - 1e-9) return within(value, aggregate);
  }
  return aggregate.maximum;
}

/** Keeps a rounded value within the exact extremes. */
const within = (value: number, { minimum, maximum }: Aggregate): number =>
  Math.min(Math.max(value, minimum), maximum);
