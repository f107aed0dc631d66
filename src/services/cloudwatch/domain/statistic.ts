// Statistics: their names, and their values for aggregated points. Pure.
//
// AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html

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

const NUMBER = String.raw`\d{1,15}(?:\.\d{1,10})?`;
const PERCENT = String.raw`(?:\d{1,2}(?:\.\d{1,10})?|100(?:\.0{1,10})?)`;
const PERCENTILE = new RegExp(`^p(${PERCENT})$`);
/** `tm90` is `TM(:90%)`. */
const UP_TO = new RegExp(`^(tm|tc|ts|wm)(${PERCENT})$`);
const BETWEEN_PERCENTS = new RegExp(`^(TM|TC|TS|WM)\\((${PERCENT}%)?:(${PERCENT}%)?\\)$`);
const BETWEEN_VALUES = new RegExp(`^(TM|TC|TS|WM|PR)\\((-?${NUMBER})?:(-?${NUMBER})?\\)$`);

/** For a member that takes only basic statistics; `undefined` for an unknown name. */
export const basicStatistic = (name: string): Statistic | undefined =>
  Object.hasOwn(BASIC, name) ? BASIC[name] : undefined;

/** For a member that takes only percentiles and trimmed statistics; `undefined` for an unknown name. */
export function extendedStatistic(name: string): Statistic | undefined {
  const percent = PERCENTILE.exec(name)?.[1];
  if (percent !== undefined)
    return ofValues((values) => valueAtRank(values, rankOf(Number(percent), values)));
  if (name === 'IQM') return trimmed('TM', 25, 75);
  const upTo = UP_TO.exec(name);
  if (upTo) return trimmed(upTo[1]!.toUpperCase(), 0, Number(upTo[2]));
  const percents = BETWEEN_PERCENTS.exec(name);
  if (percents && (percents[2] ?? percents[3]) !== undefined)
    return trimmed(
      percents[1]!,
      Number.parseFloat(percents[2] ?? '0'),
      Number.parseFloat(percents[3] ?? '100'),
    );
  const values = BETWEEN_VALUES.exec(name);
  if (values && (values[2] ?? values[3]) !== undefined)
    return bounded(values[1]!, Number(values[2] ?? '-Infinity'), Number(values[3] ?? 'Infinity'));
  return undefined;
}

/** For a member that takes both kinds; `undefined` for an unknown name. */
export const anyStatistic = (name: string): Statistic | undefined =>
  basicStatistic(name) ?? extendedStatistic(name);

/** In ascending order, with the number of their occurrences. Never empty. */
type Values = readonly (readonly [value: number, count: number])[];

/** AWS: there are none of these statistics if the values are unknown or one of them is negative. */
const ofValues =
  (compute: (values: Values) => number | undefined): Statistic =>
  (aggregate) => {
    const { minimum, maximum } = aggregate;
    if (minimum < 0) return undefined;
    // Many values are stored rounded. The extremes are exact.
    const values = aggregate
      .values()
      ?.map(([value, count]) => [Math.min(Math.max(value, minimum), maximum), count] as const);
    return values && values.length > 0 ? compute(values) : undefined;
  };

const SUMMARIES: Record<string, (values: Values) => number | undefined> = {
  TM: (values) => (values.length === 0 ? undefined : sumOf(values) / countOf(values)),
  TC: countOf,
  TS: sumOf,
};

/** The values between two percentages of their number, from least to greatest. */
function trimmed(kind: string, lower: number, upper: number): Statistic {
  return ofValues((values) => {
    const first = countOf(values) * (lower / 100);
    const from = Math.floor(first + TOLERANCE);
    const to = rankOf(upper, values);
    if (to <= from) return kind === 'TC' || kind === 'TS' ? 0 : undefined;
    if (kind !== 'WM') return SUMMARIES[kind]!(ofRanks(values, from, to));
    return winsorized(values, valueAtRank(values, from + 1), valueAtRank(values, to));
  });
}

/** AWS: the lower bound is exclusive, the upper one inclusive. */
function bounded(kind: string, lower: number, upper: number): Statistic {
  return ofValues((values) => {
    if (kind === 'WM') return winsorized(values, lower, upper);
    const inside = values.filter(([value]) => value > lower && value <= upper);
    if (kind === 'PR') return (100 * countOf(inside)) / countOf(values);
    return SUMMARIES[kind]!(inside);
  });
}

/** The mean, where values outside of the bounds count as the bound. */
const winsorized = (values: Values, lower: number, upper: number): number =>
  sumOf(values.map(([value, count]) => [Math.min(Math.max(value, lower), upper), count] as const)) /
  countOf(values);

/** Absorbs the rounding errors of divisions by 100. */
const TOLERANCE = 1e-9;

/** The rank, from 1, of the least value that at least `percent` per cent of all values do not exceed. */
const rankOf = (percent: number, values: Values): number =>
  Math.ceil((countOf(values) * percent) / 100 - TOLERANCE);

function valueAtRank(values: Values, rank: number): number {
  let reached = 0;
  for (const [value, count] of values) {
    reached += count;
    if (reached >= rank) return value;
  }
  return values.at(-1)![0];
}

/** Those with ranks above `from` and up to `to`. */
function ofRanks(values: Values, from: number, to: number): Values {
  let before = 0;
  return values.flatMap(([value, count]) => {
    const inside = Math.min(before + count, to) - Math.max(before, from);
    before += count;
    return inside > 0 ? [[value, inside] as const] : [];
  });
}

function countOf(values: Values): number {
  return values.reduce((all, [, count]) => all + count, 0);
}

function sumOf(values: Values): number {
  return values.reduce((all, [value, count]) => all + value * count, 0);
}
