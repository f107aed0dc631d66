// Periods: which a client may ask for, and how points are gathered into them. Pure.
//
// Periods are counted from the start of the range, which is rounded down by its age; not from midnight.

import { Aggregate, type Point } from './point.ts';
import { finestAtAge, floorTo } from './resolution.ts';

const SHORT_PERIODS = new Set([1, 5, 10, 20, 30]);
const LONGEST_PERIOD = 455 * 86_400;

export const isPeriod = (period: number): boolean =>
  SHORT_PERIODS.has(period) ||
  (Number.isInteger(period) && period >= 60 && period % 60 === 0 && period <= LONGEST_PERIOD);

export interface Range {
  /** Seconds since the epoch. */
  from: number;
  /** Exclusive. */
  to: number;
}

/** Times in milliseconds, `now` in seconds. AWS: how far the start is rounded depends on its age and on the period. */
export function rangeOf(start: number, end: number, period: number, now: number): Range {
  const from = start / 1000;
  const finest = finestAtAge(now - from) ?? 3_600;
  const step = period < 60 ? period : Math.max(60, finest);
  return { from: floorTo(from, step), to: Math.ceil(end / 1000) };
}

/** Points of so fine a resolution, at most, as can be seen at their age in such a period. */
export function isVisible(point: Point & { resolution: number }, period: number, now: number): boolean {
  const finest = finestAtAge(now - point.at);
  return finest !== undefined && period % Math.max(finest, point.resolution) === 0;
}

/** By the beginning of each period that has points, in order of time. */
export function gather(
  points: Iterable<Point & { resolution: number }>,
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
