// The period of a graph. Pure.

import { finestAtAge } from '../domain/resolution.ts';
import type { TimeSpan } from './time-span.ts';

/** AWS: the default period of a widget, in seconds. */
export const DEFAULT_PERIOD = 300;
/** AWS does not document how periods adapt to the range; Millpond keeps to as many values as GetMetricStatistics. */
const MOST_VALUES = 1_440;
const LONGER = [60, 300, 900, 3_600, 6 * 3_600, 86_400];

/**
 * In seconds. With `auto`, AWS's default, the period is longer than `own` where the range needs it; with `inherit` it is
 * `own`; a number is the period itself. `now` is in milliseconds.
 */
export function periodFor(
  own: number,
  override: 'auto' | 'inherit' | number,
  span: TimeSpan,
  now: number,
): number {
  if (override !== 'auto') return override === 'inherit' ? own : override;
  const rangeSeconds = (span.end - span.start) / 1000;
  const finest = finestAtAge((now - span.start) / 1000) ?? LONGER.at(-1)!;
  const fits = (period: number) => period % finest === 0 && rangeSeconds / period <= MOST_VALUES;
  return fits(own) ? own : (LONGER.find((period) => period > own && fits(period)) ?? LONGER.at(-1)!);
}

/** In seconds: one period for the whole range. */
export const wholeRange = ({ start, end }: TimeSpan): number =>
  Math.max(1, Math.ceil((end - start) / 60_000)) * 60;
