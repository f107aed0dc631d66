// Periods: which are valid, and how points are aggregated into them. Pure.
//
// Periods are counted from the start of the range, not from midnight. The start is rounded down, depending on its
// age.

import { Aggregate, type Point } from './point.ts';
import { finestAtAge, floorTo } from './resolution.ts';

const SHORT_PERIODS = new Set([1, 5, 10, 20, 30]);
const LONGEST_PERIOD = 455 * 86_400;

/** In seconds. AWS: 1, 5, 10, 20, 30 or a multiple of 60. */
export const isPeriod = (period: number): boolean =>
  SHORT_PERIODS.has(period) ||
  (Number.isInteger(period) && period >= 60 && period % 60 === 0 && period <= LONGEST_PERIOD);

/** A range of time, in seconds since the epoch. */
export interface Range {
  /** Inclusive. */
  from: number;
  /** Exclusive. */
  to: number;
}

/**
 * `start` and `end` are in milliseconds, `now` in seconds. AWS: how far the start is rounded depends on its age and
 * on the period.
 */
export function rangeOf(start: number, end: number, period: number, now: number): Range {
  const from = start / 1000;
  const finest = finestAtAge(now - from) ?? 3_600;
  const step = period < 60 ? period : Math.max(60, finest);
  return { from: floorTo(from, step), to: Math.ceil(end / 1000) };
}

/**
 * Whether points of this age are returned for the period. `now` is in seconds.
 *
 * AWS: with a period below a minute, a metric of whole minutes has its values in the periods that begin with the minute,
 * and none in the others (PutMetricAlarm's reference, on `Period`).
 */
export function isVisible(point: Point, period: number, now: number): boolean {
  const finest = finestAtAge(now - point.at);
  return finest !== undefined && period % finest === 0;
}

/** Beginning of the period -> aggregate, for each period with points, in order of time. */
export function gather(
  points: Iterable<Point>,
  range: Range,
  period: number,
  now: number,
): Map<number, Aggregate> {
  const periods = new Map<number, Aggregate>();
  for (const point of points) {
    if (point.at < range.from || point.at >= range.to || !isVisible(point, period, now)) continue;
    const at = range.from + floorTo(point.at - range.from, period);
    let aggregate = periods.get(at);
    if (!aggregate) periods.set(at, (aggregate = new Aggregate()));
    aggregate.add(point);
  }
  return new Map([...periods].sort(([a], [b]) => a - b));
}
