// The resolution at which points are stored: as they grow older, they are aggregated over longer periods. Pure.

import { Aggregate, type Point } from './point.ts';

/** How points of one resolution are stored. */
export interface Tier {
  /** Seconds that one point aggregates. */
  resolution: number;
  /** Seconds after which a point moves to the next tier, or is removed. */
  keepSeconds: number;
  /** Seconds that one block covers. */
  blockSeconds: number;
  /** Whether the values are stored, for percentiles. Only for 15 days, to save space. */
  keepsValues: boolean;
}

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** AWS: keeps seconds for 3 hours, minutes for 15 days, 5 minutes for 63 days and hours for 455 days. */
export const TIERS: readonly Tier[] = [
  { resolution: 1, keepSeconds: 3 * HOUR, blockSeconds: HOUR / 6, keepsValues: true },
  { resolution: 60, keepSeconds: 15 * DAY, blockSeconds: 2 * HOUR, keepsValues: true },
  { resolution: 300, keepSeconds: 63 * DAY, blockSeconds: DAY, keepsValues: false },
  { resolution: HOUR, keepSeconds: 455 * DAY, blockSeconds: 15 * DAY, keepsValues: false },
];

/** Seconds: high resolution. */
export const FINEST = 1;
/** Seconds: standard resolution. */
export const DEFAULT_RESOLUTION = 60;

/** The tier with this resolution, which must exist. */
export const tierOf = (resolution: number): Tier => TIERS.find((tier) => tier.resolution === resolution)!;

/** The tier of older points; `undefined` after the last one. */
export const nextTier = (tier: Tier): Tier | undefined => TIERS[TIERS.indexOf(tier) + 1];

/** The finest visible period, in seconds, of points of this age; `undefined` if they are no longer visible. */
export const finestAtAge = (ageSeconds: number): number | undefined =>
  TIERS.find((tier) => ageSeconds <= tier.keepSeconds)?.resolution;

/** Rounds down to a multiple of `step`. */
export const floorTo = (seconds: number, step: number): number => Math.floor(seconds / step) * step;

/** The beginning of the block that contains the time. */
export const blockStart = (tier: Tier, at: number): number => floorTo(at, tier.blockSeconds);

/** Whether all points of the block are too old for its tier. */
export const isOver = (tier: Tier, start: number, now: number): boolean =>
  start + tier.blockSeconds < now - tier.keepSeconds;

/** Aggregates the points of one metric over `resolution` seconds, apart for each unit; sorted by time. */
export function aggregated(points: Iterable<Point>, resolution: number): Point[] {
  const single = new Map<number, Point>();
  const several = new Map<number, Aggregate>();
  const keyOf = (point: Point) => floorTo(point.at, resolution) * 32 + point.unit;
  for (const point of points) {
    const key = keyOf(point);
    const first = single.get(key);
    if (!first) {
      single.set(key, point);
      continue;
    }
    let aggregate = several.get(key);
    if (!aggregate) {
      several.set(key, (aggregate = new Aggregate()));
      aggregate.add(first);
    }
    aggregate.add(point);
  }
  return [...single.keys()]
    .sort((a, b) => a - b)
    .map((key) => {
      const at = Math.floor(key / 32);
      const point = single.get(key)!;
      const aggregate = several.get(key);
      if (aggregate) return aggregate.point(at, point.unit);
      return point.at === at ? point : { ...point, at };
    });
}
