// How finely points are kept, and for how long: as they grow older they are summed up over longer periods. Pure.

import { Aggregate, type Point } from './point.ts';

export interface Tier {
  /** Seconds that one point sums up. */
  resolution: number;
  /** Points older than this are of the next tier, or gone. Seconds. */
  keepSeconds: number;
  /** What lies in one block, in seconds. */
  blockSeconds: number;
  /** Whether percentiles can still be told: for 15 days, lest the past take more room than the present. */
  keepsValues: boolean;
}

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** AWS: seconds for 3 hours, minutes for 15 days, 5 minutes for 63 days, hours for 455 days. */
export const TIERS: readonly Tier[] = [
  { resolution: 1, keepSeconds: 3 * HOUR, blockSeconds: HOUR / 6, keepsValues: true },
  { resolution: 60, keepSeconds: 15 * DAY, blockSeconds: 2 * HOUR, keepsValues: true },
  { resolution: 300, keepSeconds: 63 * DAY, blockSeconds: DAY, keepsValues: false },
  { resolution: HOUR, keepSeconds: 455 * DAY, blockSeconds: 15 * DAY, keepsValues: false },
];

export const FINEST = 1;
export const USUAL = 60;

export const tierOf = (resolution: number): Tier => TIERS.find((tier) => tier.resolution === resolution)!;

export const nextTier = (tier: Tier): Tier | undefined => TIERS[TIERS.indexOf(tier) + 1];

/** The finest period, in seconds, in which something so old can be seen; `undefined` when it cannot any more. */
export const finestAtAge = (ageSeconds: number): number | undefined =>
  TIERS.find((tier) => ageSeconds <= tier.keepSeconds)?.resolution;

export const floorTo = (seconds: number, step: number): number => Math.floor(seconds / step) * step;

export const blockStart = (tier: Tier, at: number): number => floorTo(at, tier.blockSeconds);

/** Whether a block has nothing in it that could still be seen so finely. */
export const isOver = (tier: Tier, start: number, now: number): boolean =>
  start + tier.blockSeconds < now - tier.keepSeconds;

/** The points of one metric, from however many sources, summed up over `resolution` seconds; sorted by time. */
export function summedUp(points: Iterable<Point>, resolution: number): Point[] {
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
